"""Vietnamese sentences about accounts."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

NEWS: Sentences = {
    "account_needs_sign_in": (
        "🔑 Cần kết nối lại <b>{account}</b> ({platform}): {why}. Các video của tài khoản này "
        "đang chờ và sau đó sẽ tự chạy tiếp."
    ),
    "account_login_loop": (
        "🔁 <b>{account}</b> ({platform}) được kết nối nhiều lần trong một giờ, nhưng lần nào "
        "đăng nhập mới cũng sớm bị từ chối: {why}. Đăng nhập thêm lần nữa khó mà có ích. Nguyên "
        "nhân có thể là: chương trình khác đang dùng cùng đăng nhập này; ứng dụng còn ở chế độ "
        "thử nghiệm trên nền tảng (đăng nhập ở đó chỉ kéo dài 7 ngày); ứng dụng đã bị gỡ trong "
        "cài đặt tài khoản; mã bí mật của ứng dụng đã đổi. Hãy xem những chỗ đó trước. Mình sẽ "
        "không thử gì cho đến khi có người kết nối lại."
    ),
    "account_sign_in_ends": {
        "other": (
            "⏳ Phiên đăng nhập của <b>{account}</b> ({platform}) sẽ hết hạn trong {count} ngày "
            "nữa, và {platform} không gia hạn. Hãy kết nối lại khi tiện để video không phải chờ."
        ),
    },
    "wait_paused": "⏸ {place}: tài khoản đang tạm dừng, sẽ chạy tiếp khi có người mở lại",
}

LIST: Sentences = {
    "cmd_accounts": "tài khoản đã kết nối",
    "accounts_head": "<b>Tài khoản</b> · {accounts}, trang {page}/{pages}",
    "accounts_line": "{mark} <b>{account_id}</b> · {platform} · {name}: {state}",
    "accounts_none": "Chưa có tài khoản nào được kết nối. Kết nối: /connect",
    "count_accounts": {
        "other": "{count} tài khoản",
    },
    "account_mark_ok": "✅",
    "account_mark_warn": "⚠️",
    "account_mark_paused": "⏸",
    "account_mark_reconnect": "🔑",
    "account_mark_resting": "💤",
    "account_state_ok": "sẵn sàng",
    "account_state_warn": "sẵn sàng, nhưng nên xem qua",
    "account_state_paused": "đang tạm dừng",
    "account_state_reconnect": "cần kết nối lại",
    "account_state_resting": "nghỉ đến {until}",
}

PAGE: Sentences = {
    "account_head": "{mark} <b>{name}</b> · {platform} · tài khoản {account_id}",
    "account_says_ok": "Sẵn sàng đăng.",
    "account_says_warn": "Sẵn sàng đăng, nhưng hãy xem các dòng bên dưới.",
    "account_says_paused": (
        "Đang tạm dừng: không bắt đầu việc mới. Những gì đang chờ sẽ chạy tiếp khi mở lại."
    ),
    "account_says_reconnect": (
        "Cần kết nối lại: {trouble}. Các video của tài khoản này chờ đến lúc đó."
    ),
    "account_says_resting": "Nghỉ đến {until}, do có lỗi hoặc để giãn cách.",
    "account_refused": "đăng nhập bị từ chối",
    "account_renews": "Đăng nhập: tự gia hạn, lần này có hiệu lực đến {until}.",
    "account_renews_until": "Đăng nhập: tự gia hạn, muộn nhất đến {end}; sau đó hãy kết nối lại.",
    "account_good_until": "Đăng nhập: có hiệu lực đến {end}; sau đó hãy kết nối lại.",
    "account_no_end": "Đăng nhập: không rõ thời hạn.",
    "account_renewed": "Gia hạn lần cuối: {at}.",
    "account_lacks": "Khi đăng nhập chưa được cho phép nên không dùng được: {what}.",
    "account_cannot_publish": "đăng video ({scopes})",
    "account_last_live": "Video gần nhất: đã đăng, {at}. {url}",
    "account_last_failed": "Video gần nhất: thất bại, {at}. {why}",
    "account_last_cancelled": "Video gần nhất: đã hủy, {at}.",
    "account_last_none": "Chưa có video nào hoàn tất ở đây.",
    "account_score": "Gần đây {score}% thành công.",
    "account_is_target": "Video không có dòng <b>to:</b> cũng được đăng ở đây.",
    "account_no_target": "Chỉ video ghi tên tài khoản này mới được đăng ở đây.",
    "account_defaults": "Mặc định: {defaults}.",
    "account_no_defaults": "Không có mặc định riêng.",
    "account_default": "{word} {value}",
    "account_from_settings": "Tài khoản này nằm trong config.py.",
    "account_checked": "✔️ Vừa kiểm tra: dùng tốt.",
    "account_check_failed": "✖️ Vừa kiểm tra: {why}.",
    "account_pause_note": "Những gì đang gửi sẽ được gửi xong.",
    "account_rename_how": "Hãy viết tên mới: <code>/account {account_id} name Tên mới</code>",
    "account_tags_how": (
        "Hãy viết các thẻ: <code>/account {account_id} tags một, hai</code>; muốn bỏ hết thì ghi "
        "dấu gạch ngang thay vào."
    ),
    "account_disconnect_ask": (
        "Ngắt kết nối <b>{name}</b> ({platform})? Karvon trả lại quyền truy cập và xóa thông tin "
        "đăng nhập. Không có gì đang chờ tài khoản này, những gì đã đăng vẫn còn."
    ),
    "account_disconnect_ask_waiting": (
        "Ngắt kết nối <b>{name}</b> ({platform})? Karvon trả lại quyền truy cập, xóa thông tin "
        "đăng nhập, và những gì đang chờ sẽ thất bại: {waiting}. Những gì đã đăng vẫn còn."
    ),
    "account_gone": "🔌 Đã ngắt kết nối <b>{name}</b> ({platform}) và xóa thông tin đăng nhập.",
    "account_gone_by_hand": (
        "Không trả lại được quyền truy cập: {why}. Bạn hãy tự gỡ: {remove_at}."
    ),
    "account_gone_uploads": "Đã thất bại vì còn đang chờ: {failed}.",
    "account_gone_returns": (
        "Tài khoản này nằm trong config.py và sẽ trở lại ở lần khởi động sau. Hãy gỡ cả ở đó."
    ),
}

BUTTONS: Sentences = {
    "button_reconnect": "🔑 Kết nối lại",
    "button_account": "{mark} {name}",
    "button_account_pause": "⏸ Tạm dừng",
    "button_account_resume": "▶️ Mở lại",
    "button_account_check": "🔎 Kiểm tra",
    "button_account_target_on": "🎯 Đăng ở đây: có",
    "button_account_target_off": "🎯 Đăng ở đây: khi ghi tên",
    "button_account_default": "{word}: {value}",
    "button_account_rename": "✏️ Đổi tên",
    "button_account_tags": "#️⃣ Thẻ",
    "button_account_disconnect": "🔌 Ngắt kết nối",
    "button_account_leave": "🔌 Có, ngắt kết nối",
    "button_account_keep": "Không, giữ lại",
    "button_account_list": "‹ Mọi tài khoản",
    "account_unset": "theo mặc định",
}

REFUSALS: Sentences = {
    "account_unknown": "Không có tài khoản “{given}”. Tất cả: /accounts",
    "account_ambiguous": "Có nhiều tài khoản tên “{given}”: {places}. Hãy ghi số.",
    "account_not_yours": "Chỉ quản trị viên hoặc người đã kết nối mới đổi được tài khoản này.",
    "account_not_pausable": (
        "Không tạm dừng được <b>{account}</b>: đã tạm dừng rồi, hoặc cần kết nối lại trước. Xem: "
        "/accounts"
    ),
    "account_not_paused": "<b>{account}</b> không bị tạm dừng. Xem tình trạng: /accounts",
    "account_bad_name": (
        "Hãy viết tên không quá {limit} ký tự và không phải là số, ví dụ <code>/account 3 name "
        "Kênh của tôi</code>."
    ),
    "account_name_taken": "Tài khoản {account_id} của nền tảng đó đã mang tên “{name}”.",
    "account_usage": (
        "Hãy ghi số tài khoản: <code>/account 3</code>. Để thay đổi, thêm một trong: <code>name "
        "Tên mới</code>, <code>privacy private</code>, <code>tags một, hai</code>, <code>target "
        "on</code>, <code>pause</code>, <code>resume</code>, <code>check</code>, "
        "<code>disconnect</code>, hoặc một tùy chọn như <code>ai yes</code>. Ghi dấu gạch ngang "
        "làm giá trị để bỏ mặc định. Tất cả: /accounts"
    ),
    "account_bad_value": "“{given}” không dùng được cho {word}. Có thể: {known}.",
    "account_no_value": "Hãy ghi giá trị sau {word}: {known}; hoặc dấu gạch ngang để bỏ mặc định.",
    "account_no_option": "{platform} không có tùy chọn “{word}”. Có: {known}.",
}

SENTENCES: Sentences = {**NEWS, **LIST, **PAGE, **BUTTONS, **REFUSALS}
