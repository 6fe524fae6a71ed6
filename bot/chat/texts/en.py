"""Every sentence of the chat in English, by key.

A value is the sentence, or its forms by number (``one``, ``other``), chosen by the fact
``count``. Placeholders name facts; how a fact is written follows from its name, see
``bot/chat/texts/__init__.py``. Markup is Telegram's HTML; facts are escaped when they are put in.
"""

from __future__ import annotations

Forms = dict[str, str]


def plural(count: int) -> str:
    """Return which form goes with a number."""
    return "one" if count == 1 else "other"


GREETING: dict[str, str | Forms] = {
    "start": (
        "Hello! Send me a video with a caption: I publish it on {targets} and tell you here how"
        " it goes. /help shows what else a caption can say."
    ),
    "start_no_account": (
        "Hello! I am running, but no account is connected yet. The owner adds one with"
        " <code>karvon account add</code>; then send me a video."
    ),
    "help": (
        "<b>Send a video with a caption.</b> The caption is what the video is about; title, text"
        " and tags are made from it, #hashtags are kept.\n\n"
        "<b>Lines that a caption may have</b>\n"
        "<code>to: youtube, tiktok</code> – platforms or account names; without it everywhere\n"
        "<code>at: 18:30</code> – also <code>tomorrow 9:00</code> or <code>2026-12-01 18:30</code>\n"
        "<code>privacy: private</code> – public, unlisted, followers or private\n"
        "<code>title: My title</code>\n"
        "<code>channel: name</code> – one of your Telegram channels\n"
        "<code>tags: one, two words</code>\n\n"
        "<b>Commands</b>\n"
        "/status – what runs now\n"
        "/queue – what waits, with buttons\n"
        "/post 17 – the whole story of a post\n"
        "/cancel 17, /retry 17, /retry failed\n"
        "/diagnostics – counts and errors\n"
        "/clear – for admins: empty the queue or the logs\n\n"
        "Sent a video without words? Reply to it with the caption."
    ),
}

ACCESS: dict[str, str | Forms] = {
    "stranger": (
        "Sorry, I work for a few people only. If you are one of them, ask the owner to add your"
        " id <code>{user_id}</code>."
    ),
    "nobody_allowed": (
        "Hello! Nobody may use me yet. Your id is <code>{user_id}</code>: if I am yours, add it"
        " to <code>telegram.admins</code> in config.py (or set"
        " <code>KARVON_TELEGRAM__ADMINS=[{user_id}]</code>) and start me again."
    ),
    "not_allowed": "That post is somebody else's. /queue shows yours.",
}

HINTS: dict[str, str | Forms] = {
    "not_a_video": (
        "This is not a video that I can read. Send an MP4 or MOV file, as a video or as a file."
    ),
    "photo_only": "That is a picture; I publish videos. Send me a video with a caption.",
    "audio_only": "That is a sound; I publish videos. Send me a video with a caption.",
    "text_only": (
        "I need a video. Send it with this text as its caption, or reply with the text to a video"
        " that waits for one. /help shows more."
    ),
}

