"""Vietnamese sentences about renders and their cards."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

CARD: Sentences = {
    "render_head_pending": "⏳ <b>Chờ dựng</b> · bản dựng {render_id}",
    "render_head_processing": "🎬 <b>Đang dựng</b> · bản dựng {render_id}",
    "render_head_ready": "✅ <b>Đã dựng xong</b> · bản dựng {render_id}",
    "render_head_failed": "❌ <b>Không dựng được</b> · bản dựng {render_id}",
    "render_head_cancelled": "🚫 <b>Đã hủy</b> · bản dựng {render_id}",
    "render_head_preview": "👁 <b>Ba giây xem thử</b> · bản dựng {render_id}",
    "render_name": "{name}",
    "render_next": "Lượt tiếp theo.",
    "render_place": "Thứ {place} trong hàng đợi.",
    "render_waits_disk": "💾 Ổ đĩa đầy; có chỗ là chạy tiếp.",
    "render_waits_retry": "🔁 Sẽ tự thử lại.",
    "render_looks_again": "Xem lại lúc {until}.",
    "render_begun": "🎬 Đã bắt đầu",
    "render_stage_looking": "🔎 Đang xem các phần",
    "render_stage_preparing": "🧩 Đang chuẩn bị mẫu",
    "render_stage_rendering": "🎞 Đang dựng",
    "render_stage_checking": "✔️ Đang kiểm tra video",
    "render_stage_keeping": "📚 Đang đưa vào thư viện",
    "render_progress": "{stage} · {percent}",
    "render_progress_left": "{stage} · {percent} · còn {eta}",
    "render_progress_speed": "{stage} · {percent} · tốc độ {speed}×",
    "render_progress_all": "{stage} · {percent} · tốc độ {speed}× · còn {eta}",
    "render_made": "{length} · {width}×{height} · dựng mất {seconds}",
    "render_made_size": "{length} · {width}×{height} · {size} · dựng mất {seconds}",
    "render_what_now": (
        "Không để lại tệp thừa nào. Nút “Thử lại” sẽ dựng lại; ghép video khác: /mashup"
    ),
    "render_publishes": "📣 Sẽ đăng ngay khi có thể.",
    "render_post": "📣 Đã tạo bài đăng {post_id}; diễn biến xem trên thẻ của bài.",
    "render_not_published": "⚠️ Chưa đăng: {why}",
    "render_blocked": "quy tắc không cho phép.",
}

BATCH: Sentences = {
    "render_batch_moving": "🎬 <b>Video ghép, đợt {batch_id}</b>: xong {ended}/{total}",
    "render_batch_done": "🏁 <b>Video ghép, đợt {batch_id}</b>: xong {ended}/{total}",
    "render_count_pending": {
        "other": "⏳ đang chờ: {count}",
    },
    "render_count_processing": {
        "other": "🎞 đang dựng: {count}",
    },
    "render_count_ready": {
        "other": "✅ đã dựng xong: {count}",
    },
    "render_count_failed": {
        "other": "❌ thất bại: {count}",
    },
    "render_count_cancelled": {
        "other": "🚫 đã hủy: {count}",
    },
    "render_now": "Đang làm: {name}",
    "render_batch_list": "Xem từng bản dựng: /renders",
}

NEWS: Sentences = {
    "render_shown": (
        "🎬 {name} · bản dựng {render_id}\nMuốn đăng, hãy trả lời bằng một chú thích."
    ),
    "render_shown_publishing": "🎬 {name} · bản dựng {render_id}\nXem thẻ đăng bài để biết thêm.",
    "render_shown_post": "🎬 {name} · bản dựng {render_id}\nVề bài đăng: /post {post_id}",
    "render_preview_shown": "👁 Ba giây của {name}, bản nhỏ. Video thật sẽ nét hơn.",
    "render_publish_how": (
        "Hãy trả lời tin nhắn này bằng chú thích cho {name}. Các dòng như <code>to: youtube, "
        "tiktok</code> cho biết đăng ở đâu; không có thì đăng ở mọi nơi."
    ),
    "render_again": "Đang dựng lại bản dựng {render_id}. Xem tiến độ trên thẻ của nó.",
    "render_again_kept": (
        "Đang dựng lại bản dựng {render_id}. Bài đăng {post_id} giữ nguyên; không đăng gì hai lần."
    ),
    "render_log": "Nhật ký của bản dựng {render_id}:\n{log}",
}

LISTS: Sentences = {
    "cmd_renders": "video đã dựng và đang dựng",
    "render_head_list": "<b>Bản dựng</b>, mới nhất trước",
    "render_line": "<b>{render_id}</b> · {name} · {state}",
    "render_state_pending": "đang chờ",
    "render_state_processing": "đang dựng",
    "render_state_ready": "đã dựng xong",
    "render_state_failed": "không dựng được",
    "render_state_cancelled": "đã hủy",
    "render_none": "Chưa dựng video nào. Ghép video từ nhiều phần: /mashup",
    "render_some_open": "🎬 Chưa xong {renders}: /renders",
    "count_renders": {
        "other": "{count} bản dựng",
    },
}

REFUSALS: Sentences = {
    "render_unknown": "Không có bản dựng {render_id}. Của bạn: /renders",
    "render_not_yours": "Bản dựng này của người khác. Của bạn: /renders",
    "render_ended": "Bản dựng {render_id} đã kết thúc. Kết quả: /renders",
    "render_open": "Bản dựng {render_id} chưa xong.",
    "render_not_waiting": "Bản dựng {render_id} không còn chờ nữa.",
    "render_no_result": (
        "Bản dựng {render_id} không có video để đăng. Hãy chờ dựng xong, hoặc dựng lại."
    ),
    "render_no_log": "Bản dựng {render_id} chưa có nhật ký, hoặc nhật ký đã quá cũ nên bị xóa.",
    "render_not_allowed": "Không đăng được ở đó:\n{why}",
    "renders_no_caption": "Muốn đăng thì hãy cho cả chú thích: --caption.",
    "renders_no_place": "Hãy cho biết đăng ở đâu: --to, hoặc dòng “to: …” trong chú thích.",
    "render_twins": (
        "Đã ghi nhận: bản dựng {render_id} có thể lên nhiều tài khoản bằng cùng một tệp. Hãy trả "
        "lời lại bằng chú thích."
    ),
    "button_render_twins": "Cố ý dùng cùng một tệp",
}

SOURCES: Sentences = {
    "source_render_waits": "video còn đang dựng",
    "source_render_failed": "không dựng được video",
    "source_render_cancelled": "việc dựng video đã bị hủy",
}

BUTTONS: Sentences = {
    "button_render_cancel": "✖ Hủy",
    "button_render_first": "⏫ Dựng trước",
    "button_render_again": "🔁 Dựng lại",
    "button_render_retry": "🔁 Thử lại",
    "button_render_log": "📜 Nhật ký",
    "button_render_publish": "📣 Đăng lên …",
    "button_render_show": "{render_id}",
    "button_render_newer": "‹ Mới hơn",
    "button_render_older": "Cũ hơn ›",
    "button_render_cancel_rest": "✖ Hủy phần còn lại",
    "button_render_retry_failed": "🔁 Thử lại phần thất bại",
}

SENTENCES: Sentences = {
    **CARD,
    **BATCH,
    **NEWS,
    **LISTS,
    **REFUSALS,
    **SOURCES,
    **BUTTONS,
}
