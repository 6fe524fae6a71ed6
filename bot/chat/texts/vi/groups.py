"""Vietnamese sentences about groups of accounts, the choice between them, and staged go-live."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

SENTENCES: Sentences = {
    "cmd_groups": "nhóm tài khoản dưới một tên",
    "groups_none": (
        "Chưa có nhóm nào. Nhóm là nhiều tài khoản dưới một tên, ví dụ <code>to: brand A</code>. "
        "Tạo nhóm: <code>/groups new brand A</code>"
    ),
    "groups_head": "<b>Nhóm</b>",
    "group_line": "<b>{name}</b> · {rule} · {members}",
    "groups_more": {
        "other": "… và {count} nhóm nữa bên dưới",
    },
    "groups_tail": "Thêm nhóm: <code>/groups new NAME</code>",
    "group_head": "<b>{name}</b>\nQuy tắc: {rule}\nNghỉ giữa các tài khoản: {gap}",
    "group_how": "Bấm vào tài khoản để thêm hoặc bỏ. Trong chú thích: <code>to: {name}</code>",
    "group_deleted": "Đã xóa nhóm {name}; các tài khoản vẫn được kết nối.",
    "group_unknown": "Không có nhóm “{given}”. Tất cả: /groups",
    "group_there": "Đã có nhóm {name}: /groups",
    "group_name_taken": "{name} đã là tên một nền tảng hoặc tài khoản. Hãy đặt tên khác cho nhóm.",
    "group_bad_name": (
        "“{given}” không đặt tên nhóm được: từ 1 đến {limit} ký tự, không có dấu phẩy và dấu hai "
        "chấm. Hãy viết <code>/groups new brand A</code>"
    ),
    "group_empty": "Nhóm {name} chưa có tài khoản. Thêm vào bằng /groups.",
    "groups_usage": "Hãy viết <code>/groups</code>, hoặc <code>/groups new NAME</code>.",
    "count_members": {
        "other": "{count} tài khoản",
    },
    "rule_all": "đến mọi tài khoản",
    "rule_round_robin": "mỗi nền tảng một tài khoản, lần lượt",
    "rule_least_used": "mỗi nền tảng một tài khoản ít dùng nhất",
    "gap_none": "như trong cài đặt",
    "button_group": "{name}",
    "button_member_in": "✅ {name}",
    "button_member_out": "➕ {name}",
    "button_group_rule": "Quy tắc: {rule}",
    "button_group_gap": "Nghỉ: {gap}",
    "button_group_delete": "Xóa nhóm",
    "button_groups": "‹ Mọi nhóm",
    "target_paused": "{target} đang tạm dừng. Hãy mở lại bằng /accounts, hoặc chọn nơi khác.",
    "choice_round_robin": "{chosen}: đến lượt",
    "choice_least_used": "{chosen}: ít việc nhất",
    "choice_all": "{chosen}",
    "choice_cooldown": "{chosen}: {passed} nghỉ đến {until}",
    "choice_gap": "{chosen}: {passed} giãn cách giữa các video đến {until}",
    "choice_quota": "{chosen}: {passed} hết hạn ngạch đến {until}",
    "choice_paused": "{chosen}: {passed} đang tạm dừng",
    "choice_left_out": "{passed}: đang tạm dừng nên bỏ qua",
    "choice_reconnect": "{chosen}: {passed} cần kết nối lại",
    "card_option_left_out": "ℹ️ {platform} không có tùy chọn này: {options}",
    "card_choice": "    ↳ {why}",
    "wait_rest": "😴 {place}: nghỉ sau khi lỗi, đến {until}",
    "wait_gap": "⏳ {place}: giãn cách giữa các video đến {until}",
    "wait_staged": "🎬 {place}: sẵn sàng; đăng cùng các nơi khác lúc {until}",
    "wait_staged_open": "🎬 {place}: sẵn sàng; đăng khi mọi nơi sẵn sàng",
    "wait_together": "🎬 {place}: sẵn sàng; đang chờ bạn quyết định",
    "upload_scheduled": "🕒 {place}: đã tải lên; {platform} công khai lúc {until}",
    "visibility_scheduled": "đã lên lịch",
    "together_failed": (
        "Bài đăng {post_id} lẽ ra được đăng ở mọi nơi cùng lúc, nhưng thất bại ở:\n{places}\nCác "
        "nơi khác đã sẵn sàng. Đăng luôn hay giữ lại? Nút 🔁 dưới thẻ sẽ thử lại những nơi thất "
        "bại trước."
    ),
    "together_decided": "Việc này đã được quyết định rồi. Xem tiếp: /post {post_id}",
    "together_going": "Đang đăng các nơi còn lại.",
    "together_staying": "Đã giữ lại: những gì chưa đăng bị hủy, phần còn lại vẫn ẩn.",
    "button_together_go": "Đăng các nơi còn lại",
    "button_together_stay": "Giữ lại",
    "event_staged": "{place}: sẵn sàng để đăng",
    "event_reassigned": "{place}: tài khoản khác nhận thay",
}
