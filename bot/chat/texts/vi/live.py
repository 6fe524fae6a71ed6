"""Vietnamese sentences about live."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

REFUSALS: Sentences = {
    "nothing_live": "Bài đăng {post_id} chưa đăng được gì. Tình trạng: /post {post_id}",
    "nothing_live_yet": "Chưa có gì được đăng. Hãy gửi một video.",
    "edit_empty": (
        "Bài đăng {post_id}: mình không thấy nội dung mới. Hãy trả lời bằng văn bản, <code>title: "
        "…</code>, <code>tags: …</code> hoặc <code>privacy: …</code>."
    ),
    "edit_line": (
        "Không đổi được dòng <b>{line}:</b> khi bài đăng đã được nhận. Hãy bỏ dòng đó, hoặc "
        "/cancel {post_id} rồi gửi lại video."
    ),
    "edit_option": "Không nơi nào của bài đăng này có <b>{option}:</b>. Hãy bỏ dòng đó.",
    "file_too_big": "Tệp quá lớn. Hãy gửi tệp tối đa {limit_mb} MB.",
    "captions_language": (
        "Phụ đề bằng ngôn ngữ nào? Hãy đặt tên tệp như <code>video.de.srt</code>, hoặc gửi kèm "
        "dòng <code>language: de</code>."
    ),
    "frames_no_file": (
        "Không lấy được video của bài đăng {post_id} nữa. Hãy trả lời thẻ của bài bằng một ảnh."
    ),
    "frames_too_large": (
        "Video của bài đăng {post_id} không còn ở đây, và trên {limit_mb} MB mình không lấy lại "
        "chỉ để chọn ảnh. Hãy trả lời thẻ của bài bằng một ảnh."
    ),
    "frames_no_room": (
        "Ổ đĩa không còn chỗ để lấy lại video của bài đăng {post_id}. Hãy giải phóng dung lượng, "
        "hoặc trả lời thẻ của bài bằng một ảnh."
    ),
    "frames_not_now": (
        "Lúc này không lấy lại được video của bài đăng {post_id}. Một phút nữa hãy viết "
        "/thumbnail {post_id}, hoặc trả lời thẻ của bài bằng một ảnh."
    ),
    "frames_nowhere": "Không nơi nào của bài đăng {post_id} cho đổi ảnh bìa.",
    "frames_old": "Các ảnh này không còn nữa. Hãy viết lại /thumbnail {post_id}.",
    "frames_busy": "Telegram chưa nhận ảnh lúc này. Hãy viết lại lệnh sau một phút.",
    "delete_usage": "Hãy ghi số bài đăng: /delete 12. Xem số: /queue và /stats",
    "thumbnail_usage": "Hãy ghi số bài đăng: /thumbnail 12, hoặc trả lời thẻ của bài bằng ảnh.",
}

WISHES: Sentences = {
    "edit_head": "✏️ Bài đăng {post_id}, nội dung mới:\n{lines}",
    "thumbnail_head": "🖼 Bài đăng {post_id}, ảnh bìa mới:\n{lines}",
    "captions_head": "💬 Bài đăng {post_id}, phụ đề:\n{lines}",
    "delete_head": "🗑 Bài đăng {post_id}:\n{lines}",
    "wish_nowhere": "Bài đăng {post_id}: không nơi nào làm được việc này.\n{lines}",
    "wish_asked": "• {place}: đang thay đổi",
    "wish_removed": "• {place}: đang xóa",
    "wish_later": "• {place}: sẽ thay đổi ngay khi đăng xong",
    "wish_fresh": "• {place}: sẽ được đăng như vậy",
    "wish_cannot": "• {place}: {why}",
    "cannot_edit": "không sửa được video đã đăng; hãy xóa rồi đăng lại",
    "cannot_visibility": "không đổi được quyền xem của video đã đăng; hãy làm trong ứng dụng",
    "cannot_privacy": "không có “{privacy}”, chỉ có {known}",
    "cannot_option": "“{option}” chỉ đặt được lúc tải lên, sau đó không đổi được",
    "cannot_scope": "tài khoản được kết nối mà không có quyền này; hãy kết nối lại: /connect",
    "cannot_sign_in": "kiểu đăng nhập này không cho phép; hãy làm trong ứng dụng. {url}",
    "cannot_delete": "bot không xóa được video; hãy làm trong ứng dụng. {url}",
    "cannot_thumbnail": "không đổi được ảnh bìa của video đã đăng",
    "cannot_own_picture": "không nhận ảnh riêng, chỉ nhận khung hình từ chính video",
    "cannot_cover": (
        "không nhận ảnh riêng, chỉ nhận khung hình từ chính video; hãy trả lời thẻ bằng "
        "<code>cover: 2.5</code> để lấy khung hình ở giây 2,5"
    ),
    "cannot_captions": "không nhận tệp phụ đề",
    "cannot_playlist": "không có danh sách phát",
    "cannot_unseen": (
        "không nhận được phản hồi nên mình không biết địa chỉ; hãy làm trong ứng dụng"
    ),
    "delete_ask": "Xóa bài đăng {post_id}? Đã xóa thì không lấy lại được.\n{lines}",
    "delete_place": "• {place}: sẽ bị xóa. {url}",
    "delete_left": "Không xóa gì cả.",
    "frames_choose": "Bài đăng {post_id} dùng ảnh bìa nào? Hoặc trả lời thẻ của bài bằng một ảnh.",
    "frames_left": "Giữ nguyên ảnh bìa.",
    "finding_asked": "Đang xem.",
    "finding_show": "Đang yêu cầu.",
    "finding_publish": "Đang đăng lại ở đó.",
    "button_delete_all": "🗑 Xóa ở mọi nơi",
    "button_delete_yes": "🗑 Có, xóa",
    "button_frame": "{number}",
}

OUTCOMES: Sentences = {
    "outcome_edit": "✏️ <b>Đã sửa</b> · bài đăng {post_id}\n{lines}",
    "outcome_visibility": "👁 <b>Đã đổi quyền xem</b> · bài đăng {post_id}\n{lines}",
    "outcome_delete": "🗑 <b>Đã xóa</b> · bài đăng {post_id}\n{lines}",
    "outcome_thumbnail": "🖼 <b>Ảnh bìa mới</b> · bài đăng {post_id}\n{lines}",
    "outcome_captions": "💬 <b>Đã thêm phụ đề</b> · bài đăng {post_id}\n{lines}",
    "outcome_playlist": "📃 <b>Đã thêm vào danh sách phát</b> · bài đăng {post_id}\n{lines}",
    "outcome_partly": "⚠️ <b>Đã làm, nhưng chưa đủ nơi</b> · bài đăng {post_id}\n{lines}",
    "outcome_failed": "❌ <b>Chưa làm được</b> · bài đăng {post_id}\n{lines}",
    "outcome_done_line": "✅ {place}",
    "outcome_failed_line": "❌ {place}: {why}",
    "error_gone": "Video không còn ở đó.",
    "error_no_picture": "Tệp này không phải ảnh JPEG hay PNG. Hãy trả lời bằng một ảnh.",
    "finding_gone": (
        "⚠️ {place}: video của bài đăng {post_id} không còn ở đó, và không phải mình xóa. Hãy xem "
        "trong ứng dụng có thông báo gì không; mình có thể đăng lại."
    ),
    "finding_blocked": (
        "⚠️ {place}: video của bài đăng {post_id} bị chặn: {why}. Hãy xem ở đó có thể làm gì, rồi "
        "để mình xem lại."
    ),
    "finding_visibility": (
        "⚠️ {place}: bài đăng {post_id} lẽ ra là “{wanted}”, nhưng lại là “{why}”. Hãy vào xem "
        "nền tảng có hạn chế không."
    ),
    "finding_fine": "✅ {place}: bài đăng {post_id} vẫn ở đó và hiển thị đúng như mong muốn.",
    "button_publish_live": "🔁 Đăng lại",
    "button_check_live": "🔁 Xem lại",
    "button_show_live": "🔧 Sửa cho đúng",
    "button_look": "👁 Mở",
    "upload_removed": "🗑 {place}: đã xóa",
    "upload_gone": "⚠️ {place}: không còn ở đó",
    "card_removed": "🗑 <b>Đã xóa</b> · bài đăng {post_id}",
    "card_partly_removed": "🗑 <b>Đã xóa, nhưng chưa đủ nơi</b> · bài đăng {post_id}",
}

FIGURES: Sentences = {
    "figures_post": "<b>{post_id}</b> · {title}",
    "figures_line": (
        "• {place}: lượt xem {views} · thích {likes} · bình luận {comments} · chia sẻ "
        "{shares}{age}"
    ),
    "figures_none": "• {place}: chưa có số liệu",
    "figures_none_why": "• {place}: không có số liệu: {why}",
    "figures_never": "ở đây bot không được biết số liệu; hãy xem trong ứng dụng",
    "figures_grown": "{now} (+{more})",
    "figures_shrunk": "{now} (−{less})",
    "figures_age": " ({span} trước)",
    "figures_trouble": " – không có số liệu mới hơn: {why}",
    "figures_more": {
        "other": "… và {count} bài đăng nữa: /stats kèm số bài",
    },
    "help_live": (
        "<b>Khi đã đăng</b>: trả lời thẻ bằng nội dung mới, ảnh hoặc phụ đề (.srt)\n/stats 12 – "
        "lượt xem và lượt thích\n/thumbnail 12 – chọn ảnh bìa\n/delete 12 – xóa ở mọi nơi"
    ),
    "cmd_stats": "lượt xem và lượt thích",
    "cmd_thumbnail": "chọn ảnh bìa",
    "cmd_delete": "xóa bài đăng ở mọi nơi",
}

EVENTS: Sentences = {
    "event_rewritten": "đã viết nội dung mới",
    "event_edit_done": "{place}: đã sửa",
    "event_edit_failed": "{place}: chưa sửa được. {error}",
    "event_visibility_done": "{place}: đã đổi quyền xem",
    "event_visibility_failed": "{place}: chưa đổi được quyền xem. {error}",
    "event_delete_done": "{place}: đã xóa",
    "event_delete_failed": "{place}: chưa xóa được. {error}",
    "event_thumbnail_done": "{place}: ảnh bìa mới",
    "event_thumbnail_failed": "{place}: chưa đổi được ảnh bìa. {error}",
    "event_captions_done": "{place}: đã thêm phụ đề",
    "event_captions_failed": "{place}: chưa thêm được phụ đề. {error}",
    "event_playlist_done": "{place}: đã thêm vào danh sách phát",
    "event_playlist_failed": "{place}: chưa thêm được vào danh sách phát. {error}",
    "event_check_done": "{place}: đã kiểm tra",
    "event_check_failed": "{place}: chưa kiểm tra được. {error}",
}

SENTENCES: Sentences = {**REFUSALS, **WISHES, **OUTCOMES, **FIGURES, **EVENTS}
