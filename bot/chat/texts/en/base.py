"""Sentences about videos, the queue and the bot itself.

A value is the sentence, or its forms by number (``one``, ``other``), chosen by the fact ``count``.
``{name}`` is filled; what is filled in is escaped.
"""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

FIRST_CONTACT: Sentences = {
    "start": (
        "👋 Send me a video with a caption and I publish it to {targets}.\n\n"
        "The caption is the prompt for title, description and tags. /help shows what else it "
        "can say."
    ),
    "start_no_account": (
        "👋 Send me a video with a caption and I publish it.\n\n"
        "No channel is connected yet: /connect connects one."
    ),
    "help": (
        "<b>Send a video with a caption</b>, as a video, a file, a round video or an album. A "
        "link to a video file works too. These lines in the caption are understood:\n\n"
        "<code>to: youtube, tiktok</code> – only there\n"
        "<code>title: …</code> – exactly this title\n"
        "<code>privacy: private</code> – or public, unlisted, followers, friends\n"
        "<code>at: 18:30</code> – when; also <code>at: tomorrow 9:00</code>\n"
        "<code>channel: @name</code> – which Telegram channel\n"
        "<code>tags: a, b</code> – tags; #hashtags are kept too\n"
        "/help options – more lines, for single platforms\n\n"
        "/scrape URL – publish the videos of a page\n"
        "/status – what runs now\n/queue – what waits, with buttons\n/post 12 – all about a "
        "post\n/cancel 12 – stop a post\n/retry 12 – try what failed again\n/failed – what "
        "failed, by cause\n/waiting – what waits for your answer\n/diagnostics "
        "– how it went, and what would help\n\n"
        "/connect – connect a channel, page or profile\n/accounts – connected accounts and their "
        "defaults\n/groups – several accounts as one target\n/limits – what is used and left, "
        "and when what waits will go"
    ),
    "help_admin": (
        "/doctor – what is wrong and what to do (admins)\n"
        "/clear – empty the queue or the logs (admins)"
    ),
    "stranger": (
        "Sorry, this bot works for a few people only. To become one, ask its owner to add your "
        "user id <code>{user_id}</code> to <code>telegram.users</code>."
    ),
    "nobody_allowed": (
        "👋 Nobody may use this bot yet. Your user id is <code>{user_id}</code>. If it is your "
        "bot, put the id into <code>telegram.admins</code> in config.py, or start Karvon with "
        "<code>KARVON_TELEGRAM__ADMINS=[{user_id}]</code>."
    ),
    "admins_only": "Only an admin can do that. The owner adds admins in config.py.",
    "cmd_start": "what this bot does",
    "cmd_help": "what a caption can say",
    "cmd_status": "what runs now",
    "cmd_queue": "what waits, with buttons",
    "cmd_post": "all about one post",
    "cmd_cancel": "stop a post",
    "cmd_retry": "try what failed again",
    "cmd_diagnostics": "how it went, and what would help",
    "cmd_clear": "empty the queue or the logs",
}

