"""Vietnamese sentences about doctor."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

CHAT: Sentences = {
    "cmd_doctor": "có gì trục trặc và nên làm gì (quản trị viên)",
    "doctor_head_ok": "🩺 <b>Mọi thứ đều ổn</b>",
    "doctor_head_warning": "🩺 <b>Vẫn chạy, nhưng hãy xem những điều này</b>",
    "doctor_head_broken": "🩺 <b>Có thứ bị hỏng</b>",
    "doctor_line_ok": "✅ {text}",
    "doctor_line_warning": "⚠️ {text}\n→ {remedy}",
    "doctor_line_broken": "❌ {text}\n→ {remedy}",
    "doctor_more": {
        "other": "… và {count} dòng nữa; <code>karvon doctor</code> hiện tất cả.",
    },
    "button_doctor_connect": "🔑 Kết nối {account}",
    "button_doctor_resume": "▶️ Mở lại {account}",
    "button_doctor_retry": "🔁 Thử lại phần thất bại",
    "button_doctor_drop_webhook": "✂️ Xóa webhook",
    "button_doctor_backup": "💾 Sao lưu",
    "button_doctor_again": "🩺 Xem lại",
    "button_doctor_report": "📄 Báo cáo để chia sẻ",
    "doctor_resumed": "▶️ {account} chạy tiếp.",
    "doctor_webhook_dropped": "✂️ Đã xóa webhook; giờ nhận cập nhật bằng cách hỏi định kỳ.",
    "doctor_backed_up": (
        "💾 Đã sao lưu: <code>{path}</code> ({size}). Token trong đó đã được mã hóa; khóa không "
        "nằm trong đó. Hãy giữ <code>keys.json</code> và <code>keys.retired.json</code> ở nơi "
        "khác."
    ),
    "doctor_backup_failed": "Sao lưu thất bại: {why}",
    "doctor_report": "Báo cáo không có bí mật, tên hay ID. Hãy xem qua trước khi chia sẻ.",
    "doctor_report_failed": (
        "Telegram không nhận báo cáo ({why}). Hãy lấy bằng <code>karvon doctor --report "
        "FILE</code>."
    ),
    "key_lost": (
        "🔑 Khóa <b>{key}</b> đã mất; nó mã hóa token của {accounts}. Những tài khoản này đang "
        "chờ, mọi thứ khác vẫn chạy. Hãy lấy lại khóa bằng <code>karvon keys restore FILE</code> "
        "(một keys.json cũ), hoặc kết nối lại các tài khoản."
    ),
}

MACHINE: Sentences = {
    "doctor_tools": "Công cụ xử lý video: {ffmpeg}, {ffprobe}",
    "doctor_no_tools": "Thiếu công cụ xử lý video: {why}",
    "doctor_no_tools_do": "Hãy cài ffmpeg, hoặc đặt KARVON_FFMPEG và KARVON_FFPROBE.",
    "doctor_disk": "Ổ đĩa: còn trống {free}, giữ lại {kept}",
    "doctor_disk_narrow": "Ổ đĩa gần đầy: còn trống {free}, giữ lại {kept}",
    "doctor_disk_narrow_do": "Hãy giải phóng dung lượng; dưới mức đó sẽ không tải gì thêm về.",
    "doctor_disk_full": "Ổ đĩa đầy: còn trống {free}, phải giữ lại {kept}",
    "doctor_disk_full_do": (
        "Hãy giải phóng dung lượng hoặc giảm min_free_disk; các lượt tải lên đang chờ."
    ),
    "doctor_blind": "Không xem được {part} ({why})",
    "doctor_blind_do": "Đây là lỗi của chương trình: hãy báo lại kèm nhật ký.",
    "doctor_running": {
        "other": "Karvon đang chạy, {count} bài đăng đang mở",
    },
    "doctor_not_running": "Karvon không chạy",
    "doctor_not_running_do": "Hãy khởi động: karvon run",
    "doctor_process_silent": "Karvon đang chạy nhưng không phản hồi: {why}",
    "doctor_process_silent_do": "Hãy xem nhật ký, dừng nó rồi khởi động lại.",
}

KEYS: Sentences = {
    "doctor_keys": {
        "other": "Khóa: {current} đang mã hóa, {count} giá trị đã mã hóa",
    },
    "doctor_keys_readable": "Khóa: đọc được, {current} đang mã hóa",
    "doctor_no_keys": "Khóa: được tạo ở lần khởi động đầu tiên",
    "doctor_keys_gone": "keys.json không còn, nhưng token được mã hóa bằng {keys}",
    "doctor_keys_gone_do": (
        "Hãy đặt keys.json lại vào thư mục dữ liệu trước lần khởi động sau, hoặc kết nối lại mọi "
        "tài khoản."
    ),
    "doctor_bad_keys": "Không đọc được khóa: {why}",
    "doctor_bad_keys_do": "Hãy đặt một keys.json tốt vào thư mục dữ liệu.",
    "doctor_lost_key": "Khóa {key} đã mất: không mở được token của {accounts}",
    "doctor_lost_key_do": (
        "Hãy lấy lại: karvon keys restore FILE (một keys.json cũ). Hoặc kết nối lại các tài khoản "
        "này."
    ),
    "doctor_damaged_tokens": "Token đã mã hóa của {accounts} bị thay đổi",
    "doctor_damaged_tokens_do": "Hãy kết nối lại các tài khoản này.",
    "doctor_older_keys": "{keys} vẫn còn mã hóa một số giá trị, khóa hiện tại là {current}",
    "doctor_older_keys_do": "Hãy hoàn tất việc đổi khóa: karvon keys rotate",
    "doctor_open_keys": "Người khác trên máy này đọc được {path}",
    "doctor_open_keys_do": "Hãy khóa quyền đọc (chmod 600), rồi đổi khóa: karvon keys rotate",
    "doctor_stray_keys": "Các tệp này trong {folder} trông như bản sao khóa: {files}",
    "doctor_stray_keys_do": "Hãy chuyển chúng đến nơi an toàn ngoài máy này, hoặc xóa đi.",
}

DATABASE: Sentences = {
    "doctor_database": {
        "other": "Cơ sở dữ liệu: tốt, {size}, nhật ký {wal}, {count} bài đăng",
    },
    "doctor_no_database": "Cơ sở dữ liệu: được tạo ở lần khởi động đầu tiên",
    "doctor_bad_database": "Cơ sở dữ liệu bị hỏng: {why}",
    "doctor_bad_database_do": "Hãy khôi phục bản sao lưu: karvon restore FILE",
    "doctor_swollen_database": {
        "other": "Nhật ký của cơ sở dữ liệu đã phình đến {wal} ({size}, {count} bài đăng)",
    },
    "doctor_swollen_database_do": (
        "Hãy đóng các chương trình khác đang mở cơ sở dữ liệu, rồi khởi động lại Karvon."
    ),
    "doctor_backup": "Bản sao lưu: cách đây {age}",
    "doctor_no_backup": "Chưa có bản sao lưu nào",
    "doctor_no_backup_do": "Hãy sao lưu: karvon backup FILE, và để cron lặp lại.",
    "doctor_old_backup": "Bản sao lưu mới nhất cách đây {age}",
    "doctor_old_backup_do": "Hãy sao lưu: karvon backup FILE, và để cron lặp lại.",
}

OUTSIDE: Sentences = {
    "doctor_no_token": "Chưa đặt token của bot",
    "doctor_no_token_do": "Hãy lấy từ @BotFather và đặt vào telegram.token.",
    "doctor_bot_api_down": "Bot API tại {base} không phản hồi ({why})",
    "doctor_bot_api_down_do": "Hãy kiểm tra mạng và telegram.api_base.",
    "doctor_bot_api_refuses": "Bot API tại {base} từ chối: {why}",
    "doctor_bot_api_refuses_do": "Hãy kiểm tra telegram.token và telegram.api_base.",
    "doctor_bot_cloud": "Telegram: {bot}, tệp tối đa 20 MB (không có máy chủ Bot API cục bộ)",
    "doctor_bot_local": "Telegram: {bot} trên máy chủ Bot API cục bộ, tệp tối đa 2000 MB",
    "doctor_wrong_mode": "telegram.local_files đang bật, nhưng {bot} dùng máy chủ của Telegram",
    "doctor_wrong_mode_do": (
        "Hãy đặt telegram.api_base là máy chủ Bot API cục bộ của bạn, hoặc tắt local_files."
    ),
    "doctor_no_webhook_info": "Không rõ cập nhật đến bằng cách nào ({why})",
    "doctor_no_webhook_info_do": "Lát nữa hãy xem lại.",
    "doctor_webhook_in_the_way": "Đang đặt webhook nên việc hỏi định kỳ không nhận được cập nhật",
    "doctor_webhook_in_the_way_do": "Hãy xóa webhook, hoặc khởi động lại Karvon để nó tự xóa.",
    "doctor_webhook_elsewhere": "Telegram gửi cập nhật đến địa chỉ khác với web.public_url",
    "doctor_webhook_elsewhere_do": (
        "Hãy khởi động lại Karvon để nó đặt địa chỉ của mình; nếu chương trình khác dùng bot này, "
        "hãy cho nó một bot khác."
    ),
    "doctor_no_webhook": "Chưa đặt webhook nên không có cập nhật nào đến",
    "doctor_no_webhook_do": "Hãy khởi động lại Karvon để nó đặt; nếu vẫn vậy, hãy xem nhật ký.",
    "doctor_webhook_fails": "Cách đây {ago} Telegram không kết nối được đến webhook: {why}",
    "doctor_webhook_fails_do": (
        "Hãy kiểm tra web.public_url, chứng chỉ của nó và đường dẫn đến Karvon."
    ),
    "doctor_many_updates": {
        "other": "{count} cập nhật đang chờ ở Telegram",
    },
    "doctor_many_updates_do": "Hãy chờ một phút rồi xem lại; nếu vẫn còn, hãy xem nhật ký.",
    "doctor_updates_polling": {
        "other": "Cập nhật: hỏi định kỳ, {count} đang chờ",
    },
    "doctor_updates_webhook": {
        "other": "Cập nhật: qua webhook, {count} đang chờ",
    },
    "doctor_clock": "Đồng hồ: đúng giờ",
    "doctor_no_clock": "Không so được đồng hồ: không nơi nào phản hồi",
    "doctor_no_clock_do": "Hãy kiểm tra mạng.",
    "doctor_skewed_clock": "Đồng hồ {way} {skew}",
    "clock_ahead": "chạy nhanh",
    "clock_behind": "chạy chậm",
    "doctor_skewed_clock_do": "Hãy để hệ thống chỉnh giờ qua mạng (NTP).",
    "doctor_wrong_clock": (
        "Đồng hồ {way} {skew}: token đã hết hạn trông như còn dùng được, đăng nhập thất bại, bài "
        "đăng sai giờ"
    ),
    "doctor_wrong_clock_do": "Hãy để hệ thống chỉnh giờ qua mạng (NTP), rồi khởi động lại Karvon.",
    "doctor_no_public_url": "Web: chỉ trên máy này (chưa có web.public_url)",
    "doctor_public_url_not_asked": "Web: {url}, chỉ kiểm tra khi Karvon đang chạy",
    "doctor_reached": "Web: truy cập được tại {url}",
    "doctor_not_reached": "Web: {url} không dẫn đến Karvon ({why})",
    "doctor_not_reached_do": "Hãy để nó dẫn đến {listen} (web.listen), hoặc sửa web.public_url.",
    "doctor_no_https": "Web: {url} không phải địa chỉ https; Telegram chỉ gọi webhook qua https",
    "doctor_no_https_do": "Hãy đặt Karvon sau https, hoặc bỏ telegram.webhook_secret.",
}

BUSINESS: Sentences = {
    "doctor_accounts": {
        "other": "Tài khoản: đã kết nối {count}",
    },
    "doctor_accounts_set": {
        "other": "Tài khoản: {count} trong cài đặt",
    },
    "doctor_no_accounts": "Chưa kết nối tài khoản nào",
    "doctor_no_accounts_do": (
        "Hãy kết nối: /connect trong cuộc trò chuyện, hoặc karvon account connect."
    ),
    "doctor_accounts_to_connect": "Các tài khoản cần kết nối lại: {accounts}",
    "doctor_accounts_to_connect_do": (
        "Hãy kết nối chúng: /connect trong cuộc trò chuyện, hoặc karvon account connect."
    ),
    "doctor_accounts_broken": {
        "other": "Có tài khoản không đăng được (tổng cộng {count})",
    },
    "doctor_accounts_broken_do": "Hãy xem dòng riêng của từng tài khoản.",
    "doctor_account_out": "{platform} · {account}: cần kết nối lại ({why})",
    "doctor_account_out_do": (
        "Hãy kết nối: /connect. Các lượt tải lên đang chờ và sẽ tự chạy tiếp."
    ),
    "doctor_account_paused": "{platform} · {account}: đang tạm dừng",
    "doctor_account_paused_do": "Hãy mở lại khi muốn đăng tiếp.",
    "doctor_account_scopes": "{platform} · {account}: không được đăng, thiếu {scopes}",
    "doctor_account_scopes_do": "Hãy kết nối lại và cho phép mọi quyền được hỏi.",
    "doctor_account_operations": "{platform} · {account}: chưa có quyền: {operations}",
    "doctor_account_operations_do": "Hãy kết nối lại và cho phép mọi quyền được hỏi.",
    "doctor_account_ended": "{platform} · {account}: phiên đăng nhập đã hết hạn cách đây {ago}",
    "doctor_account_ended_do": "Hãy kết nối lại: /connect",
    "doctor_account_ends": "{platform} · {account}: phiên đăng nhập sẽ hết hạn sau {left}",
    "doctor_account_ends_do": "Hãy kết nối lại trước lúc đó: /connect",
    "doctor_account_not_renewed": (
        "{platform} · {account}: token đã hết hạn cách đây {ago} và chưa được gia hạn"
    ),
    "doctor_account_not_renewed_do": (
        "Sẽ thử lại ở lượt tải lên tiếp theo; nếu không được, hãy kết nối lại."
    ),
    "doctor_quotas": "Hạn ngạch: nơi nào cũng còn",
    "doctor_quota_low": "{platform} · {account}: đã dùng {used}/{limit} ({what})",
    "doctor_quota_low_do": "Sẽ có thêm lúc {until}; hãy chia video cho nhiều tài khoản hơn.",
    "doctor_quota_out": "{platform} · {account}: hết hạn ngạch ({what}: {used}/{limit})",
    "doctor_quota_out_do": "Các lượt tải lên đang chờ và chạy tiếp lúc {until}.",
    "doctor_outbox": "Tin nhắn: không có gì bị trễ",
    "doctor_late_outbox": {
        "other": "{count} tin nhắn đang chờ Telegram, lâu nhất là {age}",
    },
    "doctor_late_outbox_do": "Chúng sẽ tự được gửi; nếu vẫn còn, hãy xem nhật ký.",
    "doctor_no_decisions": "Quyết định: không có gì đang chờ",
    "doctor_decisions": {
        "other": "{count} lượt tải lên đang chờ quyết định",
    },
    "doctor_decisions_do": "Hãy xem ở đó và bấm một nút trên thẻ: /post {post_id}",
    "doctor_no_failures": "Lượt tải lên: không có lượt nào thất bại trong 24 giờ",
    "doctor_failures": {
        "other": "{count} lượt tải lên thất bại trong 24 giờ",
    },
    "doctor_failures_do": "Xem lý do trong /queue và /post, sửa rồi thử lại.",
    "doctor_renders": "Mashup: không có gì bị kẹt, không có lượt nào thất bại trong 24 giờ",
    "doctor_late_renders": {
        "other": "{count} mashup đang chờ: đĩa đầy, hoặc bị lỗi và sẽ được thử lại",
    },
    "doctor_late_renders_do": "/renders cho biết cái nào và vì sao; hãy giải phóng đĩa.",
    "doctor_failed_renders": {
        "other": "{count} mashup không dựng được trong 24 giờ",
    },
    "doctor_failed_renders_do": "Xem lý do trong /renders, sửa rồi bấm Thử lại.",
    "doctor_library": {
        "other": "Thư viện: {count} tệp ({size}) trong {storage}",
    },
    "doctor_library_unmoved": {
        "other": "{count} tệp của thư viện ({size}) chưa nằm trong {storage}, nơi lưu tệp mới",
    },
    "doctor_library_unmoved_do": "Nếu hiện không có lượt chuyển nào, hãy chuyển tiếp: {command}",
    "doctor_library_bad_setting": "storage.url không chỉ nơi nào để lưu media: {url}",
    "doctor_library_bad_setting_do": (
        "Hãy đặt là file:///THU_MUC, s3://BUCKET/PREFIX hoặc cloudinary://CLOUD/THU_MUC."
    ),
}

SENTENCES: Sentences = {**CHAT, **MACHINE, **KEYS, **DATABASE, **OUTSIDE, **BUSINESS}