REFUSALS: dict[str, str | Forms] = {
    "too_big_for_cloud": (
        "The file is larger than the 20 MB that Telegram lets bots fetch. Ways out: send me a"
        " link to it, use <code>karvon send</code>, or let the owner run a local Bot API server"
        " (telegram.api_base and telegram.local_files)."
    ),
    "empty_file": "The file is empty. Send it again.",
    "fits_nowhere": "None of the chosen platforms takes this video:\n{reasons}",
    "unknown_target": (
        "I know no account or platform “{target}”. Write one of: {known}. Then send the video"
        " again."
    ),
    "no_account": (
        "No account is connected for that. The owner adds one with"
        " <code>karvon account add</code>; then send the video again."
    ),
    "no_account_there": (
        "No account is connected on {platform}. The owner adds one with"
        " <code>karvon account add</code>, or leave it out of the line “to:”."
    ),
    "unknown_channel": "I know no channel “{channel}”. Write one of: {known}.",
    "unknown_line": "I do not understand the line “{line}”. Did you mean “{suggestion}:”?",
    "unknown_word": (
        "I do not understand the line “{line}”. Leave it out, or write it as a sentence without"
        " the colon."
    ),
    "empty_value": "There is nothing after “{word}:”. Write a value or leave the line out.",
    "bad_time": (
        "I cannot read the time “{given}”. Write it like <code>at: 18:30</code>,"
        " <code>at: tomorrow 9:00</code> or <code>at: 2026-12-01 18:30</code>."
    ),
    "time_in_past": (
        "The time “{given}” has passed: it is {now} ({zone}). Write a later one, such as"
        " <code>at: tomorrow 9:00</code>, or leave the line out to publish now."
    ),
    "time_twice": (
        "“{given}” happens twice because the clocks go back. Write another time, or add the zone"
        " as in <code>+01:00</code>."
    ),
    "time_skipped": (
        "“{given}” does not exist because the clocks go forward. Write another time."
    ),
    "bad_privacy": "There is no privacy “{given}”. Write one of: {known}.",
    "privacy_not_offered": (
        "{platform} does not offer “{privacy}”. Write one of: {known}, or leave {platform} out of"
        " the line “to:”."
    ),
    "disk_full": (
        "There is no room for this file on my disk; {missing_bytes} are missing. The owner frees"
        " some disk space or lowers min_free_disk; then send it again."
    ),
    "unknown_post": "There is no post {post_id}. /queue shows the posts that are open.",
    "already_final": "Post {post_id} cannot be changed any more. /post {post_id} tells its story.",
    "not_failed": "Nothing of post {post_id} has failed, so there is nothing to retry.",
    "not_unknown": "That was decided already. /post {post_id} tells how.",
    "nothing_left": "It is everywhere already, so nothing is left to publish.",
    "no_such_file": "There is no file {path}. Check the path.",
    "already_there": "It was published already (post {post_id}). Add --again to repeat it.",
    "old_button": "This button is from an older message. /queue shows what is there now.",
    "admins_only": "Only an admin may do that. The owner can add you to telegram.admins.",
    "post_usage": "Which post? Write its number as in <code>/post 17</code>, or reply to it.",
    "cancel_usage": "Which post? Write its number as in <code>/cancel 17</code>, or reply to it.",
    "retry_usage": (
        "Which post? Write its number as in <code>/retry 17</code>, or <code>/retry failed</code>."
    ),
    "refused": "That did not work ({what}). {facts}",
    "internal": (
        "Something went wrong inside me; it is in the log under <code>{id}</code>. Nothing"
        " that was accepted is lost. Try it once more, and tell the owner the id if it stays."
    ),
}

SUGGESTIONS: dict[str, str | Forms] = {
    "place_reason": "• {platform}: {why}",
}

SOURCE: dict[str, str | Forms] = {
    "source_source_unavailable": "The source does not answer; it is asked again by itself.",
    "source_source_interrupted": "The download broke off; it goes on by itself.",
    "source_source_status": "The server refused the file. Check the link and send it again.",
    "source_source_forbidden": "I may not read the file. Check who may open it and send it again.",
    "source_source_gone": "The file is not there any more. Send the video again.",
    "source_source_changed": "The file changed while I read it. Send it again when it is ready.",
    "source_source_truncated": "The file ended too early. Send it again.",
    "source_source_encoded": "The server packs the file in a way that cannot be resumed. Use another link.",
    "source_spool_lost": "My copy of the file was deleted; it is fetched again by itself.",
    "source_too_many_redirects": "The link leads in circles. Send a direct link to the video file.",
    "source_bad_url": "That is no link that I can open. Send a direct http or https link to the file.",
    "source_host_not_allowed": (
        "Links to this host are not allowed. The owner can add it to sources.allowed_hosts."
    ),
    "source_not_a_file": "The link does not lead to a video file. Send a direct link to the file.",
    "source_telegram_refused": "Telegram did not hand out the file. Send the video again.",
    "source_telegram_token": "Telegram does not accept my token. The owner has to check telegram.token.",
    "source_telegram_local_path": (
        "The Bot API server keeps files on its own disk. The owner has to set"
        " telegram.local_files."
    ),
    "source_not_a_video": "This is not a video that I can read. Send an MP4 or MOV file.",
    "source_empty_file": "The file is empty. Send it again.",
    "source_disk_full": "There is no room for the file; it goes on when the owner frees some.",
    "source_too_big_for_cloud": (
        "The file is larger than the 20 MB that Telegram lets bots fetch. Send a link, or let the"
        " owner run a local Bot API server."
    ),
}