REFUSALS: Sentences = {
    "not_a_video": "That is no video. Send an MP4, MOV or WebM file, or a link to one.",
    "photo_only": "That is a picture. Send a video, with the words for it as its caption.",
    "audio_only": "That is sound without a picture. Send a video.",
    "text_only": (
        "Send me a video with a caption. To answer a question, reply to it. /help shows more."
    ),
    "other_only": "I cannot publish that. Send a video with a caption.",
    "many_drafts": "Several of your videos wait for words. Reply to the one that you mean.",
    "unknown_command": "I do not know that command. /help shows those I know.",
    "empty_file": "That file is empty (0 bytes). Send it again.",
    "too_big_for_cloud": (
        "That file has {size}; Telegram hands bots only files up to {limit}. Three ways out: "
        "send a smaller version, send a link to the file, or let Karvon use a local Bot API "
        "server (<code>telegram.api_base</code> and <code>telegram.local_files</code>)."
    ),
    "fits_nowhere": "No target takes this video:\n{reasons}\nChange the video and send it again.",
    "disk_full": (
        "There is no room for this video on Karvon's disk. Free some space or lower "
        "<code>min_free_disk</code>, then send it again."
    ),
    "no_account": (
        "No channel is connected to publish to. Connect one with /connect (in a terminal "
        "<code>karvon account connect</code>), then send the video again."
    ),
    "no_account_there": (
        "No {platform} account is connected. Leave it out of <code>to:</code>, or connect one "
        "with /connect."
    ),
    "unknown_target": (
        "I know no target <b>{target}</b>. I know: {known}. Correct the <code>to:</code> "
        "line and send it again."
    ),
    "unknown_channel": "I know no channel <b>{channel}</b>. Connected are: {known}.",
    "privacy_not_offered": (
        "{platform} has no “{privacy}”; it has: {known}. Change <code>privacy:</code>, or leave "
        "{platform} out with a <code>to:</code> line."
    ),
    "unknown_line": (
        "I do not understand the line “{line}”. Did you mean <b>{suggestion}:</b>? Correct it and "
        "send it again; /help shows what a caption can say."
    ),
    "unknown_word": (
        "I cannot do the line “{line}” yet. Leave it out and send it again; /help shows "
        "what a caption can say."
    ),
    "bad_time": (
        "I do not understand the time “{given}”. Write <code>at: 18:30</code>, <code>at: "
        "tomorrow 9:00</code> or <code>at: 2026-12-01 18:30</code>."
    ),
    "time_in_past": (
        "{given} is in the past (it is {now}, {zone}). Write a later time, or leave the line out."
    ),
    "time_twice": (
        "{given} happens twice that night, when the clocks are set back. Write it with its "
        "offset, such as <code>at: 2026-10-25 02:30+02:00</code>."
    ),
    "time_skipped": "{given} does not exist: the clocks are set forward. Write another time.",
    "bad_privacy": "I do not know the privacy “{given}”. Known are: {known}.",
    "empty_value": (
        "The line <b>{word}:</b> says nothing. Write something after it or leave it out."
    ),
    "not_allowed": "That post belongs to somebody else. /queue shows yours.",
    "unknown_post": "I know no post {post_id}. /queue shows yours.",
    "already_final": "Post {post_id} has ended already. /post {post_id} shows how.",
    "not_failed": "Nothing failed in post {post_id}. /post {post_id} shows how it stands.",
    "not_unknown": "That is decided already. /post {post_id} shows how it went on.",
    "nothing_left": "Then there is nothing left to publish. Choose “Publish again” or “Leave it”.",
    "already_there": (
        "This file is there already (post {post_id} asked). Say --again to publish it again."
    ),
    "no_such_file": "{path}: no such file. Check the path.",
    "bad_url": "That link cannot be used. Send one that begins with http:// or https://.",
    "refused": "That cannot be done: {what} {facts}. /help shows what can.",
    "bad_id": (
        "“{given}” is no number of a post. Write it as in <code>/post 12</code>; /queue shows "
        "them."
    ),
    "place_reason": "• {platform}: {why}",
    "internal": (
        "Something went wrong inside Karvon; it is logged as <code>{id}</code>. Nothing was lost; "
        "try again, and tell the owner this number if it stays."
    ),
    "old_button": "That button is too old. /queue shows what can be done now.",
}

QUESTIONS: Sentences = {
    "ask_caption": (
        "What is this video about? Reply with a caption, or take the file's name as it is."
    ),
    "ask_duplicate": "This file is there already:\n{places}\nPublish it again?",
    "place": "{platform} · {account}",
    "title": "{title}",
    "place_live": "• {platform} · {account}: {url}",
    "place_there": "• {platform} · {account}: live",
    "place_running": "• {platform} · {account}: being published",
    "button_nocaption": "Use the file's name",
    "button_again": "Publish again",
    "button_skip": "Only where it is not",
    "button_cancel": "Leave it",
    "button_stop": "✖️ Cancel",
    "button_retry": "🔁 Retry",
    "button_force": "⏩ Now",
    "button_live": "✅ {platform}: it is there",
    "button_resend": "🔁 {platform}: send again",
    "button_next": "Next ›",
    "button_back": "‹ Back",
    "button_clear_queue": "Queue",
    "button_clear_logs": "Logs",
    "button_clear_both": "Both",
    "draft_cancelled": "Left as it is; nothing is published.",
}

