"""Vietnamese sentences about failed uploads and what waits for a person."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

FAILED: Sentences = {
    "cmd_failed": "phần thất bại, theo nguyên nhân",
    "letters_none": "Không có gì thất bại, trừ phần đã gác lại. Đang chạy: /queue",
    "letters_head": {
        "other": "<b>{count} lượt tải lên thất bại</b>, {causes}",
    },
    "letters_head_pages": "<b>{count} lượt tải lên thất bại</b>, {causes} · trang {page}/{pages}",
    "count_causes": {
        "other": "{count} nguyên nhân",
    },
    "letters_group": {
        "other": (
            "<b>c{cause}</b> · {count} lượt thất bại: {what}\ntừ {since}, gần nhất ở bài đăng "
            "{post_id}\n➡️ {cure}"
        ),
    },
    "letters_group_head": "<b>c{cause}</b> · {count} lượt thất bại: {what}\n➡️ {cure}",
    "letters_tail": (
        "Thử lại tất cả: /retry failed. Hoặc chỉ một phần: <code>/retry tiktok</code>, "
        "<code>/retry batch 3</code>, <code>/retry c3</code>."
    ),
    "letters_member": "• bài đăng {post_id} · {place}: {title} ({at})",
    "letters_more": {
        "other": "… và {count} lượt nữa",
    },
    "cause_at": "{platform}: {what}",
    "cause_at_account": "{platform} · {account}: {what}",
    "cause_said": "{what} ({text})",
    "cause_duplicate": "video này đã có ở đó",
    "cause_nobody_decided": "không ai cho biết video đã đăng chưa",
    "cause_source": "không tải được video về: {why}",
    "cure_connect": "Hãy kết nối lại tài khoản bằng /connect, rồi thử lại.",
    "cure_connected": "Tài khoản đã được kết nối lại: hãy thử lại.",
    "cure_wait": "Hãy chờ đến khi có thêm hạn ngạch (khi nào: /limits), rồi thử lại.",
    "cure_fix_file": "Hãy chỉnh video cho vừa hoặc gửi bản khác; phần đã chỉnh sẽ được thử lại.",
    "cure_change": "Hãy sửa điều bị từ chối, rồi thử lại.",
    "cure_send_again": "Hãy gửi lại các video, hoặc thử lại nếu nguồn đã có trở lại.",
    "cure_there": "Hãy gác lại, hoặc đăng thêm lần nữa bằng <code>/retry</code> kèm số bài đăng.",
    "cure_decide": "Hãy xem video đã đăng chưa rồi cho mình biết; trước đó không gửi lại gì.",
    "cure_retry": "Hãy thử lại.",
    "cure_report": "Hãy xem thêm trong nhật ký (/doctor), rồi thử lại.",
    "button_letters_replay": "🔁 c{cause}: thử lại",
    "button_letters_drop": "🗑 c{cause}: gác lại",
    "button_letters_show": "👁 c{cause}: xem",
    "button_letters_list": "‹ Mọi nguyên nhân",
    "button_letters_undo": "↩️ Hoàn tác",
    "button_replay_these": "🔁 Thử lại",
    "unknown_cause": (
        "Không có gì thất bại vì nguyên nhân c{cause}, hoặc không còn nữa. Phần thất bại: /failed"
    ),
    "unknown_retry": (
        "Mình không hiểu cần thử lại gì với “{given}”. Hãy viết <code>/retry 12</code>, "
        "<code>/retry failed</code>, tên nền tảng, tên tài khoản, <code>/retry batch 3</code> "
        "hoặc một nguyên nhân trong /failed, ví dụ <code>/retry c3</code>."
    ),
    "undecided": (
        "Chưa ai cho biết bài đăng {post_id} đã đăng chưa nên nó không được tự gửi lại. Hãy xem ở "
        "đó, rồi bấm nút dưới thẻ: /post {post_id}"
    ),
    "error_nobody_decided": (
        "Không nhận được phản hồi, và không ai kịp cho biết video đã đăng chưa. Video không được "
        "gửi lại: hãy xem ở đó, rồi bấm nút cho biết."
    ),
    "letters_retried": "Đang thử lại {uploads}.",
    "letters_going_on": (
        "Đang thử lại {total}, đến giờ được {count}. Phần còn lại tự chạy sau những bài mới hơn; "
        "mình sẽ báo khi đã bắt đầu hết."
    ),
    "letters_all_begun": "Đã bắt đầu hết: thử lại {uploads}.",
    "letters_nothing_retried": "Không lượt nào thử lại được.",
    "left_there": {
        "other": "Bỏ qua {count} lượt: video này đã có ở đó.",
    },
    "left_undecided": {
        "other": (
            "Bỏ qua {count} lượt: trước hết cần có người cho biết video đã đăng chưa (/failed)."
        ),
    },
    "left_no_account": {
        "other": "Bỏ qua {count} lượt: tài khoản không còn được kết nối (/connect).",
    },
    "letters_dropped": (
        "Đã gác lại {uploads}: vẫn tính là thất bại, nhưng không hiện trong danh sách nữa."
    ),
    "letters_dropping": (
        "Đang gác lại {total}: vẫn tính là thất bại, nhưng không hiện trong danh sách."
    ),
    "letters_nothing_dropped": "Không còn gì để gác lại.",
    "letters_undone": "Đã đưa {uploads} trở lại danh sách. Xem: /failed",
    "letters_nothing_undone": "Không còn gì để hoàn tác.",
    "account_back": {
        "other": (
            "🔑 {platform} · {account} đã được kết nối lại. {count} lượt tải lên từng thất bại vì "
            "thiếu tài khoản này; giờ thử lại được."
        ),
    },
}

WAITING: Sentences = {
    "cmd_waiting": "những gì chờ bạn trả lời",
    "waiting_none": "Không có gì chờ bạn.",
    "waiting_head": {
        "other": "❔ <b>{count} việc đang chờ bạn</b>",
    },
    "waiting_head_pages": "❔ <b>{count} việc đang chờ bạn</b> · trang {page}/{pages}",
    "waiting_line": "<b>{number}.</b> {what}",
    "waiting_item": "• {what}",
    "waiting_more": {
        "other": "… và {count} việc nữa",
    },
    "waiting_reminder": {
        "other": "⏰ <b>Vẫn còn {count} việc chờ bạn:</b>\n{items}\nXem: /waiting",
    },
    "waiting_expired": {
        "other": "⌛ <b>{count} câu hỏi không ai trả lời kịp:</b>\n{items}",
    },
    "asked_caption": (
        "Bài đăng {post_id}, {title}: đang chờ chú thích. Hãy trả lời câu hỏi của bài này."
    ),
    "asked_duplicate": "Bài đăng {post_id}, {title}: tệp này đã có ở đó. Đăng lại nhé?",
    "asked_unknown": (
        "Bài đăng {post_id}, {title}: đã đăng trên {place} chưa? Mình không nhận được phản hồi."
    ),
    "asked_fit": "Bài đăng {post_id}, {title}: {place} không nhận video nguyên như vậy.",
    "asked_together": "Bài đăng {post_id}, {title}: vẫn đăng dù có nơi thất bại?",
    "asked_batch": "Danh sách {title} đã kiểm tra xong. Đăng nhé?",
    "expired_batch": "Danh sách {title}: không đăng. Muốn làm lại, hãy gửi lại danh sách.",
    "asked_account": "{place}: cần kết nối lại tài khoản.",
    "expired_caption": "Bài đăng {post_id}, {title}: để nguyên, không đăng gì cả.",
    "expired_duplicate": "Bài đăng {post_id}, {title}: không đăng lại.",
    "expired_unknown": (
        "Bài đăng {post_id}, {title}: không ai cho biết đã đăng trên {place} chưa. Video không "
        "được gửi lại; bạn vẫn có thể cho biết: /post {post_id}"
    ),
    "expired_fit": "Bài đăng {post_id}, {title}: bỏ qua {place}.",
    "expired_together": "Bài đăng {post_id}, {title}: đã giữ lại; những gì chưa đăng bị hủy.",
    "button_waiting": "Xem",
    "event_expired": "{place}: không ai trả lời kịp",
}

SENTENCES: Sentences = {**FAILED, **WAITING}
