"""Sentences about diagnostics."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

SENTENCES: Sentences = {
    "figures_head": "<b>Diagnostics · {period}</b>",
    "figures_today": "today",
    "figures_7d": "7 days",
    "figures_30d": "30 days",
    "figures_run": "this run",
    "button_figures_today": "Today",
    "button_figures_7d": "7 days",
    "button_figures_30d": "30 days",
    "figures_bad_period": (
        "I do not know the time {given}. Write /diagnostics today, 7d or 30d, or the number of "
        "a post."
    ),
    "figures_nothing": "Nothing has ended in this time.",
    "figures_posts": "{posts} accepted",
    "figures_counts": "{uploads} ended: {live} live, {failed} failed, {cancelled} cancelled",
    "figures_rate": "Success {rate}, {tries}",
    "figures_rate_before": "Success {rate} (before: {before}), {tries}",
    "count_tries": {"one": "{count} try", "other": "{count} tries"},
    "figures_time": "From accepted to live: {mean} on average, 95 of 100 within {p95}",
    "figures_time_before": (
        "From accepted to live: {mean} on average (before: {before}), 95 of 100 within {p95}"
    ),
    "figures_sent": "Sent: {size}",
    "figures_sent_speed": "Sent: {size} at {speed}",
    "figures_fetched": "Fetched: {size} at {speed}",
    "figures_resumed": {
        "one": "{count} retry went on where it had stopped: {size} not sent again",
        "other": "{count} retries went on where they had stopped: {size} not sent again",
    },
    "figures_stages": "<b>Where the time goes</b>",
    "figures_stage": "• {stage}: {mean} on average, 95 of 100 within {p95}, {share} of all",
    "figures_slowest": "Slowest: {stage}",
    "figures_waits": "Waited for: {waits}",
    "figures_wait": "{reason} {time}",
    "stage_fetch": "fetching the video",
    "stage_probe": "looking into the video",
    "stage_describe": "writing the text",
    "stage_fit": "fitting the video",
    "stage_wait": "waiting",
    "stage_begin": "opening the upload",
    "stage_send": "sending",
    "stage_resume": "asking where to go on",
    "stage_commit": "publishing",
    "stage_processing": "processing at the platform",
    "reason_media": "the video",
    "reason_turn": "a turn",
    "reason_time": "the chosen time",
    "reason_quota": "quota",
    "reason_cooldown": "a pause of the platform",
    "reason_retry": "the next try",
    "reason_account": "the account",
    "reason_platform": "the platform",
    "reason_person": "a decision",
    "reason_disk": "room on the disk",
    "reason_outcome": "the outcome",
    "reason_source": "bytes of the video",
    "reason_fit": "a fitting file",
    "reason_text": "the text",
    "reason_other": "something else",
    "figures_errors": "<b>Errors</b>",
    "figures_error": "• {kind}, {count} ×. The last: post {post_id}, {place}: {what}",
    "figures_places": "<b>Platforms</b>",
    "figures_accounts": "<b>Accounts</b>",
    "figures_place": "• {place}: {live} live, {failed} failed",
    "figures_place_time": "• {place}: {live} live, {failed} failed, {mean} on average",
    "figures_left": "• and {count} more",
    "figures_renders": (
        "<b>Mashups</b>: {made} made ({time} of video), {failed} failed, {cancelled} cancelled"
    ),
    "figures_render_cause": "Failed most often ({count} ×): {what}",
    "figures_now": "<b>Now</b>: {waiting} under way, {unknown} with unknown outcome",
    "figures_quota": "Quota: {quotas}",
    "figures_quota_item": "{account}: {used} of {limit} ({quota})",
    "figures_disk": "Disk: {room} to use, videos take {spool}",
    "figures_session": "Running for {time}",
    "figures_advice": "<b>What would help</b>",
    "figures_well": "All is well: there is nothing to do.",
    "figures_caption": "Success and duration · {period}",
    "figures_axis_uploads": "uploads",
    "figures_axis_live": "live",
    "figures_axis_failed": "failed",
    "figures_axis_seconds": "seconds to live",
    "figures_post_head": "<b>Post {post_id}</b>: {state}",
    "figures_post_total": "From accepted to live: {time}",
    "figures_post_nothing": "Nothing was measured of it (yet).",
    "figures_post_place": "<b>{place}</b>: {state}",
    "figures_post_step": "• {stage}: {time}",
    "figures_post_bytes": "• {stage}: {time}, {size}",
    "figures_post_speed": "• {stage}: {time}, {size} at {speed}",
    "figures_post_wait": "• waited for {reason}: {time}",
    "figures_post_resume": "• went on where it had stopped: {size} not sent again",
    "figures_post_error": "• failed at {at}: {what}",
    "figures_post_tries": "• {tries}, {size} sent",
    "figures_state_waiting": "waiting",
    "figures_state_uploading": "uploading",
    "figures_state_committing": "being published",
    "figures_state_processing": "processing at the platform",
    "figures_state_live": "live",
    "figures_state_failed": "failed",
    "figures_state_cancelled": "cancelled",
    "figures_state_unknown": "outcome not known",
    "advice_sign_in": (
        "{platform} · {account}: {refused} of {failed} failures are a refused sign-in. "
        "Connect the account again with /accounts."
    ),
    "advice_disk": (
        "The disk has {room} left to use and videos take {spool}. "
        "Free some space, or set temp_dir to a larger disk."
    ),
    "advice_quota": (
        "{platform} · {account}: {used} of {limit} are used ({quota}). "
        "Spread the videos with a /groups of accounts, or wait: /limits says until when."
    ),
    "advice_crashes": (
        "{crashed} tries were cut off by the end of the process. "
        "Run karvon doctor, and look whether the machine has enough memory."
    ),
    "advice_unsteady": (
        "{platform}: {failed} of {tries} tries broke on the way. "
        "Check the network and the platform's status page; fewer upload_workers may help."
    ),
    "advice_rate_limited": (
        "{platform} asked to slow down in {failed} of {tries} tries. "
        "Set rotation.post_gap_seconds, or use more accounts."
    ),
    "advice_rejected": (
        "{platform} refused {rejected} of {uploads} uploads. "
        "Look at the last error below; karvon fit shows what a file lacks."
    ),
    "advice_resume_vain": (
        "{platform}: none of {resumes} resumed uploads kept a byte. "
        "Look for a proxy or firewall that cuts long uploads."
    ),
    "advice_turns": (
        "Uploads stood in line for {waited}, all work together took {worked}. "
        "Raise upload_workers (now {upload_workers})."
    ),
    "advice_slow_source": (
        "Uploads waited {waited} for the video and sent for {sent}. "
        "The download is the brake: use a faster link, or a Bot API server of your own."
    ),
    "advice_fallback": (
        "{fallback} of {texts} texts were made without the model. "
        "Check groq.api_key and groq.model, or raise groq.timeout_seconds."
    ),
    "advice_slower": (
        "It takes {mean} on average now and took {before} before. Most time goes into: {stage}."
    ),
}