FIT: dict[str, str | Forms] = {
    "fit_too_big": "the file has {actual}, at most {limit} are taken",
    "fit_empty_file": "the file is empty",
    "fit_too_long": "it lasts {actual}, at most {limit} are taken",
    "fit_too_short": "it lasts {actual}, at least {limit} are wanted",
    "fit_frame_rate_high": "{actual} frames a second, at most {limit} are taken",
    "fit_frame_rate_low": "{actual} frames a second, at least {limit} are wanted",
    "fit_too_wide": "it is {actual} pixels wide, at most {limit} are taken",
    "fit_too_narrow": "it is {actual} pixels wide, at least {limit} are wanted",
    "fit_too_high": "it is {actual} pixels high, at most {limit} are taken",
    "fit_too_low": "it is {actual} pixels high, at least {limit} are wanted",
    "fit_side_short": "its shorter side has {actual} pixels, at least {limit} are wanted",
    "fit_side_long": "its longer side has {actual} pixels, at most {limit} are taken",
    "fit_aspect_wide": "it is too wide for its height ({actual}:1, at most {limit}:1)",
    "fit_aspect_tall": "it is too tall for its width ({actual}:1, at least {limit}:1)",
    "fit_container": "it is a {actual} file, taken are {limit}",
    "fit_video_codec": "its picture is coded as {actual}, taken is {limit}",
    "fit_audio_codec": "its sound is coded as {actual}, taken is {limit}",
    "fit_other": "it does not fit ({text}: {actual}, limit {limit})",
    "fit_index_last": "its index is at the end; save it for streaming (fast start)",
}

QUESTIONS: dict[str, str | Forms] = {
    "ask_caption": (
        "What is this video about? Reply with a few words (#hashtags welcome), or publish it"
        " without a caption."
    ),
    "ask_duplicate": "I have this video already:\n{places}\nPublish it again?",
    "place_live": '• {platform} · {account}: <a href="{url}">live</a>',
    "place_running": "• {platform} · {account}: being published",
}

BUTTONS: dict[str, str | Forms] = {
    "button_nocaption": "Publish without a caption",
    "button_cancel": "Cancel",
    "button_again": "Publish again",
    "button_skip": "Only where it is missing",
    "button_stop": "✖ Cancel",
    "button_retry": "↻ Retry",
    "button_force": "▶ Start",
    "button_live": "{platform}: it is there",
    "button_resend": "{platform}: send again",
    "button_next": "Next ›",
    "button_back": "‹ Back",
    "button_clear_queue": "Queue",
    "button_clear_logs": "Logs",
    "button_clear_both": "Both",
}

CARD: dict[str, str | Forms] = {
    "card_accepted": "📥 <b>Accepted</b> · post {post_id}",
    "card_running": "📤 <b>Accepted</b> · post {post_id}, publishing",
    "card_draft": "✏️ Post {post_id} waits for your answer",
    "card_done": "✅ <b>Live everywhere</b> · post {post_id}",
    "card_partly_failed": "⚠️ <b>Live, but not everywhere</b> · post {post_id}",
    "card_failed": "❌ <b>Failed</b> · post {post_id}",
    "card_cancelled": "🚫 <b>Cancelled</b> · post {post_id}",
    "card_fetch": "⬇️ Fetching the video: {percent} of {size} · {speed}",
    "card_fetch_wait": "⏳ {why} Until {until}.",
    "card_fallback": "ℹ️ Note: {why}",
    "title": "{title}",
    "place": "<b>{platform}</b> · {account}",
    "progress": " {percent} · {speed} · {eta} left",
    "progress_slow": " {percent}",
    "resumed": " · resumed at {percent}",
    "visibility": " ({visibility})",
}

