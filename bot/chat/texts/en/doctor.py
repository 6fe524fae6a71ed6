"""Sentences about the doctor: ``doctor_KEY`` for a finding, ``doctor_KEY_do`` for its remedy."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

CHAT: Sentences = {
    "cmd_doctor": "what is wrong and what to do (admins)",
    "doctor_head_ok": "🩺 <b>All is well</b>",
    "doctor_head_warning": "🩺 <b>It works, but look at this</b>",
    "doctor_head_broken": "🩺 <b>Something is broken</b>",
    "doctor_line_ok": "✅ {text}",
    "doctor_line_warning": "⚠️ {text}\n→ {remedy}",
    "doctor_line_broken": "❌ {text}\n→ {remedy}",
    "doctor_more": {
        "one": "… and one more line; <code>karvon doctor</code> shows all.",
        "other": "… and {count} more lines; <code>karvon doctor</code> shows all.",
    },
    "button_doctor_connect": "🔑 Connect {account}",
    "button_doctor_resume": "▶️ Resume {account}",
    "button_doctor_retry": "🔁 Try the failed again",
    "button_doctor_drop_webhook": "✂️ Delete the webhook",
    "button_doctor_backup": "💾 Make a backup",
    "button_doctor_again": "🩺 Look again",
    "button_doctor_report": "📄 Report to share",
    "doctor_resumed": "▶️ {account} goes on.",
    "doctor_webhook_dropped": "✂️ The webhook is deleted; updates come by polling now.",
    "doctor_backed_up": (
        "💾 Backup made: <code>{path}</code> ({size}). Tokens in it are sealed; the keys are not "
        "in it. Keep <code>keys.json</code> and <code>keys.retired.json</code> somewhere else."
    ),
    "doctor_backup_failed": "The backup failed: {why}",
    "doctor_report": "A report without secrets, names and ids. Look at it before you share it.",
    "doctor_report_failed": (
        "Telegram did not take the report ({why}). Get it with <code>karvon doctor --report "
        "FILE</code>."
    ),
    "key_lost": (
        "🔑 The key <b>{key}</b> is lost; it sealed the tokens of {accounts}. These wait, "
        "everything else goes on. Take the key back with <code>karvon keys restore FILE</code> "
        "(an older keys.json), or connect the accounts again."
    ),
}

MACHINE: Sentences = {
    "doctor_tools": "Media tools: {ffmpeg}, {ffprobe}",
    "doctor_no_tools": "Media tools are missing: {why}",
    "doctor_no_tools_do": "Install ffmpeg, or set KARVON_FFMPEG and KARVON_FFPROBE.",
    "doctor_disk": "Disk: {free} free, {kept} stay free",
    "doctor_disk_narrow": "The disk is nearly full: {free} free, {kept} stay free",
    "doctor_disk_narrow_do": "Free some room; below that nothing more is fetched.",
    "doctor_disk_full": "The disk is full: {free} free, {kept} have to stay free",
    "doctor_disk_full_do": "Free some room or lower min_free_disk; uploads wait meanwhile.",
    "doctor_blind": "{part} could not be looked at ({why})",
    "doctor_blind_do": "This is a mistake in the program: report it with the log.",
    "doctor_running": {
        "one": "Karvon runs, one post is open",
        "other": "Karvon runs, {count} posts are open",
    },
    "doctor_not_running": "Karvon does not run",
    "doctor_not_running_do": "Start it: karvon run",
    "doctor_process_silent": "Karvon runs but does not answer: {why}",
    "doctor_process_silent_do": "Look at its log, stop it and start it again.",
}

KEYS: Sentences = {
    "doctor_keys": {
        "one": "Keys: {current} seals, one value is sealed",
        "other": "Keys: {current} seals, {count} values are sealed",
    },
    "doctor_keys_readable": "Keys: readable, {current} seals",
    "doctor_no_keys": "Keys: made at the first start",
    "doctor_keys_gone": "keys.json is gone, but tokens are sealed with {keys}",
    "doctor_keys_gone_do": (
        "Put keys.json back into the data folder before the next start, or connect all accounts "
        "again."
    ),
    "doctor_bad_keys": "The keys cannot be read: {why}",
    "doctor_bad_keys_do": "Put a good keys.json back into the data folder.",
    "doctor_lost_key": "The key {key} is lost: the tokens of {accounts} cannot be opened",
    "doctor_lost_key_do": (
        "Take it back: karvon keys restore FILE (an older keys.json). Or connect these accounts "
        "again."
    ),
    "doctor_damaged_tokens": "The sealed tokens of {accounts} were changed",
    "doctor_damaged_tokens_do": "Connect these accounts again.",
    "doctor_older_keys": "{keys} still seals something, {current} is the current key",
    "doctor_older_keys_do": "Finish the rotation: karvon keys rotate",
    "doctor_open_keys": "Others on this machine can read {path}",
    "doctor_open_keys_do": "Close it (chmod 600), then change the keys: karvon keys rotate",
    "doctor_stray_keys": "These files in {folder} look like copies of keys: {files}",
    "doctor_stray_keys_do": "Move them to a safe place off this machine, or delete them.",
}

DATABASE: Sentences = {
    "doctor_database": {
        "one": "Database: sound, {size}, log {wal}, one post",
        "other": "Database: sound, {size}, log {wal}, {count} posts",
    },
    "doctor_no_database": "Database: made at the first start",
    "doctor_bad_database": "The database is not sound: {why}",
    "doctor_bad_database_do": "Restore a backup: karvon restore FILE",
    "doctor_swollen_database": {
        "one": "The database's log has grown to {wal} ({size}, one post)",
        "other": "The database's log has grown to {wal} ({size}, {count} posts)",
    },
    "doctor_swollen_database_do": (
        "Close other programs that have the database open, then start Karvon again."
    ),
    "doctor_backup": "Backup: {age} old",
    "doctor_no_backup": "No backup is known",
    "doctor_no_backup_do": "Make one: karvon backup FILE, and let cron repeat it.",
    "doctor_old_backup": "The latest backup is {age} old",
    "doctor_old_backup_do": "Make one: karvon backup FILE, and let cron repeat it.",
}

OUTSIDE: Sentences = {
    "doctor_no_token": "No bot token is set",
    "doctor_no_token_do": "Get one from @BotFather and set telegram.token.",
    "doctor_bot_api_down": "The Bot API at {base} does not answer ({why})",
    "doctor_bot_api_down_do": "Check the network and telegram.api_base.",
    "doctor_bot_api_refuses": "The Bot API at {base} refuses: {why}",
    "doctor_bot_api_refuses_do": "Check telegram.token and telegram.api_base.",
    "doctor_bot_cloud": "Telegram: {bot}, files of up to 20 MB (no local Bot API server)",
    "doctor_bot_local": "Telegram: {bot} on a local Bot API server, files of up to 2000 MB",
    "doctor_wrong_mode": "telegram.local_files is on, but {bot} uses Telegram's own server",
    "doctor_wrong_mode_do": (
        "Set telegram.api_base to your local Bot API server, or switch local_files off."
    ),
    "doctor_no_webhook_info": "How updates come could not be asked ({why})",
    "doctor_no_webhook_info_do": "Look again in a while.",
    "doctor_webhook_in_the_way": "A webhook is set, so polling gets no updates",
    "doctor_webhook_in_the_way_do": "Delete the webhook, or start Karvon again, which does it.",
    "doctor_webhook_elsewhere": "Telegram sends updates to another address than web.public_url",
    "doctor_webhook_elsewhere_do": (
        "Start Karvon again, which sets its own; if another program uses this bot, give it "
        "another bot."
    ),
    "doctor_no_webhook": "No webhook is set, so no update comes",
    "doctor_no_webhook_do": "Start Karvon again, which sets it; look at its log if it stays.",
    "doctor_webhook_fails": "Telegram could not reach the webhook {ago} ago: {why}",
    "doctor_webhook_fails_do": "Check web.public_url, its certificate and what leads to Karvon.",
    "doctor_many_updates": {
        "one": "One update waits at Telegram",
        "other": "{count} updates wait at Telegram",
    },
    "doctor_many_updates_do": "Wait a minute and look again; if they stay, look at the log.",
    "doctor_updates_polling": {
        "one": "Updates: by polling, one waits",
        "other": "Updates: by polling, {count} wait",
    },
    "doctor_updates_webhook": {
        "one": "Updates: by webhook, one waits",
        "other": "Updates: by webhook, {count} wait",
    },
    "doctor_clock": "Clock: as that of the others",
    "doctor_no_clock": "The clock could not be compared: nobody answered",
    "doctor_no_clock_do": "Check the network.",
    "doctor_skewed_clock": "The clock is {skew} {way}",
    "clock_ahead": "ahead",
    "clock_behind": "behind",
    "doctor_skewed_clock_do": "Let the system set it by the network (NTP).",
    "doctor_wrong_clock": (
        "The clock is {skew} {way}: tokens seem to live when they have ended, sign-ins fail, and "
        "posts go out at the wrong time"
    ),
    "doctor_wrong_clock_do": "Let the system set it by the network (NTP), then restart Karvon.",
    "doctor_no_public_url": "Web: only on this machine (no web.public_url)",
    "doctor_public_url_not_asked": "Web: {url}, asked only while Karvon runs",
    "doctor_reached": "Web: reached at {url}",
    "doctor_not_reached": "Web: {url} does not lead to Karvon ({why})",
    "doctor_not_reached_do": "Let it lead to {listen} (web.listen), or correct web.public_url.",
    "doctor_no_https": "Web: {url} is no https address; Telegram calls no other webhook",
    "doctor_no_https_do": "Put Karvon behind https, or take telegram.webhook_secret away.",
}

BUSINESS: Sentences = {
    "doctor_accounts": {"one": "Accounts: one connected", "other": "Accounts: {count} connected"},
    "doctor_accounts_set": {
        "one": "Accounts: one in the settings",
        "other": "Accounts: {count} in the settings",
    },
    "doctor_no_accounts": "No account is connected",
    "doctor_no_accounts_do": "Connect one: /connect in chat, or karvon account connect.",
    "doctor_accounts_to_connect": "Accounts to be connected again: {accounts}",
    "doctor_accounts_to_connect_do": "Connect them: /connect in chat, or karvon account connect.",
    "doctor_accounts_broken": {
        "one": "The only account cannot publish",
        "other": "Some of {count} accounts cannot publish",
    },
    "doctor_accounts_broken_do": "See their own lines.",
    "doctor_account_out": "{platform} · {account}: must be connected again ({why})",
    "doctor_account_out_do": "Connect it: /connect. Its uploads wait and go on by themselves.",
    "doctor_account_paused": "{platform} · {account}: paused",
    "doctor_account_paused_do": "Resume it when it shall publish again.",
    "doctor_account_scopes": "{platform} · {account}: may not publish, it lacks {scopes}",
    "doctor_account_scopes_do": "Connect it again and allow everything that is asked for.",
    "doctor_account_operations": "{platform} · {account}: without permission for: {operations}",
    "doctor_account_operations_do": "Connect it again and allow everything that is asked for.",
    "doctor_account_ended": "{platform} · {account}: its sign-in ended {ago} ago",
    "doctor_account_ended_do": "Connect it again: /connect.",
    "doctor_account_ends": "{platform} · {account}: its sign-in ends in {left}",
    "doctor_account_ends_do": "Connect it again before that: /connect.",
    "doctor_account_not_renewed": (
        "{platform} · {account}: its token ended {ago} ago and was not renewed"
    ),
    "doctor_account_not_renewed_do": (
        "It is tried again at the next upload; if that fails, connect it again."
    ),
    "doctor_quotas": "Quotas: room everywhere",
    "doctor_quota_low": "{platform} · {account}: {used} of {limit} used ({what})",
    "doctor_quota_low_do": "It gives room again at {until}; spread videos over more accounts.",
    "doctor_quota_out": "{platform} · {account}: the quota is used up ({what}: {used} of {limit})",
    "doctor_quota_out_do": "Uploads wait and go on at {until}.",
    "doctor_outbox": "Messages: nothing is late",
    "doctor_late_outbox": {
        "one": "One message has waited {age} for Telegram",
        "other": "{count} messages have waited for Telegram, one of them {age}",
    },
    "doctor_late_outbox_do": "They are sent by themselves; if they stay, look at the log.",
    "doctor_no_decisions": "Decisions: none is wanted",
    "doctor_decisions": {
        "one": "One upload waits for a decision",
        "other": "{count} uploads wait for a decision",
    },
    "doctor_decisions_do": "Look there and press a button of the card: /post {post_id}",
    "doctor_no_failures": "Uploads: none failed in 24 hours",
    "doctor_failures": {
        "one": "One upload failed in 24 hours",
        "other": "{count} uploads failed in 24 hours",
    },
    "doctor_failures_do": "See why in /queue and /post, change that and try again.",
    "doctor_renders": "Mashups: none waits for more than its turn, none failed in 24 hours",
    "doctor_late_renders": {
        "one": "One mashup waits: the disk is full, or it failed and is tried again",
        "other": "{count} mashups wait: the disk is full, or they failed and are tried again",
    },
    "doctor_late_renders_do": "/renders shows which and why; make room on the disk.",
    "doctor_failed_renders": {
        "one": "One mashup could not be made in 24 hours",
        "other": "{count} mashups could not be made in 24 hours",
    },
    "doctor_failed_renders_do": "See why in /renders, change that and press Retry.",
    "doctor_library": {
        "one": "Library: one file ({size}) in {storage}",
        "other": "Library: {count} files ({size}) in {storage}",
    },
    "doctor_library_unmoved": {
        "one": "One file of the library ({size}) does not lie in {storage} yet, where new ones go",
        "other": (
            "{count} files of the library ({size}) do not lie in {storage} yet, where new ones go"
        ),
    },
    "doctor_library_unmoved_do": "Unless they are being moved right now, go on with: {command}",
    "doctor_library_bad_setting": "storage.url names no place for media: {url}",
    "doctor_library_bad_setting_do": (
        "Set it to file:///FOLDER, s3://BUCKET/PREFIX or cloudinary://CLOUD/FOLDER."
    ),
}

SENTENCES: Sentences = {**CHAT, **MACHINE, **KEYS, **DATABASE, **OUTSIDE, **BUSINESS}