CARD: Sentences = {
    "card_accepted": "✅ <b>Accepted</b> · post {post_id}",
    "card_draft": "❔ <b>Waits for your answer</b> · post {post_id}",
    "card_running": "▶️ <b>Accepted, at work</b> · post {post_id}",
    "card_done": "🎉 <b>Live everywhere</b> · post {post_id}",
    "card_partly_failed": "⚠️ <b>Live, but not everywhere</b> · post {post_id}",
    "card_failed": "❌ <b>Not published</b> · post {post_id}",
    "card_cancelled": "🚫 <b>Cancelled</b> · post {post_id}",
    "card_scheduled": "🕒 <b>Uploaded, goes public at its time</b> · post {post_id}",
    "card_first": "✅ <b>Accepted</b>, and meanwhile:",
    "card_fetch": "⬇️ Fetching {percent} of {size} · {speed}",
    "card_fetch_left": "⬇️ Fetching {percent} of {size} · {speed} · {eta} left",
    "card_fetch_unsized": "⬇️ Fetching, {done} so far · {speed}",
    "card_more": {
        "one": "… and one more: /post {post_id}",
        "other": "… and {count} more: /post {post_id}",
    },
    "card_fetch_wait": "⏳ {why}, looks again at {until}",
    "card_fallback": "✏️ Texts were made from your caption: {why}",
    "ai_no_key": "no AI key is set",
    "ai_slow": "the AI did not answer in time",
    "ai_error": "the AI could not be reached",
    "ai_junk": "the AI answered with nothing usable",
    "upload_uploading": "⬆️ {place}: uploading{progress}",
    "upload_committing": "⬆️ {place}: sending the last bytes, publishing",
    "upload_waiting": "⏳ {place}: accepted",
    "upload_stopping": "🚫 {place}: is being cancelled",
    "upload_processing": "⚙️ {place}: uploaded, {platform} is processing it{progress}",
    "upload_live": "✅ {place}: live{visibility}",
    "upload_live_link": '✅ {place}: <a href="{url}">live</a>{visibility}\n{url}',
    "upload_failed": "❌ {place}: failed. {why}",
    "upload_cancelled": "🚫 {place}: cancelled, nothing was published",
    "upload_unknown": "❓ {place}: the answer was lost; asking {platform} again{until}",
    "upload_unknown_person": (
        "❓ {place}: the answer was lost and cannot be asked for. Look there: is it published?"
    ),
    "wait_media": "⏳ {place}: waits for the video",
    "wait_turn": "⏳ {place}: waits for its turn",
    "wait_time": "🕒 {place}: starts at {until}",
    "wait_quota": "⏳ {place}: the quota is used up; goes on at {until}",
    "wait_cooldown": "⏳ {place}: {platform} wants a pause until {until}",
    "wait_retry": "🔁 {place}: tries again at {until}. {why}",
    "wait_account": "🔑 {place}: the account must be connected again; then it goes on by itself",
    "wait_platform": "⚙️ {place}: uploaded, {platform} is preparing it",
    "wait_person": "❔ {place}: waits for your decision",
    "wait_disk": "💾 {place}: the disk is full; looks again at {until}",
    "progress": " {percent} · {speed} · {eta} left",
    "progress_slow": " {percent}",
    "resumed": " (resumed at {percent})",
    "visibility": ", {visibility}",
    "visibility_public": "public",
    "visibility_private": "private: only you see it",
    "visibility_unlisted": "unlisted: whoever has the link",
    "visibility_followers": "followers only",
    "visibility_friends": "friends only",
    "visibility_draft": "as a draft: publish it by hand",
    "visibility_unchecked": "accepted; whether all can see it could not be checked",
    "visibility_moderation": "in moderation: the link comes later",
    "visibility_inbox": "in your inbox: finish it in the app",
    "visibility_members": "for the channel's members",
}

ERRORS: Sentences = {
    "error_transient": "The connection failed ({text}).",
    "error_rate_limited": "Too many requests ({text}); it goes on by itself.",
    "error_quota_exhausted": "The daily quota is used up ({text}).",
    "error_auth_expired": "The sign-in ran out ({text}).",
    "error_auth_revoked": "The sign-in is no longer accepted ({text}). Connect the account again.",
    "error_rejected": "{platform} refused it: {text}. Change that and send it again.",
    "error_session_lost": "{platform} forgot the upload ({text}); it starts over.",
    "error_unknown_outcome": "Its outcome is not known ({text}).",
    "error_bug": "Something went wrong inside Karvon ({text}); it is in the log.",
    "error_source": "The video could not be fetched: {text}.",
    "error_duplicate": (
        "The same video is there already: {text}. Retry publishes it again all the same."
    ),
    "source_too_big_for_cloud": "Telegram hands bots only files up to 20 MB",
    "source_telegram_token": "Telegram does not accept the bot's token",
    "source_telegram_refused": "Telegram does not hand it out any more; send it again",
    "source_telegram_local_path": "the local Bot API server's folder cannot be read here",
    "source_bad_url": "the link cannot be used",
    "source_too_many_redirects": (
        "the link leads from one place to the next without end; send the last address"
    ),
    "source_not_a_file": (
        "the link leads to a page, not to a video file; send the address of the file itself"
    ),
    "source_not_a_video": "the file is no video",
    "source_source_encoded": "the server packs the file; ask for a plain one",
    "source_source_forbidden": "the server wants a sign-in for it",
    "source_source_gone": "it is not there any more",
    "source_source_status": "the server answered with an error",
    "source_source_unavailable": "the server does not answer",
    "source_source_interrupted": "the connection breaks off again and again",
    "source_source_truncated": "the file ends too early",
    "source_source_changed": "the file changes while it is read",
    "source_empty_file": "the file is empty",
    "source_spool_lost": "the file on Karvon's disk was removed",
    "source_disk_full": "the disk is full",
    "source_ffmpeg": "ffprobe is missing or failed (karvon doctor tells more)",
    "source_internal": "an internal error",
}

