"""Vietnamese sentences about diagnostics."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

SENTENCES: Sentences = {
    "figures_head": "<b>Tình hình · {period}</b>",
    "figures_today": "hôm nay",
    "figures_7d": "7 ngày",
    "figures_30d": "30 ngày",
    "figures_run": "lần chạy này",
    "button_figures_today": "Hôm nay",
    "button_figures_7d": "7 ngày",
    "button_figures_30d": "30 ngày",
    "figures_bad_period": (
        "Mình không hiểu khoảng thời gian {given}. Hãy viết /diagnostics today, 7d hoặc 30d, hoặc "
        "số bài đăng."
    ),
    "figures_nothing": "Trong thời gian này chưa có gì kết thúc.",
    "figures_posts": "Đã nhận {posts}",
    "figures_counts": "Kết thúc {uploads}: {live} đã đăng, {failed} thất bại, {cancelled} đã hủy",
    "figures_rate": "Thành công {rate}, {tries}",
    "figures_rate_before": "Thành công {rate} (trước đó: {before}), {tries}",
    "count_tries": {
        "other": "{count} lần thử",
    },
    "figures_time": "Từ lúc nhận đến khi đăng: trung bình {mean}, 95% không quá {p95}",
    "figures_time_before": (
        "Từ lúc nhận đến khi đăng: trung bình {mean} (trước đó: {before}), 95% không quá {p95}"
    ),
    "figures_sent": "Đã gửi: {size}",
    "figures_sent_speed": "Đã gửi: {size}, {speed}",
    "figures_fetched": "Đã tải về: {size}, {speed}",
    "figures_resumed": {
        "other": "{count} lần thử tiếp tục từ chỗ dừng: không phải gửi lại {size}",
    },
    "figures_stages": "<b>Thời gian vào việc gì</b>",
    "figures_stage": "• {stage}: trung bình {mean}, 95% không quá {p95}, chiếm {share}",
    "figures_slowest": "Chậm nhất: {stage}",
    "figures_waits": "Đã chờ: {waits}",
    "figures_wait": "{reason} ({time})",
    "stage_fetch": "tải video về",
    "stage_probe": "kiểm tra video",
    "stage_describe": "soạn nội dung",
    "stage_fit": "chỉnh video",
    "stage_wait": "chờ",
    "stage_begin": "mở lượt tải lên",
    "stage_send": "gửi",
    "stage_resume": "hỏi chỗ để gửi tiếp",
    "stage_commit": "đăng",
    "stage_processing": "nền tảng xử lý",
    "reason_media": "video",
    "reason_turn": "đến lượt",
    "reason_time": "đến giờ đã chọn",
    "reason_quota": "hạn ngạch",
    "reason_cooldown": "hết giờ nghỉ của nền tảng",
    "reason_retry": "lần thử tiếp theo",
    "reason_account": "tài khoản",
    "reason_platform": "nền tảng",
    "reason_person": "bạn quyết định",
    "reason_disk": "chỗ trống trên ổ đĩa",
    "reason_outcome": "kết quả",
    "reason_source": "dữ liệu video",
    "reason_fit": "video được chỉnh",
    "reason_text": "nội dung",
    "reason_other": "việc khác",
    "figures_errors": "<b>Lỗi</b>",
    "figures_error": "• {kind}, {count} lần. Gần nhất: bài đăng {post_id}, {place}: {what}",
    "figures_places": "<b>Nền tảng</b>",
    "figures_accounts": "<b>Tài khoản</b>",
    "figures_place": "• {place}: {live} đã đăng, {failed} thất bại",
    "figures_place_time": "• {place}: {live} đã đăng, {failed} thất bại, trung bình {mean}",
    "figures_left": "• và {count} dòng nữa",
    "figures_renders": (
        "<b>Mashup</b>: {made} đã dựng ({time} video), {failed} thất bại, {cancelled} đã hủy"
    ),
    "figures_render_cause": "Thất bại nhiều nhất ({count} ×): {what}",
    "figures_now": "<b>Hiện giờ</b>: {waiting} đang chạy, {unknown} chưa rõ kết quả",
    "figures_quota": "Hạn ngạch: {quotas}",
    "figures_quota_item": "{account}: {used}/{limit} ({quota})",
    "figures_disk": "Ổ đĩa: dùng được {room}, video chiếm {spool}",
    "figures_session": "Đã chạy {time}",
    "figures_advice": "<b>Nên làm gì</b>",
    "figures_well": "Mọi thứ đều ổn, không cần làm gì.",
    "figures_caption": "Tỷ lệ thành công và thời gian · {period}",
    "figures_axis_uploads": "lượt tải lên",
    "figures_axis_live": "đã đăng",
    "figures_axis_failed": "thất bại",
    "figures_axis_seconds": "số giây đến khi đăng",
    "figures_post_head": "<b>Bài đăng {post_id}</b>: {state}",
    "figures_post_total": "Từ lúc nhận đến khi đăng: {time}",
    "figures_post_nothing": "Chưa đo được gì cho bài này.",
    "figures_post_place": "<b>{place}</b>: {state}",
    "figures_post_step": "• {stage}: {time}",
    "figures_post_bytes": "• {stage}: {time}, {size}",
    "figures_post_speed": "• {stage}: {time}, {size}, {speed}",
    "figures_post_wait": "• chờ {reason}: {time}",
    "figures_post_resume": "• tiếp tục từ chỗ dừng: không phải gửi lại {size}",
    "figures_post_error": "• thất bại lúc {at}: {what}",
    "figures_post_tries": "• {tries}, đã gửi {size}",
    "figures_state_waiting": "đang chờ",
    "figures_state_uploading": "đang tải lên",
    "figures_state_committing": "đang đăng",
    "figures_state_processing": "nền tảng đang xử lý",
    "figures_state_live": "đã đăng",
    "figures_state_failed": "thất bại",
    "figures_state_cancelled": "đã hủy",
    "figures_state_unknown": "chưa rõ kết quả",
    "advice_sign_in": (
        "{platform} · {account}: {refused}/{failed} lần thất bại là do đăng nhập bị từ chối. Hãy "
        "kết nối lại tài khoản bằng /accounts."
    ),
    "advice_disk": (
        "Ổ đĩa chỉ còn dùng được {room}, video chiếm {spool}. Hãy giải phóng dung lượng, hoặc đặt "
        "temp_dir sang ổ đĩa lớn hơn."
    ),
    "advice_quota": (
        "{platform} · {account}: đã dùng {used}/{limit} ({quota}). Hãy chia video cho nhiều tài "
        "khoản bằng /groups, hoặc chờ; đến khi nào: /limits"
    ),
    "advice_crashes": (
        "{crashed} lần thử bị ngắt vì chương trình dừng. Hãy chạy karvon doctor và xem máy có đủ "
        "bộ nhớ không."
    ),
    "advice_unsteady": (
        "{platform}: {failed}/{tries} lần thử bị ngắt giữa chừng. Hãy kiểm tra mạng và trang "
        "trạng thái của nền tảng; giảm upload_workers có thể đỡ hơn."
    ),
    "advice_rate_limited": (
        "{platform} yêu cầu chậm lại trong {failed}/{tries} lần thử. Hãy đặt "
        "rotation.post_gap_seconds, hoặc dùng thêm tài khoản."
    ),
    "advice_rejected": (
        "{platform} từ chối {rejected}/{uploads} lượt tải lên. Hãy xem lỗi gần nhất bên dưới; "
        "karvon fit cho biết tệp thiếu gì."
    ),
    "advice_resume_vain": (
        "{platform}: cả {resumes} lượt tải tiếp đều phải gửi lại từ đầu. Hãy tìm proxy hoặc tường "
        "lửa ngắt các lượt tải lên dài."
    ),
    "advice_turns": (
        "Các lượt tải lên xếp hàng {waited}, trong khi tổng thời gian làm việc là {worked}. Hãy "
        "tăng upload_workers (hiện là {upload_workers})."
    ),
    "advice_slow_source": (
        "Các lượt tải lên chờ video {waited}, còn gửi chỉ mất {sent}. Chậm ở khâu tải video về: "
        "hãy dùng đường truyền nhanh hơn, hoặc máy chủ Bot API của riêng bạn."
    ),
    "advice_fallback": (
        "{fallback}/{texts} nội dung được soạn mà không có mô hình. Hãy kiểm tra groq.api_key và "
        "groq.model, hoặc tăng groq.timeout_seconds."
    ),
    "advice_slower": (
        "Hiện trung bình mất {mean}, trước đây là {before}. Tốn thời gian nhất: {stage}."
    ),
}