POST_STATES: dict[str, str | Forms] = {
    "state_draft": "waiting for your answer",
    "state_accepted": "waiting for its turn",
    "state_preparing": "preparing",
    "state_publishing": "publishing",
    "state_done": "live everywhere",
    "state_partly_failed": "live, but not everywhere",
    "state_failed": "failed",
    "state_cancelled": "cancelled",
}

UPLOAD_STATES: dict[str, str | Forms] = {
    "upload_uploading": "⬆️ {place}: uploading{progress}",
    "upload_committing": "📨 {place}: uploaded, asking for publication",
    "upload_processing": "⚙️ {place}: uploaded, being processed at {platform}",
    "upload_live": "✅ {place}: live{visibility}",
    "upload_live_link": '✅ {place}: <a href="{url}">live</a>{visibility}',
    "upload_failed": "❌ {place}: failed, {why}",
    "upload_cancelled": "🚫 {place}: cancelled",
    "upload_unknown": "❓ {place}: not known whether it is there, the platform is asked{until}",
    "upload_unknown_person": "❓ {place}: is it there? Look, then press a button",
}

VISIBILITY: dict[str, str | Forms] = {
    "visibility_public": "public",
    "visibility_unlisted": "unlisted: whoever has the link can see it",
    "visibility_followers": "for followers",
    "visibility_friends": "for friends only",
    "visibility_members": "for the members of the channel",
    "visibility_private": "private: only you can see it",
    "visibility_draft": "as a draft: publish it in the app",
    "visibility_inbox": "in the inbox of the app: finish it there",
    "visibility_moderation": "not shown to everybody before it was looked at",
    "visibility_unchecked": "the platform does not tell who can see it",
}

WAITS: dict[str, str | Forms] = {
    "wait_media": "⏳ {place}: accepted, waiting for the video",
    "wait_turn": "⏳ {place}: accepted, waiting for its turn",
    "wait_time": "🕒 {place}: accepted, starts at {until}",
    "wait_quota": "⏳ {place}: the platform's quota is used up, goes on at {until}",
    "wait_cooldown": "⏳ {place}: the platform asks to slow down, goes on at {until}",
    "wait_retry": "🔁 {place}: tries again at {until}. {why}",
    "wait_account": "🔑 {place}: reconnect the account with karvon account add. {why}",
    "wait_platform": "⏳ {place}: uploaded, waiting for the platform's answer",
    "wait_person": "❓ {place}: is it there? Look, then press a button",
    "wait_disk": "💾 {place}: no disk space, the owner has to free some; asked again at {until}",
}

ERRORS: dict[str, str | Forms] = {
    "error_transient": "{platform} cannot be reached ({text}). Retry later.",
    "error_rate_limited": "{platform} asks to slow down ({text}). Retry later.",
    "error_quota_exhausted": "the quota of {platform} is used up ({text}). Retry tomorrow.",
    "error_auth_expired": "the access to {platform} ran out ({text}). Reconnect the account.",
    "error_auth_revoked": "{platform} took the access away ({text}). Reconnect the account.",
    "error_rejected": "{platform} refused it: {text}. Change that and send it again.",
    "error_session_lost": "{platform} lost the upload again and again ({text}). Retry later.",
    "error_unknown_outcome": "{platform} does not tell whether it is there ({text}). Look there.",
    "error_bug": "a fault inside me ({text}). Retry, and tell the owner if it stays.",
    "error_duplicate": "the same video is there already: {text}.",
    "error_source": "{text}",
}

AI_NOTES: dict[str, str | Forms] = {
    "ai_no_key": "title and tags are made from your caption; the AI has no key (groq.api_key)",
    "ai_error": "title and tags are made from your caption; the AI did not work",
    "ai_slow": "title and tags are made from your caption; the AI took too long",
    "ai_junk": "title and tags are made from your caption; the AI's answer was of no use",
}

