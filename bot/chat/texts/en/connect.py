"""Sentences about connecting an account."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

ASKING: Sentences = {
    "cmd_connect": "connect a channel, page or profile",
    "connect_ask": "Which account do you want to connect?",
    "connect_ask_none": (
        "Nothing can be connected by a sign-in yet, only Telegram channels. What is missing:"
    ),
    "connect_missing_apps": "Not yet possible here:\n{lines}",
    "connect_missing_app": "• {login}: {why}",
    "connect_app_unset": (
        "set <code>oauth.{app}.client_id</code> and <code>oauth.{app}.client_secret</code>"
    ),
    "connect_app_needs_https": (
        "set <code>web.public_url</code> to an https address, or register the application as a "
        "desktop one"
    ),
    "connect_server_off": (
        "⚠️ The web server does not listen: another program has its address "
        "(<code>web.listen</code>). Sign-ins still work by copying an address, as told below "
        "each link."
    ),
    "connect_in_private": "Write /connect to me in our private chat: the link is for you alone.",
    "login_google": "YouTube",
    "login_tiktok": "TikTok",
    "login_instagram": "Instagram",
    "login_instagram_facebook": "Instagram through a Facebook page",
    "login_facebook": "Facebook page",
    "login_telegram": "Telegram channel",
    "button_login": "{login}",
    "button_connect_again": "🔗 New link",
    "button_sign_in": "🔗 Sign in",
    "button_sign_in_elsewhere": "📱 On this device",
    "connect_link": (
        "Sign in to <b>{login}</b> with the button. The link is for you alone, works once and "
        "until {until}."
    ),
    "connect_link_again": "It connects <b>{name}</b> again: sign in as that account.",
    "connect_link_both": (
        "Sign in to <b>{login}</b>. Both links are for you alone and work until {until}.\n\n"
        '💻 In a browser <b>on the computer where Karvon runs</b>: <a href="{url}">{url}</a>\n\n'
        "📱 On <b>any other device</b>: press the button and allow it. At the end a page cannot "
        "be opened; that is right. Copy its whole address from the browser and send it to me."
    ),
    "connect_link_paste": (
        "Sign in to <b>{login}</b> with the button; the link works until {until}. At the end a "
        "page cannot be opened; that is right. Copy its whole address from the browser and send "
        "it to me."
    ),
    "connect_link_failed": "The link could not be shown. Press the button again.",
    "connect_telegram": (
        "Make me an admin of the channel with the right to post; I notice it by myself. Or, when "
        "I am one already, forward me any post of the channel within {minutes} minutes."
    ),
}

OUTCOMES: Sentences = {
    "connected": (
        "✅ <b>Connected: {name}</b> ({platform}). Videos can be published there from now on."
    ),
    "connected_partly": (
        "✅ <b>Connected: {name}</b> ({platform}). Videos can be published there from now on. "
        "Not everything was allowed, so this will not work:\n{cannot}\nTo change that, connect "
        "it again and leave everything ticked."
    ),
    "without_scope_edit": "changing title and description later",
    "without_scope_delete": "removing a video",
    "without_scope_thumbnail": "changing the thumbnail",
    "without_scope_visibility": "changing who sees a video; going live with others at one minute",
    "without_scope_check": "looking whether a video is still up",
    "without_scope_statistics": "statistics",
    "without_scope_captions": "subtitle files",
    "without_scope_playlist": "putting a video into a playlist",
    "connect_choose": {
        "one": "This sign-in to {login} offers one account. Connect it?",
        "other": (
            "This sign-in to {login} offers {count} accounts. Which one? You can press several, "
            "one after the other."
        ),
    },
    "connect_chosen_all": "All of them are connected.",
    "connect_choose_more": "Connected. Press another one to connect it too.",
    "connect_not_checked": (
        "You are signed in, but {login} did not answer the last question, so nothing is "
        "connected yet. Press the name to ask again."
    ),
    "page_connected": "Connected",
    "page_almost": "Almost there",
    "page_not_connected": "Not connected",
    "page_choose": {
        "one": "Go back to the chat: it asks for the last step.",
        "other": "Go back to the chat and choose one of {count} accounts there.",
    },
    "page_not_checked": (
        "You are signed in, but the platform did not answer the last question. Go back to the "
        "chat and press the name to ask again."
    ),
}

REFUSALS: Sentences = {
    "connect_unknown": "I do not know the sign-in “{given}”. Known are: {known}.",
    "connect_no_app": (
        "{login} cannot be connected yet: set <code>oauth.{app}.client_id</code> and "
        "<code>oauth.{app}.client_secret</code> in config.py, then start Karvon again."
    ),
    "connect_needs_https": (
        "{login} comes back to https addresses only. Set <code>web.public_url</code>, or register "
        "the application as a desktop one and set <code>oauth.{app}.kind</code> to desktop."
    ),
    "connect_unknown_account": "That account is not connected any more. /connect starts anew.",
    "connect_bad_link": (
        "That is no link of a sign-in that I know: it is incomplete, or too old. Ask for a new "
        "one with /connect."
    ),
    "connect_incomplete": (
        "A part of that address is missing, so nothing was connected yet. Copy the whole address "
        "from the address bar of your browser and send it to me."
    ),
    "connect_expired": (
        "This link to sign in to {login} has expired; nothing was connected. Ask for a new one "
        "with /connect."
    ),
    "connect_used": (
        "This link to sign in to {login} was used already; it works once. If the chat does not "
        "say “Connected”, ask for a new one with /connect."
    ),
    "connect_other_user": (
        "Somebody else began this sign-in, so it is of no use here; nothing was connected. Ask "
        "for your own link with /connect."
    ),
    "connect_other_browser": (
        "This sign-in to {login} was begun in another browser, so nothing was connected. Open "
        "the link of the chat in this browser; or copy the address of this page and send it to "
        "the bot."
    ),
    "connect_denied": (
        "Access to {login} was not allowed; nothing was connected. To try again, ask for a new "
        "link and press “Allow”."
    ),
    "connect_page_refused": (
        "{login} refused the sign-in ({why}); nothing was connected. Ask for a new link; if it "
        "stays, the owner looks at the application there."
    ),
    "connect_missing_scope": (
        "To publish to {login} these permissions are missing: {scopes}. Nothing was connected. "
        "Ask for a new link and leave everything ticked."
    ),
    "connect_wrong_account": (
        "You signed in to {login} as {found}, but this was to connect {wanted} again. Nothing "
        "was changed. Sign out there, ask for a new link, and sign in as {wanted}."
    ),
    "connect_nothing_found": (
        "The sign-in to {login} worked, but {nothing}. Nothing was connected."
    ),
    "nothing_google": (
        "this Google account has no YouTube channel; make one on youtube.com, then ask for a new "
        "link"
    ),
    "nothing_tiktok": "it names no profile; ask for a new link",
    "nothing_instagram": (
        "it is no professional account; switch it to business or creator in the app, then ask "
        "for a new link"
    ),
    "nothing_instagram_facebook": (
        "none of the pages that you may publish to is linked with a professional Instagram "
        "account; link them, and tick the page when you sign in"
    ),
    "nothing_facebook": (
        "there is no page to which you may publish; ask its owner for that task, and tick the "
        "page when you sign in"
    ),
    "connect_not_lasting": (
        "Google gave a sign-in for an hour only; nothing was connected. Remove this application "
        "at myaccount.google.com/permissions, then ask for a new link."
    ),
    "connect_code_refused": (
        "{login} did not take the sign-in ({why}); nothing was connected. Ask for a new link."
    ),
    "connect_app_refused": (
        "{login} does not accept this application ({why}); nothing was connected. The owner "
        "compares <code>oauth.{app}</code> in config.py with what is registered there."
    ),
    "connect_platform_down": (
        "{login} does not answer right now; nothing was connected. The same link still works: "
        "try again in a minute."
    ),
    "connect_answer_lost": (
        "{login} stopped answering in the middle of the sign-in; nothing was connected. Ask for "
        "a new link and sign in again."
    ),
    "connect_check_failed": (
        "The sign-in to {login} worked, but a test call was refused ({why}); nothing was "
        "connected. Mend that and ask for a new link."
    ),
    "connect_interrupted": (
        "Karvon was stopped in the middle of the sign-in to {login}; nothing was connected. Ask "
        "for a new link and sign in again."
    ),
    "connect_choice_expired": (
        "That choice has expired; nothing was connected. Ask for a new link with /connect."
    ),
}

CHANNELS: Sentences = {
    "connect_channel_no_post": (
        "I am an admin of <b>{name}</b>, but without the right to post. Give me “Post messages” "
        "there; I notice it by myself."
    ),
    "connect_channel_not_admin": (
        "I am no admin of <b>{name}</b>. Add me there as an admin with the right to post; I "
        "notice it by myself."
    ),
    "connect_channel_unknown": (
        "I cannot see the channel <b>{name}</b>. Add me there as an admin with the right to post."
    ),
    "connect_channel_not_yours": (
        "You are no admin of <b>{name}</b>, so you cannot connect it. Ask one of its admins to."
    ),
    "connect_channel_failed": (
        "Telegram refused a look at <b>{name}</b> ({why}); it is not connected. Forward a post "
        "of it to try again."
    ),
    "connect_channel_stranger": (
        "{who} (id <code>{user_id}</code>, not among the users) made me an admin of "
        "<b>{name}</b>. Connect that channel?"
    ),
    "button_channel_yes": "Connect it",
    "button_channel_no": "No",
    "connect_channel_ignored": "Good: {name} is not connected.",
    "channel_removed": "I was removed from the channel",
    "channel_no_admin": "I am no admin of the channel any more",
    "channel_no_post": "I lost the right to post in the channel",
}

SENTENCES: Sentences = {**ASKING, **OUTCOMES, **REFUSALS, **CHANNELS}
