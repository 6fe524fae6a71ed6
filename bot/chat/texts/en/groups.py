"""Sentences about groups of accounts, the choice between them, and staged go-live."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

SENTENCES: Sentences = {
    "cmd_groups": "groups of accounts as one target",
    "groups_none": (
        "There are no groups yet. A group is one target for several accounts, such as "
        "<code>to: brand A</code>. Make one: <code>/groups new brand A</code>"
    ),
    "groups_head": "<b>Groups</b>",
    "group_line": "<b>{name}</b> · {rule} · {members}",
    "groups_more": {"one": "… and one more below", "other": "… and {count} more below"},
    "groups_tail": "Another one: <code>/groups new NAME</code>",
    "group_head": "<b>{name}</b>\nRule: {rule}\nPause between its accounts: {gap}",
    "group_how": (
        "Press an account to put it in or take it out. In captions: <code>to: {name}</code>"
    ),
    "group_deleted": "The group {name} is gone; its accounts stay connected.",
    "group_unknown": "I know no group “{given}”. /groups shows those there are.",
    "group_there": "There is a group {name} already. /groups shows it.",
    "group_name_taken": (
        "{name} is a target already, a platform or an account. Give the group another name."
    ),
    "group_bad_name": (
        "“{given}” cannot be the name of a group: 1 to {limit} signs, no comma, no colon. Write "
        "<code>/groups new brand A</code>"
    ),
    "group_empty": "The group {name} has no accounts. Put some in with /groups.",
    "groups_usage": "Write <code>/groups</code>, or <code>/groups new NAME</code>.",
    "count_members": {"one": "{count} account", "other": "{count} accounts"},
    "rule_all": "to every account",
    "rule_round_robin": "to one account on each platform, in turn",
    "rule_least_used": "to the least used account on each platform",
    "gap_none": "as in the settings",
    "button_group": "{name}",
    "button_member_in": "✅ {name}",
    "button_member_out": "➕ {name}",
    "button_group_rule": "Rule: {rule}",
    "button_group_gap": "Pause: {gap}",
    "button_group_delete": "Delete the group",
    "button_groups": "‹ All groups",
    "target_paused": "{target} is paused. Resume it with /accounts, or choose another target.",
    "choice_round_robin": "{chosen}: it is its turn",
    "choice_least_used": "{chosen}: it had the least to do",
    "choice_all": "{chosen}",
    "choice_cooldown": "{chosen}: {passed} cools down until {until}",
    "choice_gap": "{chosen}: {passed} keeps a pause between videos until {until}",
    "choice_quota": "{chosen}: the quota of {passed} is used up until {until}",
    "choice_paused": "{chosen}: {passed} is paused",
    "choice_left_out": "{passed}: paused and left out",
    "choice_reconnect": "{chosen}: {passed} must be connected again",
    "card_option_left_out": "ℹ️ {platform} has no such setting: {options}",
    "card_choice": "    ↳ {why}",
    "wait_rest": "😴 {place}: rests after failures until {until}",
    "wait_gap": "⏳ {place}: keeps a pause between videos until {until}",
    "wait_staged": "🎬 {place}: ready; goes live with the others at {until}",
    "wait_staged_open": "🎬 {place}: ready; goes live when all the others are",
    "wait_together": "🎬 {place}: ready; waits for your decision",
    "upload_scheduled": "🕒 {place}: uploaded; {platform} makes it public at {until}",
    "visibility_scheduled": "scheduled",
    "together_failed": (
        "Post {post_id} was to go live everywhere at once, but it failed on:\n{places}\nThe "
        "others are ready. Let them go live, or keep them back? 🔁 Retry under the card tries "
        "the failed ones again first."
    ),
    "together_decided": "That is decided already. /post {post_id} shows how it went on.",
    "together_going": "They go live now.",
    "together_staying": (
        "They are kept back: what was not published is cancelled, the rest stays hidden."
    ),
    "button_together_go": "Go live without it",
    "button_together_stay": "Keep them back",
    "event_staged": "{place}: ready to go live",
    "event_reassigned": "{place}: another account took over",
}
