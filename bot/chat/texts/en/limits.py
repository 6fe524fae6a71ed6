"""Sentences about quotas and forecasts."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

SENTENCES: Sentences = {
    "cmd_limits": "what is used, left and expected",
    "count_videos": {"one": "{count} video", "other": "{count} videos"},
    "limits_none": "No account is connected yet, so there are no limits. /connect adds one.",
    "limits_head": "<b>Limits</b>, {accounts}",
    "limits_head_pages": "<b>Limits</b>, {accounts}, page {page} of {pages}",
    "limits_account": "<b>{name}</b> ({platform})",
    "limits_account_paused": "<b>{name}</b> ({platform}), paused",
    "limits_account_reconnect": (
        "<b>{name}</b> ({platform}), to be connected again: send /accounts"
    ),
    "limits_held": "• Nothing may start before {until}.",
    "limits_quota": "• {quota}: {used} of {limit} used, {left} left",
    "limits_quota_back": (
        "• {quota}: {used} of {limit} used, {left} left, the next back at {until}"
    ),
    "limits_quota_resets": "• {quota}: {used} of {limit} used, {left} left, resets at {until}",
    "limits_quota_held": (
        "• {quota}: {used} of {limit} used; {platform} allows none before {until}"
    ),
    "limits_told": "• {platform} says at {at}: {what}, {used} of {limit}",
    "limits_told_share": "• {platform} says at {at}: {what}: {used} % used",
    "limits_told_wait": "• {platform} says at {at}: {what}, none before {until}",
    "limits_queue_none": "Nothing is queued.",
    "limits_ready": {
        "one": "{count} video is ready and goes live with the others of its post.",
        "other": "{count} videos are ready and go live with the others of their posts.",
    },
    "limits_ready_at": {
        "one": "{count} video is ready and goes live at {until}.",
        "other": "{count} videos are ready; the first goes live at {until}.",
    },
    "limits_queue_paused": "{videos} queued; it goes on when the account does.",
    "limits_queue": "{videos}: {days}",
    "limits_queue_spill": "{videos}: {days}; {spill}",
    "limits_now": "{count} today",
    "limits_today": "{count} today from {time}",
    "limits_tomorrow": "{count} tomorrow from {time}",
    "limits_later": "{count} on {day} from {time}",
    "limits_rest": "{count} more until {day}",
    "limits_never": "{count} never, since a limit is lower than what one video takes",
    "limits_spill_today": "spill to {account} finishes today",
    "limits_spill_tomorrow": "spill to {account} finishes tomorrow",
    "limits_spill_later": "spill to {account} finishes on {day}",
    "quota_warning": (
        "⚠️ {account} ({platform}) has used {used} of {limit}: {quota}. /limits shows what is left "
        "and when the rest goes."
    ),
    "quota_per_channel_a_day": "videos in 24 hours, our own cap",
    "quota_video_uploads": "uploads a day, all channels of the application together",
    "quota_units": "API units a day, all channels of the application together",
    "quota_figures": "questions for figures a day, all channels of the application together",
    "quota_inits": "uploads begun in a minute",
    "quota_posts": "posts in 24 hours",
    "quota_drafts": "drafts in 24 hours",
    "quota_containers": "uploads begun in 24 hours",
    "quota_reels": "reels in 24 hours",
    "quota_messages": "messages in a minute",
    "quota_active_users": "creators of the application a day",
    "quota_app_calls": "API calls of the application",
    "quota_page_calls": "API calls for the page",
    "quota_business_calls": "API calls for the account",
    "quota_remote": "its own limit",
}
