"""Vietnamese sentences about the library of media."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

ADD: Sentences = {
    "cmd_add": "thêm tệp vào thư viện",
    "help_library": (
        "/add – đưa tệp vào thư viện: viết làm chú thích, hoặc trả lời tệp đó\n"
        "/library – xem thư viện của bạn"
    ),
    "add_usage": (
        "Hãy gửi video, âm thanh hoặc ảnh kèm chú thích <code>/add</code>, trả lời tệp đó bằng "
        "<code>/add</code>, hoặc viết <code>/add</code> kèm một liên kết.\n"
        "Cùng dòng đó có thể ghi thêm: <code>/add template #tag mood:upbeat "
        "platform:tiktok name:Night drive</code>. Ngoài ra còn có <code>category:</code>, "
        "<code>licence:</code>, <code>origin:</code>, <code>attribution:</code> và "
        "<code>rights:</code>."
    ),
    "add_next": "Giờ hãy gửi hoặc chuyển tiếp tệp, tệp sẽ được đưa vào thư viện.",
    "add_unknown_word": (
        "Mình không biết “{given}:”. Có phải ý bạn là <code>{suggestion}:</code>? Mình biết: "
        "{known}."
    ),
    "add_bad_platform": "Mình không biết nền tảng “{given}”. Mình biết: {known}.",
    "add_bad_rights": (
        "Mình không hiểu “rights: {given}”. Hãy viết <code>rights: mine</code> hoặc <code>rights: "
        "licensed</code>, hoặc bỏ đi để mình hỏi."
    ),
    "add_not_media": (
        "“{name}” không phải video, âm thanh hay ảnh. Hãy gửi một tệp như vậy, gửi dạng tài liệu "
        "cũng được."
    ),
    "add_too_big_for_cloud": (
        "Telegram chỉ cho bot tải tệp tối đa {limit}. Hãy viết <code>/add</code> kèm liên kết đến "
        "tệp, bỏ tệp vào thư mục mình theo dõi, hoặc dùng máy chủ Bot API của riêng bạn."
    ),
    "add_too_big": (
        "Tệp nặng {size}, chỉ nhận tối đa {limit}. Hãy gửi tệp nhẹ hơn, hoặc nhờ quản trị viên "
        "tăng <code>library.max_bytes</code>."
    ),
    "add_many": "Bạn đang thêm {most} tệp rồi. Hãy trả lời hoặc hủy bớt trước.",
    "add_unknown": "Mình không còn nhớ tệp này. Hãy gửi lại kèm /add.",
    "add_press": "Hãy bấm một nút bên dưới câu hỏi.",
    "add_not_yours": ("Tệp này do người khác thêm; chỉ họ và quản trị viên mới quyết định được."),
    "add_closed": "Việc này đã quyết định rồi. Muốn chọn lại, hãy gửi lại tệp kèm /add.",
    "add_ask_kind": "📥 <b>{name}</b>\nTệp này dùng làm gì?",
    "add_ask_rights": (
        "📥 <b>{name}</b> · {kind}\nBạn có quyền dùng tệp này không? Mình lưu câu trả lời cùng "
        "tệp, và chỉ dùng tệp sau khi bạn trả lời."
    ),
    "add_ask_licence": (
        "📥 <b>{name}</b> · {kind}\nGiấy phép nào? Hãy chọn, hoặc trả lời tin nhắn này bằng tên "
        "giấy phép."
    ),
    "add_ask_attribution": (
        "📥 <b>{name}</b> · {kind}\nCần ghi công ai? Hãy trả lời tin nhắn này bằng dòng phải hiện "
        "ra, ví dụ <code>Music: Jane Doe (CC BY 4.0)</code>."
    ),
    "add_fetching": "📥 <b>{name}</b> · {kind}\nĐang thêm …",
    "add_fetching_some": "📥 <b>{name}</b> · {kind}\nĐã tải về {done}/{total} ({percent})",
    "add_fetching_open": "📥 <b>{name}</b> · {kind}\nĐã tải về {done}",
    "add_waiting": "⏳ <b>{name}</b> · {kind}\n{why}\nMình sẽ tự thử lại.",
    "add_added": "✅ <b>{name}</b> đã vào thư viện.\n{facts}",
    "add_there": "✅ Tệp này đã có trong thư viện với tên <b>{name}</b>.\n{facts}",
    "add_there_gone": "✅ <b>{name}</b> đã được thêm, nhưng nay không còn trong thư viện.",
    "add_failed": "⚠️ Chưa thêm được <b>{name}</b>.\n{why}",
    "add_cancelled": "✖ <b>{name}</b>: không thêm.",
    "add_source": "Mình không tải về được: {why}.",
    "add_internal": "Mình gặp lỗi nội bộ với tệp này; xem thêm trong nhật ký. Hãy thử lại.",
    "button_add_mine": "Của tôi",
    "button_add_licensed": "Tôi có giấy phép",
    "button_add_unnamed": "Không cần ghi công",
    "button_add_permission": "Tôi được cho phép",
    "button_add_bought": "Tôi đã mua",
    "button_add_cancel": "✖ Hủy",
    "button_add_again": "🔁 Thử lại",
    "button_add_open": "🗂 Xem tệp",
    "add_licence_permission": "cho phép bằng văn bản",
    "add_licence_bought": "giấy phép đã mua",
}

KINDS: Sentences = {
    "library_kind_source": "clip tự làm",
    "library_kind_template": "mẫu",
    "library_kind_hot": "video hot",
    "library_kind_audio": "nhạc",
    "library_kind_product": "sản phẩm",
    "library_kind_mashup": "video ghép",
    "library_kind_thumbnail": "ảnh bìa",
    "library_kinds_source": {
        "other": "{count} clip tự làm",
    },
    "library_kinds_template": {
        "other": "{count} mẫu",
    },
    "library_kinds_hot": {
        "other": "{count} video hot",
    },
    "library_kinds_audio": {
        "other": "{count} bản nhạc",
    },
    "library_kinds_product": {
        "other": "{count} sản phẩm",
    },
    "library_kinds_mashup": {
        "other": "{count} video ghép",
    },
    "library_kinds_thumbnail": {
        "other": "{count} ảnh bìa",
    },
    "library_media_video": "tệp video",
    "library_media_audio": "âm thanh",
    "library_media_image": "ảnh",
    "library_mark_video": "🎬",
    "library_mark_audio": "🎵",
    "library_mark_image": "🖼",
}

LIST: Sentences = {
    "cmd_library": "xem thư viện của bạn",
    "library_head": {
        "other": "🗂 <b>Thư viện</b> · {count} tệp",
    },
    "library_filtered": {
        "other": "🗂 <b>Thư viện</b> · {count} tệp khớp: {filters}",
    },
    "library_empty": (
        "🗂 Thư viện của bạn đang trống. Hãy gửi video, âm thanh hoặc ảnh kèm chú thích "
        "<code>/add</code>."
    ),
    "library_nothing": (
        "🗂 <b>Thư viện</b> · không có tệp nào khớp: {filters}\nHãy bỏ bớt bộ lọc, hoặc trả lời "
        "bằng từ khác."
    ),
    "library_filter_words": "“{text}”",
    "library_row": "{number}. {mark} <b>{name}</b> · {facts}",
    "library_page": "Trang {page}/{pages}",
    "library_hint": "Bấm một số để xem chi tiết. Trả lời tin nhắn này bằng từ cần tìm.",
    "library_uses": {
        "other": "đã dùng {count} lần",
    },
    "library_unused": "chưa dùng",
    "library_other_list": "Danh sách này của người khác. Của bạn: /library",
    "library_not_yours": "Tệp này do người khác thêm; chỉ họ và quản trị viên mới đổi được.",
    "library_closed": "Mình không còn nhớ danh sách này. Mở danh sách mới: /library",
    "library_choose_kind": "🗂 Bạn muốn xem loại nào?",
    "library_choose_mood": "🗂 Tâm trạng nào?",
    "library_choose_platform": "🗂 Cho nền tảng nào?",
    "library_choose_tag": "🗂 Thẻ nào?",
    "library_no_words": "Chưa có gì để chọn.",
    "library_stats": "📊 <b>Thư viện</b>",
    "library_stats_row": "{kinds} · {size}{length} · {uses}",
    "library_stats_length": " · dài {length}",
    "library_stats_total": {
        "other": "<b>Tổng cộng</b>: {count} tệp, {size}",
    },
    "library_picture_row": "{number}. {name}",
    "library_no_pictures": "Các tệp này đều không có hình.",
    "button_library_kind": "Loại",
    "button_library_kind_on": "✓ Loại",
    "button_library_mood": "Tâm trạng",
    "button_library_mood_on": "✓ Tâm trạng",
    "button_library_platform": "Nền tảng",
    "button_library_platform_on": "✓ Nền tảng",
    "button_library_tag": "Thẻ",
    "button_library_tag_on": "✓ Thẻ",
    "button_library_clear": "✖ Bỏ bộ lọc",
    "button_library_stats": "📊 Số liệu",
    "button_library_pictures": "🖼 Hình",
    "button_library_number": "{number}",
    "button_library_earlier": "◀",
    "button_library_later": "▶",
    "button_library_any": "Tất cả",
    "button_library_word": "{word}",
    "button_library_back": "◀ Quay lại",
}

ASSET: Sentences = {
    "library_asset": "{mark} <b>{name}</b>\n{facts}",
    "library_asset_tags": "Thẻ: {tags}",
    "library_asset_mood": "Tâm trạng: {mood}",
    "library_asset_platform": "Dành cho {platform}",
    "library_asset_category": "Danh mục: {category}",
    "library_asset_rights_mine": "Quyền: của chính bạn",
    "library_asset_rights_licensed": "Quyền: có giấy phép",
    "library_asset_rights_unsaid": (
        "⚠️ Chưa ai cho biết có quyền dùng tệp này không. Hãy bấm “Quyền” để trả lời."
    ),
    "library_asset_licence": "Giấy phép: {licence}",
    "library_asset_no_licence": (
        "⚠️ Chưa ghi giấy phép. Hãy trả lời bằng <code>licence: CC BY 4.0</code>."
    ),
    "library_asset_origin": "Nguồn: {origin}",
    "library_asset_attribution": "Cần ghi công: {attribution}",
    "library_asset_used": {
        "other": "Đã dùng {count} lần, gần nhất lúc {last}",
    },
    "library_asset_use": "• {what}, lúc {at}",
    "library_use_render": "bản dựng {number}",
    "library_use_post": "bài đăng {number}",
    "library_use_other": "{holder}",
    "library_asset_added": "Thêm lúc {at}",
    "library_asset_added_by": "{user} thêm lúc {at}",
    "library_asset_going": (
        "🗑 Tệp sẽ bị xóa ngay khi không còn nơi nào cần. Từ giờ tệp không hiện ra để chọn nữa."
    ),
    "library_asset_hint": (
        "Muốn đổi, hãy trả lời bằng các dòng như <code>licence: CC BY 4.0</code>, <code>origin: "
        "…</code> hoặc <code>attribution: …</code>."
    ),
    "library_ask_rename": "✏️ Hãy trả lời tin nhắn này bằng tên mới cho <b>{name}</b>.",
    "library_ask_tags": (
        "# Hãy trả lời tin nhắn này bằng các thẻ cho <b>{name}</b>. Chúng sẽ thay thế các thẻ cũ: "
        "{tags}."
    ),
    "library_ask_no_tags": "# Hãy trả lời tin nhắn này bằng các thẻ cho <b>{name}</b>.",
    "library_ask_mood": (
        "<b>{name}</b> mang tâm trạng nào? Hãy chọn, hoặc trả lời bằng từ của bạn."
    ),
    "library_ask_platform": "<b>{name}</b> dành cho nền tảng nào?",
    "library_ask_rights": "Bạn có quyền dùng <b>{name}</b> không?",
    "library_ask_delete": "🗑 Xóa hẳn <b>{name}</b>?",
    "library_ask_delete_used": (
        "🗑 Xóa <b>{name}</b>? Một video đang được dựng với tệp này: tệp sẽ thôi hiện ra để chọn "
        "ngay bây giờ, và bị xóa khi dựng xong."
    ),
    "library_deleted": "🗑 Đã xóa <b>{name}</b>.",
    "library_deleted_later": (
        "🗑 <b>{name}</b> không hiện ra để chọn nữa, và sẽ bị xóa khi dựng xong video đang dùng "
        "tệp này."
    ),
    "library_gone": "Tệp này không còn trong thư viện.",
    "library_what_to_change": (
        "Mình không hiểu. Hãy bấm một nút bên dưới tệp trước, hoặc trả lời bằng một dòng như "
        "<code>licence: CC BY 4.0</code>."
    ),
    "library_play_asked": "Đang gửi …",
    "library_play_many": "Mình đang gửi mấy tệp rồi. Lát nữa hãy thử lại.",
    "library_play_large": (
        "“{name}” nặng {size}, còn bot chỉ gửi được tối đa {limit}. Đây là hình của tệp."
    ),
    "library_play_large_only": "“{name}” nặng {size}, còn bot chỉ gửi được tối đa {limit}.",
    "library_play_failed": "Lúc này không gửi được “{name}”. Lát nữa hãy thử lại.",
    "button_library_play": "▶️ Phát",
    "button_library_show": "🖼 Xem",
    "button_library_rename": "✏️ Tên",
    "button_library_tags": "# Thẻ",
    "button_library_set_mood": "Tâm trạng",
    "button_library_set_platform": "Nền tảng",
    "button_library_rights": "Quyền",
    "button_library_delete": "🗑 Xóa",
    "button_library_delete_yes": "🗑 Có, xóa",
    "button_library_keep": "Giữ lại",
    "button_library_none": "Không có",
}

TROUBLE: Sentences = {
    "studio_not_media": (
        "Tệp không phải video, âm thanh hay ảnh mà mình đọc được. Hãy lưu thành MP4, MP3, JPEG "
        "hoặc PNG rồi gửi lại."
    ),
    "studio_broken_media": "Tệp bị hỏng. Hãy xuất lại rồi gửi lại.",
    "studio_cut_off": "Tệp bị cắt cụt: thiếu phần cuối. Hãy sao chép lại rồi gửi.",
    "studio_empty_file": "Tệp trống. Hãy gửi lại.",
    "studio_not_a_file": "Đây là thư mục hoặc thiết bị, không phải tệp.",
    "studio_cannot_read": "Không đọc được tệp ({reason}).",
    "studio_cannot_write": (
        "Không ghi được vào thư mục dữ liệu ({reason}). Ghi được thì sẽ làm tiếp; cần quản trị "
        "viên xem."
    ),
    "studio_changed_meanwhile": "Tệp thay đổi trong lúc đọc.",
    "studio_look_too_long": "Kiểm tra tệp mất quá nhiều thời gian.",
    "studio_no_ffmpeg": (
        "Không kiểm tra được tệp nào vì thiếu ffmpeg; quản trị viên có thể cài thêm."
    ),
    "studio_large_picture": "Ảnh quá lớn ({width} × {height}). Hãy thu nhỏ rồi gửi lại.",
    "studio_too_big": (
        "Tệp lớn hơn mức cho phép ({limit}). Hãy gửi tệp nhẹ hơn, hoặc nhờ quản trị viên tăng "
        "<code>library.max_bytes</code>."
    ),
    "studio_disk_full": (
        "Ổ đĩa đầy. Có chỗ là sẽ chạy tiếp: hãy xóa những gì không cần, hoặc nhờ quản trị viên."
    ),
    "studio_no_name": "Tên cần ít nhất một ký tự nhìn thấy được.",
    "studio_wrong_media": "Tệp này là {media}, còn {kind} phải là một trong: {taken}.",
    "studio_nothing_to_pick": (
        "Lúc này không có {kind} nào để chọn: không tệp nào phù hợp, hoặc tệp phù hợp đều mới "
        "dùng gần đây. Hãy thêm bằng /add, hoặc tự chọn."
    ),
    "studio_no_asset": "Tệp này không có (hoặc không còn) trong thư viện.",
    "studio_text_too_long": "“{text}” quá dài; chỉ lưu tối đa {limit} ký tự.",
    "studio_too_many_tags": "Quá nhiều thẻ; chỉ lưu tối đa {limit}.",
    "studio_unknown_field": "Mình không biết “{field}”. Mình biết: {known}.",
    "studio_unknown_kind": "Mình không biết loại “{kind}”. Mình biết: {known}.",
    "studio_unknown_rights": "Mình không biết quyền “{rights}”. Mình biết: {known}.",
}

WATCH: Sentences = {
    "library_watch_refused": {
        "other": (
            "📂 Không thêm được {count} tệp trong {folder} vào thư viện. Chúng được để nguyên tại "
            "chỗ."
        ),
    },
    "library_watch_row": "• <b>{name}</b>: {why}",
    "library_watch_more": {
        "other": "… và {count} tệp nữa",
    },
    "library_watch_waiting": (
        "📂 Tệp mới trong {folder} phải chờ: {why} Sau đó chúng sẽ tự được thêm."
    ),
    "library_watch_missing": (
        "📂 Không đọc được thư mục theo dõi {folder} ({reason}). Mình sẽ tự xem lại; nếu không "
        "cần nữa, hãy bỏ nó khỏi <code>library.watch</code>."
    ),
}

STORAGE: Sentences = {
    "studio_storage_unreachable": (
        "Kho lưu trữ {storage} không phản hồi như mong đợi ({reason}). Lát nữa hãy thử lại."
    ),
    "studio_storage_busy": "Kho lưu trữ {storage} tạm thời không nhận thêm. Hãy thử lại sau.",
    "studio_storage_refused": "Kho lưu trữ {storage} từ chối: {reason}.",
    "studio_storage_sign_in": (
        "Kho lưu trữ {storage} không chấp nhận khóa của Karvon ({reason}). Quản trị viên cần kiểm "
        "tra <code>storage.key_id</code>, <code>storage.secret</code> và quyền của chúng."
    ),
    "studio_storage_clock": (
        "Kho lưu trữ {storage} báo đồng hồ ở đây bị sai. Quản trị viên cần chỉnh lại đồng hồ của "
        "máy."
    ),
    "studio_storage_full": (
        "Kho lưu trữ {storage} đã đầy. Hãy xóa những gì không cần, hoặc nhờ quản trị viên tăng "
        "dung lượng."
    ),
    "studio_storage_too_large": (
        "Tệp lớn hơn mức kho lưu trữ {storage} nhận. Hãy gửi tệp nhẹ hơn, hoặc nhờ quản trị viên."
    ),
    "studio_storage_gone": (
        "Một tệp của thư viện không còn ở chỗ của nó ({key}). Hãy thêm lại, hoặc nhờ quản trị "
        "viên."
    ),
    "studio_storage_damaged": (
        "Một tệp của thư viện bị hỏng trong kho lưu trữ ({sha256}). Hãy xóa rồi thêm lại."
    ),
    "studio_storage_changed": (
        "Tệp thay đổi trong lúc lưu nên chưa lưu gì cả. Khi tệp đã nguyên vẹn, hãy thêm lại."
    ),
    "studio_storage_bad_key": "Không lưu được tệp với tên “{key}”.",
    "studio_storage_url": (
        "“{url}” không phải kho lưu trữ. Hãy viết file:///folder, s3://bucket/folder hoặc "
        "cloudinary://cloud, và ghi khóa vào <code>storage.key_id</code> và "
        "<code>storage.secret</code>."
    ),
    "studio_storage_keys": (
        "Kho lưu trữ {storage} cần khóa. Quản trị viên cần đặt <code>storage.key_id</code> và "
        "<code>storage.secret</code>."
    ),
    "studio_storage_address": (
        "Kho lưu trữ {storage} cho tải tệp tại {host}. Quản trị viên cần đặt "
        "<code>storage.public_url</code> thành địa chỉ đó."
    ),
    "studio_storage_unknown": (
        "Có tệp nằm trong kho lưu trữ {storage}, nhưng không còn ghi cách kết nối đến đó. Hãy nhờ "
        "quản trị viên khôi phục cơ sở dữ liệu từ bản sao lưu."
    ),
    "studio_storage_sealed": (
        "Không mở được khóa của kho lưu trữ {storage} vì mất khóa đã mã hóa chúng. Quản trị viên "
        "có thể khôi phục bằng <code>karvon keys restore</code>."
    ),
    "studio_storage_moving": "Thư viện đang được chuyển chỗ. Hãy chờ đến khi xong.",
    "studio_storage_change_setting": (
        "Bây giờ hãy đặt <code>storage.url</code> thành {storage}, kèm endpoint và khóa nếu có, "
        "rồi khởi động lại Karvon. Đến lúc đó tệp mới cũng vào kho này, vì Karvon nhớ việc chuyển "
        "chỗ."
    ),
}

SENTENCES: Sentences = {**ADD, **KINDS, **LIST, **ASSET, **TROUBLE, **WATCH, **STORAGE}