COMMANDS: dict[str, str | Forms] = {
    "cmd_start": "What I do",
    "cmd_help": "What a caption can say, and all commands",
    "cmd_status": "What runs now",
    "cmd_queue": "What waits, with buttons",
    "cmd_post": "The whole story of a post",
    "cmd_cancel": "Cancel a post",
    "cmd_retry": "Try again what failed",
    "cmd_diagnostics": "Counts, times and errors",
    "cmd_clear": "Empty the queue or the logs",
}

LISTS: dict[str, str | Forms] = {
    "status_idle": "Nothing is running. Send me a video.",
    "status_head": "<b>{open} open, {running} uploading now</b>",
    "queue_empty": "The queue is empty. Send me a video.",
    "queue_head": "<b>Queue</b> · {open} · page {page} of {pages}",
    "queue_line": "<b>{post_id}</b> · {title} · {state}",
    "timeline_head": "<b>History</b>",
    "timeline_line": "{at} {what}",
    "cancelled_some": "Post {post_id}: {stopped} cancelled. What is live already stays.",
    "cancel_too_late": "Nothing of post {post_id} can be stopped any more: /post {post_id}.",
    "draft_cancelled": "Nothing was done.",
    "retried": "Post {post_id}: {retried} tried again.",
    "retried_all": "{retried} of {posts} tried again.",
    "nothing_failed": "Nothing has failed lately.",
    "forced": "Post {post_id} comes next.",
    "decided_live": "Noted: it is there.",
    "decided_resend": "It is sent again.",
    "clear_ask": (
        "{open} open. What shall I clear? The queue cancels what is not published yet; what is"
        " live stays."
    ),
    "cleared_queue": "{cleared} cancelled.",
    "cleared_logs": "{files} cleared.",
}

EVENTS: dict[str, str | Forms] = {
    "event_accepted": "accepted",
    "event_asked": "asked you",
    "event_fetch_started": "fetching began",
    "event_fetch_resumed": "fetching goes on",
    "event_fetched": "fetched",
    "event_probed": "looked into it",
    "event_described": "words written",
    "event_upload_started": "{place} upload began",
    "event_upload_resumed": "{place} upload goes on",
    "event_uploading": "{place} uploading",
    "event_session_opened": "{place} ready for the bytes",
    "event_intent": "{place} asking for publication",
    "event_committing": "{place} asking for publication",
    "event_committed": "{place} has taken it",
    "event_processing": "{place} being processed",
    "event_live": "{place} live",
    "event_failed": "{place} failed {error}",
    "event_unknown": "{place} not known whether it is there {error}",
    "event_waiting": "{place} waits: {reason} {error}",
    "event_cancelled": "{place} cancelled",
    "event_stop_wanted": "{place} asked to stop",
    "event_decided": "{place} you decided",
    "event_retry": "{place} tried again",
    "event_forced": "put first",
}

DIAGNOSTICS: dict[str, str | Forms] = {
    "diagnostics_head": "<b>Diagnostics</b>",
    "period_today": "Today",
    "period_week": "Last 7 days",
    "diagnostics_block": (
        "<b>{period}</b>\n{posts}: {live} live, {failed} failed, {cancelled} cancelled\n"
        "success {rate}, mean time {mean}\n{sent} sent, {resumed} saved by resuming"
    ),
    "diagnostics_errors": "errors: {errors}",
    "diagnostics_now": "<b>Now</b>\n{waiting} waiting, {unknown} not known",
}

SENTENCES: dict[str, str | Forms] = {
    key: sentence
    for group in (
        GREETING,
        ACCESS,
        HINTS,
        REFUSALS,
        SUGGESTIONS,
        SOURCE,
        FIT,
        QUESTIONS,
        BUTTONS,
        CARD,
        POST_STATES,
        UPLOAD_STATES,
        VISIBILITY,
        WAITS,
        ERRORS,
        AI_NOTES,
        COMMANDS,
        LISTS,
        EVENTS,
        DIAGNOSTICS,
    )
    for key, sentence in group.items()
}
