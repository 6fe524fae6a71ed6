"""Sentences about failed uploads and what waits for a person."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

FAILED: Sentences = {
    "cmd_failed": "what failed, by cause",
    "letters_none": "Nothing failed that is not put aside. /queue shows what runs.",
    "letters_head": {
        "one": "<b>{count} upload failed</b>",
        "other": "<b>{count} uploads failed</b>, {causes}",
    },
    "letters_head_pages": "<b>{count} uploads failed</b>, {causes} · page {page} of {pages}",
    "count_causes": {"one": "{count} cause", "other": "{count} causes"},
    "letters_group": {
        "one": "<b>c{cause}</b> · 1 failed: {what}\n{since} · post {post_id}\n➡️ {cure}",
        "other": (
            "<b>c{cause}</b> · {count} failed: {what}\nsince {since}, last in post {post_id}\n"
            "➡️ {cure}"
        ),
    },
    "letters_group_head": "<b>c{cause}</b> · {count} failed: {what}\n➡️ {cure}",
    "letters_tail": (
        "/retry failed tries all of it again; also <code>/retry tiktok</code>, <code>/retry batch "
        "3</code>, <code>/retry c3</code>."
    ),
    "letters_member": "• post {post_id} · {place}: {title} ({at})",
    "letters_more": {"one": "… and one more", "other": "… and {count} more"},
    "cause_at": "{platform}: {what}",
    "cause_at_account": "{platform} · {account}: {what}",
    "cause_said": "{what} ({text})",
    "cause_duplicate": "the same video is there already",
    "cause_nobody_decided": "nobody said whether it is live",
    "cause_source": "the video could not be fetched: {why}",
    "cure_connect": "Connect the account again with /connect, then try them again.",
    "cure_connected": "The account is connected again: try them again.",
    "cure_wait": "Wait until there is room again (/limits says when), then try them again.",
    "cure_fix_file": "Fit the video or send another version; what was changed is tried again.",
    "cure_change": "Change what was refused, then try them again.",
    "cure_send_again": "Send the videos again, or try once more if the source is back.",
    "cure_there": (
        "Put them aside, or publish one once more with <code>/retry</code> and the number of its "
        "post."
    ),
    "cure_decide": "Look whether they are live and say so; nothing is sent again before that.",
    "cure_retry": "Try them again.",
    "cure_report": "The log tells more (/doctor); then try them again.",
    "button_letters_replay": "🔁 c{cause}",
    "button_letters_drop": "🗑 c{cause}",
    "button_letters_show": "👁 c{cause}",
    "button_letters_list": "‹ All causes",
    "button_letters_undo": "↩️ Undo",
    "button_replay_these": "🔁 Try them again",
    "unknown_cause": "Nothing failed of cause c{cause}, or not any more. /failed shows what did.",
    "unknown_retry": (
        "I do not know what to try again by “{given}”. Write <code>/retry 12</code>, <code>/retry "
        "failed</code>, a platform, an account, <code>/retry batch 3</code> or a cause of "
        "/failed, such as <code>/retry c3</code>."
    ),
    "undecided": (
        "Nobody has said yet whether post {post_id} is live, so it is not sent again by itself. "
        "Look there, then press a button under its card: /post {post_id}"
    ),
    "error_nobody_decided": (
        "Its answer was lost, and nobody said in time whether it is live. It was not sent again: "
        "look there, then say so with a button."
    ),
    "letters_retried": "Trying {uploads} again.",
    "letters_going_on": (
        "Trying {total} again, {count} so far. The rest follows by itself, behind what is newer; "
        "I tell you when all of them are begun."
    ),
    "letters_all_begun": "All of it is begun: {uploads} tried again.",
    "letters_nothing_retried": "None of them could be tried again.",
    "left_there": {
        "one": "One is left out: the same video is there already.",
        "other": "{count} are left out: the same videos are there already.",
    },
    "left_undecided": {
        "one": "One is left out: somebody must say first whether it is live (/failed).",
        "other": "{count} are left out: somebody must say first whether they are live (/failed).",
    },
    "left_no_account": {
        "one": "One is left out: its account is not connected any more (/connect).",
        "other": "{count} are left out: their accounts are not connected any more (/connect).",
    },
    "letters_dropped": "{uploads} put aside: they stay failed, but are not listed any more.",
    "letters_dropping": "{total} are being put aside: they stay failed, but are not listed.",
    "letters_nothing_dropped": "There was nothing left to put aside.",
    "letters_undone": "{uploads} listed again. /failed shows them.",
    "letters_nothing_undone": "There is nothing to take back any more.",
    "account_back": {
        "one": (
            "🔑 {platform} · {account} is connected again. One upload had failed without it; it "
            "can be tried again."
        ),
        "other": (
            "🔑 {platform} · {account} is connected again. {count} uploads had failed without it; "
            "they can be tried again."
        ),
    },
}

WAITING: Sentences = {
    "cmd_waiting": "what waits for your answer",
    "waiting_none": "Nothing waits for you.",
    "waiting_head": {
        "one": "❔ <b>One thing waits for you</b>",
        "other": "❔ <b>{count} things wait for you</b>",
    },
    "waiting_head_pages": "❔ <b>{count} things wait for you</b> · page {page} of {pages}",
    "waiting_line": "<b>{number}.</b> {what}",
    "waiting_item": "• {what}",
    "waiting_more": {"one": "… and one more", "other": "… and {count} more"},
    "waiting_reminder": {
        "one": "⏰ <b>One thing still waits for you:</b>\n{items}\n/waiting shows it.",
        "other": "⏰ <b>{count} things still wait for you:</b>\n{items}\n/waiting shows them.",
    },
    "waiting_expired": {
        "one": "⌛ <b>Nobody answered in time:</b>\n{items}",
        "other": "⌛ <b>Nobody answered {count} questions in time:</b>\n{items}",
    },
    "asked_caption": "Post {post_id}, {title}: it waits for a caption. Reply to its question.",
    "asked_duplicate": "Post {post_id}, {title}: the file is there already. Publish it again?",
    "asked_unknown": "Post {post_id}, {title}: is it live on {place}? Its answer was lost.",
    "asked_fit": "Post {post_id}, {title}: {place} does not take the video as it is.",
    "asked_together": "Post {post_id}, {title}: let it go live although some of it failed?",
    "asked_batch": "The list {title} is looked into. Shall it be published?",
    "expired_batch": "The list {title}: not published. Send it again to begin anew.",
    "asked_account": "{place}: the account must be connected again.",
    "expired_caption": "Post {post_id}, {title}: left as it is; nothing is published.",
    "expired_duplicate": "Post {post_id}, {title}: not published again.",
    "expired_unknown": (
        "Post {post_id}, {title}: nobody said whether it is live on {place}. It is not sent "
        "again; /post {post_id} still lets you say so."
    ),
    "expired_fit": "Post {post_id}, {title}: {place} is left out.",
    "expired_together": "Post {post_id}, {title}: kept back; what was not published is cancelled.",
    "button_waiting": "Show",
    "event_expired": "{place}: nobody answered in time",
}

SENTENCES: Sentences = {**FAILED, **WAITING}
