"""Vietnamese sentences about videos, the queue and the bot itself."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

FIRST_CONTACT: Sentences = {
    "start": (
        "👋 Gửi cho mình một video kèm chú thích, mình sẽ đăng lên {targets}.\n\nTiêu đề, mô tả "
        "và thẻ được viết dựa trên chú thích. Chú thích còn ghi được gì: /help"
    ),
    "start_no_account": (
        "👋 Gửi cho mình một video kèm chú thích, mình sẽ đăng giúp bạn.\n\nChưa có kênh nào được "
        "kết nối. Kết nối kênh: /connect"
    ),
    "help": (
        "<b>Gửi một video kèm chú thích</b>: dạng video, tệp, video tròn hoặc album. Liên kết đến "
        "tệp video cũng được. Trong chú thích có thể ghi:\n\n<code>to: youtube, tiktok</code> – "
        "chỉ đăng ở đó\n<code>title: …</code> – dùng đúng tiêu đề này\n<code>privacy: "
        "private</code> – hoặc public, unlisted, followers, friends\n<code>at: 18:30</code> – khi "
        "nào; <code>at: tomorrow 9:00</code> cũng được\n<code>channel: @name</code> – kênh "
        "Telegram nào\n<code>tags: a, b</code> – thẻ; #hashtag cũng được giữ\n/help options – các "
        "dòng khác cho từng nền tảng\n\n/scrape URL – đăng các video của một trang\n"
        "/status – đang chạy những gì\n/queue – hàng đợi, có nút "
        "bấm\n/post 12 – chi tiết một bài đăng\n/cancel 12 – dừng một bài đăng\n/retry 12 – thử "
        "lại phần bị lỗi\n/failed – phần bị lỗi, theo nguyên nhân\n/waiting – những gì chờ bạn "
        "trả lời\n/diagnostics – kết quả ra sao và nên làm gì\n\n/connect – kết nối kênh, trang "
        "hoặc hồ sơ\n/accounts – tài khoản đã kết nối và mặc định của chúng\n/groups – nhiều tài "
        "khoản dưới một tên\n/limits – đã dùng bao nhiêu, còn bao nhiêu và khi nào phần đang chờ "
        "được đăng"
    ),
    "help_admin": (
        "/doctor – có gì trục trặc và nên làm gì (quản trị viên)\n/clear – dọn hàng đợi hoặc nhật "
        "ký (quản trị viên)"
    ),
    "stranger": (
        "Xin lỗi, bot này chỉ phục vụ vài người. Để được dùng, hãy nhờ chủ bot thêm ID của bạn "
        "<code>{user_id}</code> vào <code>telegram.users</code>."
    ),
    "nobody_allowed": (
        "👋 Chưa ai được dùng bot này. ID của bạn là <code>{user_id}</code>. Nếu đây là bot của "
        "bạn, hãy ghi ID vào <code>telegram.admins</code> trong config.py, hoặc chạy Karvon với "
        "<code>KARVON_TELEGRAM__ADMINS=[{user_id}]</code>."
    ),
    "admins_only": (
        "Chỉ quản trị viên làm được việc này. Chủ bot thêm quản trị viên trong config.py."
    ),
    "cmd_start": "bot này làm được gì",
    "cmd_help": "chú thích ghi được những gì",
    "cmd_status": "đang chạy những gì",
    "cmd_queue": "hàng đợi, có nút bấm",
    "cmd_post": "chi tiết một bài đăng",
    "cmd_cancel": "dừng một bài đăng",
    "cmd_retry": "thử lại phần bị lỗi",
    "cmd_diagnostics": "kết quả ra sao và nên làm gì",
    "cmd_clear": "dọn hàng đợi hoặc nhật ký",
}

REFUSALS: Sentences = {
    "not_a_video": (
        "Đây không phải video. Hãy gửi tệp MP4, MOV hoặc WebM, hoặc liên kết đến tệp đó."
    ),
    "photo_only": "Đây là ảnh. Hãy gửi video và viết nội dung vào chú thích.",
    "audio_only": "Đây là âm thanh không có hình. Hãy gửi video.",
    "text_only": (
        "Hãy gửi một video kèm chú thích. Muốn trả lời câu hỏi, hãy trả lời đúng tin nhắn đó. Xem "
        "thêm: /help"
    ),
    "other_only": "Mình không đăng được thứ này. Hãy gửi một video kèm chú thích.",
    "many_drafts": (
        "Có nhiều video của bạn đang chờ chú thích. Hãy trả lời đúng tin nhắn của video bạn muốn."
    ),
    "unknown_command": "Mình không biết lệnh này. Danh sách lệnh: /help",
    "empty_file": "Tệp trống (0 byte). Hãy gửi lại.",
    "too_big_for_cloud": (
        "Tệp nặng {size}, còn Telegram chỉ cho bot tải tệp tối đa {limit}. Có ba cách: gửi bản "
        "nhẹ hơn, gửi liên kết đến tệp, hoặc cho Karvon dùng máy chủ Bot API cục bộ "
        "(<code>telegram.api_base</code> và <code>telegram.local_files</code>)."
    ),
    "fits_nowhere": "Không nơi nào nhận video này:\n{reasons}\nHãy sửa video rồi gửi lại.",
    "disk_full": (
        "Ổ đĩa của Karvon không còn chỗ cho video này. Hãy giải phóng dung lượng hoặc giảm "
        "<code>min_free_disk</code>, rồi gửi lại."
    ),
    "no_account": (
        "Chưa có kênh nào để đăng. Hãy kết nối bằng /connect (trong terminal là <code>karvon "
        "account connect</code>) rồi gửi lại video."
    ),
    "no_account_there": (
        "Chưa kết nối tài khoản {platform} nào. Hãy bỏ nó khỏi dòng <code>to:</code> hoặc kết nối "
        "bằng /connect."
    ),
    "unknown_target": (
        "Không có nơi đăng nào tên <b>{target}</b>. Hiện có: {known}. Hãy sửa dòng "
        "<code>to:</code> rồi gửi lại."
    ),
    "unknown_channel": "Không có kênh <b>{channel}</b>. Đã kết nối: {known}.",
    "privacy_not_offered": (
        "{platform} không có “{privacy}”, chỉ có: {known}. Hãy đổi <code>privacy:</code>, hoặc bỏ "
        "{platform} ra bằng dòng <code>to:</code>."
    ),
    "unknown_line": (
        "Mình không hiểu dòng “{line}”. Có phải ý bạn là <b>{suggestion}:</b>? Hãy sửa rồi gửi "
        "lại. Chú thích ghi được gì: /help"
    ),
    "unknown_word": (
        "Mình chưa hỗ trợ dòng “{line}”. Hãy bỏ dòng này rồi gửi lại. Chú thích ghi được gì: /help"
    ),
    "bad_time": (
        "Mình không hiểu thời gian “{given}”. Hãy viết <code>at: 18:30</code>, <code>at: tomorrow "
        "9:00</code> hoặc <code>at: 2026-12-01 18:30</code>."
    ),
    "time_in_past": (
        "{given} đã qua rồi (bây giờ là {now}, {zone}). Hãy ghi thời gian muộn hơn hoặc bỏ dòng "
        "này."
    ),
    "time_twice": (
        "Đêm đó có hai lần {given} vì đồng hồ được chỉnh lùi. Hãy ghi kèm múi giờ, ví dụ "
        "<code>at: 2026-10-25 02:30+02:00</code>."
    ),
    "time_skipped": "Không có thời điểm {given} vì đồng hồ được chỉnh tiến. Hãy ghi giờ khác.",
    "bad_privacy": "Không có chế độ xem “{given}”. Có: {known}.",
    "empty_value": "Dòng <b>{word}:</b> đang trống. Hãy ghi thêm giá trị hoặc bỏ dòng này.",
    "not_allowed": "Bài đăng này của người khác. Bài của bạn: /queue",
    "unknown_post": "Không có bài đăng {post_id}. Bài của bạn: /queue",
    "already_final": "Bài đăng {post_id} đã kết thúc. Kết quả: /post {post_id}",
    "not_failed": "Bài đăng {post_id} không có lỗi. Tình trạng: /post {post_id}",
    "not_unknown": "Việc này đã được quyết định rồi. Xem tiếp: /post {post_id}",
    "nothing_left": "Vậy thì không còn gì để đăng. Hãy chọn “Đăng lại” hoặc “Để nguyên”.",
    "already_there": "Tệp này đã có ở đó (bài đăng {post_id}). Thêm --again để đăng lại.",
    "no_such_file": "{path}: không có tệp này. Hãy kiểm tra đường dẫn.",
    "bad_url": (
        "Liên kết này không dùng được. Hãy gửi liên kết bắt đầu bằng http:// hoặc https://."
    ),
    "refused": "Không làm được: {what} {facts}. Những gì làm được: /help",
    "bad_id": (
        "“{given}” không phải số bài đăng. Hãy viết như <code>/post 12</code>. Xem số: /queue"
    ),
    "place_reason": "• {platform}: {why}",
    "internal": (
        "Karvon gặp lỗi nội bộ, mã trong nhật ký: <code>{id}</code>. Không mất gì cả. Hãy thử "
        "lại, nếu vẫn lỗi thì báo mã này cho chủ bot."
    ),
    "old_button": "Nút này đã cũ. Xem bây giờ làm được gì: /queue",
}

QUESTIONS: Sentences = {
    "ask_caption": "Video này nói về gì? Hãy trả lời bằng chú thích, hoặc dùng luôn tên tệp.",
    "ask_duplicate": "Tệp này đã có ở đây:\n{places}\nĐăng lại nhé?",
    "place": "{platform} · {account}",
    "title": "{title}",
    "place_live": "• {platform} · {account}: {url}",
    "place_there": "• {platform} · {account}: đã đăng",
    "place_running": "• {platform} · {account}: đang đăng",
    "button_nocaption": "Dùng tên tệp",
    "button_again": "Đăng lại",
    "button_skip": "Chỉ nơi chưa có",
    "button_cancel": "Để nguyên",
    "button_stop": "✖️ Hủy",
    "button_retry": "🔁 Thử lại",
    "button_force": "⏩ Ngay bây giờ",
    "button_live": "✅ {platform}: đã có ở đó",
    "button_resend": "🔁 {platform}: gửi lại",
    "button_next": "Tiếp ›",
    "button_back": "‹ Trước",
    "button_clear_queue": "Hàng đợi",
    "button_clear_logs": "Nhật ký",
    "button_clear_both": "Cả hai",
    "draft_cancelled": "Đã để nguyên, không đăng gì cả.",
}

CARD: Sentences = {
    "card_accepted": "✅ <b>Đã nhận</b> · bài đăng {post_id}",
    "card_draft": "❔ <b>Đang chờ bạn trả lời</b> · bài đăng {post_id}",
    "card_running": "▶️ <b>Đã nhận, đang làm</b> · bài đăng {post_id}",
    "card_done": "🎉 <b>Đã đăng ở mọi nơi</b> · bài đăng {post_id}",
    "card_partly_failed": "⚠️ <b>Đã đăng, nhưng chưa đủ nơi</b> · bài đăng {post_id}",
    "card_failed": "❌ <b>Không đăng được</b> · bài đăng {post_id}",
    "card_cancelled": "🚫 <b>Đã hủy</b> · bài đăng {post_id}",
    "card_scheduled": "🕒 <b>Đã tải lên, sẽ công khai đúng giờ</b> · bài đăng {post_id}",
    "card_first": "✅ <b>Đã nhận</b>, và trong lúc đó:",
    "card_fetch": "⬇️ Đang tải về {percent} của {size} · {speed}",
    "card_fetch_left": "⬇️ Đang tải về {percent} của {size} · {speed} · còn {eta}",
    "card_fetch_unsized": "⬇️ Đang tải về, được {done} · {speed}",
    "card_more": {
        "other": "… và {count} dòng nữa: /post {post_id}",
    },
    "card_fetch_wait": "⏳ {why}, thử lại lúc {until}",
    "card_fallback": "✏️ Nội dung được soạn từ chú thích của bạn: {why}",
    "ai_no_key": "chưa đặt khóa AI",
    "ai_slow": "AI không phản hồi kịp",
    "ai_error": "không kết nối được với AI",
    "ai_junk": "câu trả lời của AI không dùng được",
    "upload_uploading": "⬆️ {place}: đang tải lên{progress}",
    "upload_committing": "⬆️ {place}: đang gửi phần cuối và đăng",
    "upload_waiting": "⏳ {place}: đã nhận",
    "upload_stopping": "🚫 {place}: đang hủy",
    "upload_processing": "⚙️ {place}: đã tải lên, {platform} đang xử lý{progress}",
    "upload_live": "✅ {place}: đã đăng{visibility}",
    "upload_live_link": '✅ {place}: <a href="{url}">đã đăng</a>{visibility}\n{url}',
    "upload_failed": "❌ {place}: thất bại. {why}",
    "upload_cancelled": "🚫 {place}: đã hủy, không đăng gì cả",
    "upload_unknown": "❓ {place}: không nhận được phản hồi, đang hỏi lại {platform}{until}",
    "upload_unknown_person": (
        "❓ {place}: không nhận được phản hồi và không hỏi lại được. Bạn vào xem giúp: video đã "
        "đăng chưa?"
    ),
    "wait_media": "⏳ {place}: đang chờ video",
    "wait_turn": "⏳ {place}: đang chờ đến lượt",
    "wait_time": "🕒 {place}: bắt đầu lúc {until}",
    "wait_quota": "⏳ {place}: hết hạn ngạch, chạy tiếp lúc {until}",
    "wait_cooldown": "⏳ {place}: {platform} yêu cầu nghỉ đến {until}",
    "wait_retry": "🔁 {place}: thử lại lúc {until}. {why}",
    "wait_account": "🔑 {place}: cần kết nối lại tài khoản, sau đó sẽ tự chạy tiếp",
    "wait_platform": "⚙️ {place}: đã tải lên, {platform} đang chuẩn bị",
    "wait_person": "❔ {place}: đang chờ bạn quyết định",
    "wait_disk": "💾 {place}: ổ đĩa đầy, xem lại lúc {until}",
    "progress": " {percent} · {speed} · còn {eta}",
    "progress_slow": " {percent}",
    "resumed": " (tiếp tục từ {percent})",
    "visibility": ", {visibility}",
    "visibility_public": "công khai",
    "visibility_private": "riêng tư: chỉ bạn xem được",
    "visibility_unlisted": "không công khai: ai có liên kết thì xem được",
    "visibility_followers": "chỉ người theo dõi",
    "visibility_friends": "chỉ bạn bè",
    "visibility_draft": "dạng bản nháp: bạn tự đăng",
    "visibility_unchecked": "đã nhận; chưa kiểm tra được mọi người có xem được không",
    "visibility_moderation": "đang kiểm duyệt: liên kết sẽ có sau",
    "visibility_inbox": "trong hộp thư của bạn: hoàn tất trong ứng dụng",
    "visibility_members": "cho thành viên của kênh",
}

ERRORS: Sentences = {
    "error_transient": "Lỗi kết nối ({text}).",
    "error_rate_limited": "Quá nhiều yêu cầu ({text}), sẽ tự chạy tiếp.",
    "error_quota_exhausted": "Đã hết hạn ngạch trong ngày ({text}).",
    "error_auth_expired": "Phiên đăng nhập đã hết hạn ({text}).",
    "error_auth_revoked": (
        "Đăng nhập không còn được chấp nhận ({text}). Hãy kết nối lại tài khoản."
    ),
    "error_rejected": "{platform} từ chối: {text}. Hãy sửa rồi gửi lại.",
    "error_session_lost": "{platform} không còn giữ lượt tải lên này ({text}), sẽ làm lại từ đầu.",
    "error_unknown_outcome": "Chưa rõ kết quả ({text}).",
    "error_bug": "Karvon gặp lỗi nội bộ ({text}), đã ghi vào nhật ký.",
    "error_source": "Không tải được video về: {text}.",
    "error_duplicate": "Video này đã có ở đó: {text}. “Thử lại” vẫn sẽ đăng thêm lần nữa.",
    "source_too_big_for_cloud": "Telegram chỉ cho bot tải tệp tối đa 20 MB",
    "source_telegram_token": "Telegram không chấp nhận token của bot",
    "source_telegram_refused": "Telegram không cho tải tệp này nữa; hãy gửi lại",
    "source_telegram_local_path": "không đọc được thư mục của máy chủ Bot API cục bộ từ đây",
    "source_bad_url": "liên kết không dùng được",
    "source_too_many_redirects": (
        "liên kết cứ chuyển hướng mãi không dứt; hãy gửi địa chỉ cuối cùng"
    ),
    "source_not_a_file": (
        "liên kết dẫn đến một trang, không phải tệp video; hãy gửi địa chỉ của chính tệp đó"
    ),
    "source_not_a_video": "tệp không phải video",
    "source_source_encoded": "máy chủ gửi tệp ở dạng nén; hãy dùng bản không nén",
    "source_source_forbidden": "máy chủ yêu cầu đăng nhập",
    "source_source_gone": "tệp không còn ở đó",
    "source_source_status": "máy chủ trả về lỗi",
    "source_source_unavailable": "máy chủ không phản hồi",
    "source_source_interrupted": "kết nối liên tục bị ngắt",
    "source_source_truncated": "tệp bị thiếu phần cuối",
    "source_source_changed": "tệp thay đổi trong lúc đọc",
    "source_empty_file": "tệp trống",
    "source_spool_lost": "tệp trên ổ đĩa của Karvon đã bị xóa",
    "source_disk_full": "ổ đĩa đầy",
    "source_ffmpeg": "thiếu ffprobe hoặc nó bị lỗi (xem thêm: karvon doctor)",
    "source_internal": "lỗi nội bộ",
}

COMMANDS: Sentences = {
    "status_idle": "Không có gì đang chạy hay đang chờ. Hãy gửi một video.",
    "status_head": "<b>Đang mở: {open}</b>, đang tải lên: {running}",
    "status_more": {
        "other": "… và {count} bài đăng nữa: /queue",
    },
    "count_posts": {
        "other": "{count} bài đăng",
    },
    "count_uploads": {
        "other": "{count} lượt tải lên",
    },
    "count_files": {
        "other": "{count} tệp nhật ký",
    },
    "untitled": "Video",
    "tomorrow": "{time} ngày mai",
    "queue_head": "<b>Hàng đợi</b> · {open}, trang {page}/{pages}",
    "queue_empty": "Hàng đợi trống. Hãy gửi một video.",
    "queue_line": "<b>{post_id}</b> · {title} · {state}",
    "state_until": "{state}, chờ muộn nhất đến {until}",
    "state_draft": "đang chờ bạn trả lời",
    "state_accepted": "đã nhận",
    "state_preparing": "đang tải về",
    "state_publishing": "đang đăng",
    "state_done": "đã đăng ở mọi nơi",
    "state_partly_failed": "đã đăng, nhưng chưa đủ nơi",
    "state_failed": "không đăng được",
    "state_cancelled": "đã hủy",
    "post_usage": "Hãy ghi số bài đăng: /post 12. Xem số: /queue",
    "cancel_usage": "Hãy ghi số bài đăng: /cancel 12. Xem số: /queue",
    "retry_usage": (
        "Hãy ghi số bài đăng: /retry 12, hoặc /retry failed để thử lại tất cả. Xem phần bị lỗi và "
        "lý do: /failed"
    ),
    "timeline_head": "<b>Diễn biến</b>",
    "timeline_line": "{at} {what}",
    "timeline_cut": {
        "other": "… {count} dòng trước đó",
    },
    "cancelled_draft": "Bài đăng {post_id} được để nguyên, không đăng gì cả.",
    "cancel_nothing": "Không có gì để hủy. Hàng đợi: /queue",
    "cancelled_some": "Bài đăng {post_id}: đã dừng {stopped}. Những gì đã đăng vẫn còn.",
    "cancel_removable": "Những nơi này vẫn giữ lịch đăng; xóa bằng /delete {post_id}:\n{places}",
    "cancel_too_late": "Không dừng được bài đăng {post_id} nữa vì đang đăng.",
    "retried": "Bài đăng {post_id}: đang thử lại {retried}.",
    "nothing_failed": "Gần đây không có lỗi nào.",
    "forced": "Bài đăng {post_id} sẽ được làm trước.",
    "decided_live": "Được rồi, tính là đã đăng.",
    "decided_resend": "Đang gửi lại.",
    "kind_transient": "không kết nối được",
    "kind_rate_limited": "bị yêu cầu chậm lại",
    "kind_quota_exhausted": "hết hạn ngạch",
    "kind_auth_expired": "hết hạn đăng nhập",
    "kind_auth_revoked": "đăng nhập bị thu hồi",
    "kind_rejected": "bị từ chối",
    "kind_session_lost": "mất lượt tải lên",
    "kind_unknown_outcome": "chưa rõ kết quả",
    "kind_bug": "lỗi nội bộ",
    "kind_source": "không tải được video về",
    "clear_ask": (
        "Bạn muốn dọn gì? Hàng đợi: dừng {open}, những gì đã đăng vẫn còn. Nhật ký: xóa mọi tệp."
    ),
    "cleared_queue": "Hàng đợi đã trống: đã dừng {cleared}.",
    "cleared_logs": "Đã xóa {files}.",
    "cleared_nothing": "Không dọn gì cả.",
}

EVENTS: Sentences = {
    "event_accepted": "đã nhận",
    "event_fetch_started": "bắt đầu tải về",
    "event_fetched": "đã có video",
    "event_probed": "đã kiểm tra video",
    "event_described": "đã soạn xong nội dung",
    "event_session_opened": "{place}: đã mở lượt tải lên",
    "event_upload_resumed": "{place}: tải tiếp",
    "event_uploading": "{place}: đang tải lên",
    "event_intent": "{place}: đang đăng",
    "event_committed": "{place}: đã gửi hết",
    "event_processing": "{place}: đang xử lý ở đó",
    "event_live": "{place}: đã đăng",
    "event_failed": "{place}: thất bại {error}",
    "event_unknown": "{place}: không nhận được phản hồi",
    "event_waiting": "{place}: đang chờ {reason} {error}",
    "event_cancelled": "{place}: đã hủy",
    "event_stop_wanted": "{place}: có yêu cầu dừng",
    "event_decided": "{place}: bạn đã quyết định",
    "event_retry": "{place}: thử lại",
    "event_forced": "được đưa lên đầu",
    "event_other": "{place} {what}",
    "event_asked": "đã hỏi bạn",
    "event_committing": "{place}: đang đăng",
}

SENTENCES: Sentences = {
    **FIRST_CONTACT,
    **REFUSALS,
    **QUESTIONS,
    **CARD,
    **ERRORS,
    **COMMANDS,
    **EVENTS,
}
