"""Sentences about accounts: the list, a page per account, and news of their sign-ins."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

NEWS: Sentences = {
    "account_needs_sign_in": (
        "🔑 <b>{account}</b> ({platform}) must be connected again: {why}. Its videos wait and go "
        "on by themselves afterwards."
    ),
    "account_login_loop": (
        "🔁 <b>{account}</b> ({platform}) was connected several times within an hour, and each "
        "time the new sign-in was refused soon: {why}. Signing in once more will hardly help. "
        "Likely causes: another program uses the same sign-in, the application is still in "
        "testing at the platform (there a sign-in lasts 7 days), the application was removed in "
        "the account's settings, or its secret was changed. Look there first; nothing is tried "
        "until somebody connects it."
    ),
    "account_sign_in_ends": {
        "one": (
            "⏳ The sign-in of <b>{account}</b> ({platform}) ends within a day, and {platform} "
            "does not renew it. Connect it again now, then no video has to wait."
        ),
        "other": (
            "⏳ The sign-in of <b>{account}</b> ({platform}) ends in {count} days, and {platform} "
            "does not renew it. Connect it again when it suits you."
        ),
    },
    "wait_paused": "⏸ {place}: the account is paused; it goes on when somebody resumes it",
}

LIST: Sentences = {
    "cmd_accounts": "connected accounts",
    "accounts_head": "<b>Accounts</b> · {accounts}, page {page} of {pages}",
    "accounts_line": "{mark} <b>{account_id}</b> · {platform} · {name}: {state}",
    "accounts_none": "No account is connected. /connect does that.",
    "count_accounts": {"one": "one account", "other": "{count} accounts"},
    "account_mark_ok": "✅",
    "account_mark_warn": "⚠️",
    "account_mark_paused": "⏸",
    "account_mark_reconnect": "🔑",
    "account_mark_resting": "💤",
    "account_state_ok": "ready",
    "account_state_warn": "ready, but look at it",
    "account_state_paused": "paused",
    "account_state_reconnect": "must be connected again",
    "account_state_resting": "rests until {until}",
}

PAGE: Sentences = {
    "account_head": "{mark} <b>{name}</b> · {platform} · account {account_id}",
    "account_says_ok": "Ready to publish.",
    "account_says_warn": "Ready to publish, but look at what stands below.",
    "account_says_paused": "Paused: nothing new begins. What waits goes on when it is resumed.",
    "account_says_reconnect": "Must be connected again: {trouble}. Its videos wait until then.",
    "account_says_resting": "Rests until {until} after failures or to keep a pause.",
    "account_refused": "its sign-in is refused",
    "account_renews": "Sign-in: renews itself; the present one lasts until {until}.",
    "account_renews_until": (
        "Sign-in: renews itself, until {end} at the latest; then connect it again."
    ),
    "account_good_until": "Sign-in: good until {end}; then connect it again.",
    "account_no_end": "Sign-in: no end of it is known.",
    "account_renewed": "Renewed last: {at}.",
    "account_lacks": "Not allowed at the sign-in, so this does not work: {what}.",
    "account_cannot_publish": "publishing ({scopes})",
    "account_last_live": "Last video: live, {at}. {url}",
    "account_last_failed": "Last video: failed, {at}. {why}",
    "account_last_cancelled": "Last video: cancelled, {at}.",
    "account_last_none": "No video has ended here yet.",
    "account_score": "Lately {score} % went well.",
    "account_is_target": "A video without a <b>to:</b> line goes here too.",
    "account_no_target": "Only videos that name it go here.",
    "account_defaults": "Defaults: {defaults}.",
    "account_no_defaults": "No defaults of its own.",
    "account_default": "{word} {value}",
    "account_from_settings": "It stands in config.py.",
    "account_checked": "✔️ Checked just now: it works.",
    "account_check_failed": "✖️ Checked just now: {why}.",
    "account_pause_note": "What is being sent right now is finished.",
    "account_rename_how": "Write the new name: <code>/account {account_id} name New name</code>",
    "account_tags_how": (
        "Write its tags: <code>/account {account_id} tags one, two</code>, or a dash instead of "
        "them for none."
    ),
    "account_disconnect_ask": (
        "Disconnect <b>{name}</b> ({platform})? Karvon gives its access back and forgets the "
        "sign-in. Nothing waits for it, and what is live stays live."
    ),
    "account_disconnect_ask_waiting": (
        "Disconnect <b>{name}</b> ({platform})? Karvon gives its access back, forgets the "
        "sign-in, and what waits for it fails: {waiting}. What is live stays live."
    ),
    "account_gone": "🔌 <b>{name}</b> ({platform}) is disconnected; its sign-in is forgotten.",
    "account_gone_by_hand": (
        "The access could not be given back: {why}. Take it away yourself: {remove_at}."
    ),
    "account_gone_uploads": "{failed} that waited for it failed.",
    "account_gone_returns": (
        "It stands in config.py and comes back at the next start. Remove it there too."
    ),
}

BUTTONS: Sentences = {
    "button_reconnect": "🔑 Connect again",
    "button_account": "{mark} {name}",
    "button_account_pause": "⏸ Pause",
    "button_account_resume": "▶️ Resume",
    "button_account_check": "🔎 Check now",
    "button_account_target_on": "🎯 Target: yes",
    "button_account_target_off": "🎯 Target: only by name",
    "button_account_default": "{word}: {value}",
    "button_account_rename": "✏️ Rename",
    "button_account_tags": "#️⃣ Tags",
    "button_account_disconnect": "🔌 Disconnect",
    "button_account_leave": "🔌 Yes, disconnect it",
    "button_account_keep": "No, keep it",
    "button_account_list": "‹ All accounts",
    "account_unset": "as usual",
}

REFUSALS: Sentences = {
    "account_unknown": "I know no account “{given}”. /accounts shows them all.",
    "account_ambiguous": "Several accounts are called “{given}”: {places}. Name the number.",
    "account_not_yours": "Only an admin or who connected this account can change it.",
    "account_not_pausable": (
        "<b>{account}</b> cannot be paused: it is paused already, or must be connected again "
        "first. /accounts shows which."
    ),
    "account_not_paused": "<b>{account}</b> is not paused. /accounts shows how it is.",
    "account_bad_name": (
        "Write a name of at most {limit} signs that is no number, such as <code>/account 3 name "
        "My channel</code>."
    ),
    "account_name_taken": "Account {account_id} of that platform is called “{name}” already.",
    "account_usage": (
        "Write the number of the account: <code>/account 3</code>. To change it, add one of: "
        "<code>name New name</code>, <code>privacy private</code>, <code>tags one, two</code>, "
        "<code>target on</code>, <code>pause</code>, <code>resume</code>, <code>check</code>, "
        "<code>disconnect</code>, or an option such as <code>ai yes</code>. A dash as value takes "
        "a default away. /accounts shows them all."
    ),
    "account_bad_value": "“{given}” is no value of {word}. It takes: {known}.",
    "account_no_value": (
        "Write a value behind {word}: {known}; or a dash to take the default away."
    ),
    "account_no_option": "{platform} has no option “{word}”. Known are: {known}.",
}

SENTENCES: Sentences = {**NEWS, **LIST, **PAGE, **BUTTONS, **REFUSALS}