COMMANDS: Sentences = {
    "status_idle": "Nothing runs and nothing waits. Send a video.",
    "status_head": "<b>{open} open</b>, {running} uploading now",
    "status_more": {
        "one": "… and one more post: /queue",
        "other": "… and {count} more posts: /queue",
    },
    "count_posts": {"one": "{count} post", "other": "{count} posts"},
    "count_uploads": {"one": "{count} upload", "other": "{count} uploads"},
    "count_files": {"one": "{count} log file", "other": "{count} log files"},
    "untitled": "Video",
    "tomorrow": "{time} tomorrow",
    "queue_head": "<b>Queue</b> · {open}, page {page} of {pages}",
    "queue_empty": "The queue is empty. Send a video.",
    "queue_line": "<b>{post_id}</b> · {title} · {state}",
    "state_until": "{state}, waits until {until} at most",
    "state_draft": "waits for your answer",
    "state_accepted": "accepted",
    "state_preparing": "being fetched",
    "state_publishing": "being published",
    "state_done": "live everywhere",
    "state_partly_failed": "live, but not everywhere",
    "state_failed": "not published",
    "state_cancelled": "cancelled",
    "post_usage": "Write the number of the post: /post 12. /queue shows them.",
    "cancel_usage": "Write the number of the post: /cancel 12. /queue shows them.",
    "retry_usage": (
        "Write the number of the post: /retry 12, or /retry failed for all of them. /failed shows "
        "what failed and why."
    ),
    "timeline_head": "<b>Timeline</b>",
    "timeline_line": "{at} {what}",
    "timeline_cut": {"one": "… one earlier line", "other": "… {count} earlier lines"},
    "cancelled_draft": "Post {post_id} is left as it is; nothing is published.",
    "cancel_nothing": "Nothing is open that could be cancelled. /queue shows what is.",
    "cancelled_some": "Post {post_id}: {stopped} stopped. What is live stays live.",
    "cancel_removable": (
        "This stays scheduled at the platform; /delete {post_id} removes it:\n{places}"
    ),
    "cancel_too_late": "Post {post_id} cannot be stopped any more: it is being published.",
    "retried": "Post {post_id}: trying {retried} again.",
    "nothing_failed": "Nothing failed lately.",
    "forced": "Post {post_id} goes first.",
    "decided_live": "Good: it counts as live.",
    "decided_resend": "It is sent again.",
    "kind_transient": "not reachable",
    "kind_rate_limited": "asked to slow down",
    "kind_quota_exhausted": "quota used up",
    "kind_auth_expired": "sign-in ran out",
    "kind_auth_revoked": "sign-in taken back",
    "kind_rejected": "refused",
    "kind_session_lost": "upload forgotten",
    "kind_unknown_outcome": "outcome not known",
    "kind_bug": "fault inside",
    "kind_source": "video not fetched",
    "clear_ask": (
        "What shall be emptied? The queue: {open} stopped, what is live stays live. The logs: "
        "all files deleted."
    ),
    "cleared_queue": "The queue is empty: {cleared} stopped.",
    "cleared_logs": "{files} cleared.",
    "cleared_nothing": "Nothing was emptied.",
}

EVENTS: Sentences = {
    "event_accepted": "accepted",
    "event_fetch_started": "fetching began",
    "event_fetched": "video is here",
    "event_probed": "looked into the video",
    "event_described": "texts written",
    "event_session_opened": "{place}: upload opened",
    "event_upload_resumed": "{place}: resumed",
    "event_uploading": "{place}: uploading",
    "event_intent": "{place}: publishing",
    "event_committed": "{place}: all sent",
    "event_processing": "{place}: processing there",
    "event_live": "{place}: live",
    "event_failed": "{place}: failed {error}",
    "event_unknown": "{place}: answer lost",
    "event_waiting": "{place}: waits for {reason} {error}",
    "event_cancelled": "{place}: cancelled",
    "event_stop_wanted": "{place}: stop asked for",
    "event_decided": "{place}: you decided",
    "event_retry": "{place}: tried again",
    "event_forced": "put first",
    "event_other": "{place} {what}",
    "event_asked": "asked you",
    "event_committing": "{place}: publishing",
}

SENTENCES: Sentences = {
    **FIRST_CONTACT,
    **REFUSALS,
    **QUESTIONS,
    **CARD,
    **ERRORS,
    **COMMANDS,
    **EVENTS,
}
