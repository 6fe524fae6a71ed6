"""Vietnamese sentences about files that do not fit and what is done about it."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

REFUSED: Sentences = {
    "fit_too_big": "Tệp nặng {actual}, {platform} chỉ nhận đến {limit}. Hãy làm nhẹ bớt.",
    "fit_much_too_big": (
        "Video dài {actual}: dài vậy mà nén xuống {limit} như {platform} nhận thì không xem được. "
        "Hãy cắt bớt."
    ),
    "fit_too_long": "Video dài {actual}, {platform} chỉ nhận đến {limit}. Hãy cắt bớt.",
    "fit_too_short": "Video dài {actual}, {platform} cần ít nhất {limit}. Hãy gửi video dài hơn.",
    "fit_frame_rate_high": "Video có {actual} khung hình/giây, {platform} chỉ nhận đến {limit}.",
    "fit_frame_rate_low": "Video có {actual} khung hình/giây, {platform} cần ít nhất {limit}.",
    "fit_variable_rate": "Tốc độ khung hình không đều, {platform} không nhận.",
    "fit_too_wide": "Rộng {actual} px, {platform} chỉ nhận đến {limit}. Hãy thu nhỏ.",
    "fit_too_narrow": "Rộng {actual} px, {platform} cần ít nhất {limit}.",
    "fit_too_high": "Cao {actual} px, {platform} chỉ nhận đến {limit}. Hãy thu nhỏ.",
    "fit_too_low": "Cao {actual} px, {platform} cần ít nhất {limit}.",
    "fit_aspect_wide": "Khung hình quá rộng đối với {platform} ({actual}, tối đa {limit}).",
    "fit_aspect_tall": "Khung hình quá cao đối với {platform} ({actual}, tối thiểu {limit}).",
    "fit_side_long": "Cạnh dài {actual} px, {platform} chỉ nhận đến {limit}. Hãy thu nhỏ.",
    "fit_side_short": "Cạnh ngắn {actual} px, {platform} cần ít nhất {limit}.",
    "fit_side_small": "Cạnh dài {actual} px, {platform} cần ít nhất {limit}.",
    "fit_container": "{platform} không nhận định dạng {actual}. Hãy gửi MP4.",
    "fit_video_codec": "{platform} không nhận codec hình {actual}. Hãy gửi H.264.",
    "fit_audio_codec": "{platform} không nhận codec tiếng {actual}. Hãy gửi AAC.",
    "fit_audio_rate": "Tần số âm thanh là {actual} Hz, {platform} chỉ nhận đến {limit}.",
    "fit_audio_channels": "Âm thanh có {actual} kênh, {platform} chỉ nhận đến {limit}.",
    "fit_no_audio": "Video không có tiếng, {platform} bắt buộc phải có.",
    "fit_pixel_format": "{platform} không nhận định dạng màu {actual}.",
    "fit_hdr": "Đây là video HDR; {platform} chỉ nhận SDR.",
    "fit_bit_rate": "Bitrate là {actual}, {platform} chỉ nhận đến {limit}. Hãy làm nhẹ bớt.",
    "fit_index_last": (
        "Chỉ mục nằm ở cuối tệp, {platform} không nhận. Hãy lưu video cho web (“fast start”)."
    ),
    "fit_edit_list": (
        "Tệp có danh sách chỉnh sửa (edit list), {platform} không nhận. Hãy xuất lại video, không "
        "cắt hay dịch thời gian."
    ),
    "fit_empty_file": "Tệp trống. Hãy gửi lại.",
    "fit_unmeasured": "Tệp không ghi kích thước hoặc độ dài. Hãy xuất lại thành MP4.",
    "fit_other": "Tệp không hợp với {platform} ({text}): {actual}, cho phép {limit}.",
}

ADVICE: Sentences = {
    "fit_warn_aspect_wide": (
        "{platform} khuyên dùng khung hình dọc ({limit}); video này là {actual}."
    ),
    "fit_warn_aspect_tall": (
        "{platform} khuyên dùng khung hình rộng hơn ({limit}); video này là {actual}."
    ),
    "fit_warn_container": "{platform} khuyên dùng MP4; tệp này là {actual}.",
    "fit_warn_video_codec": "{platform} khuyên dùng H.264; video này dùng {actual}.",
    "fit_warn_audio_codec": "{platform} khuyên dùng AAC cho âm thanh; video này dùng {actual}.",
    "fit_warn_audio_rate": "{platform} khuyên dùng âm thanh {limit} Hz; video này là {actual}.",
    "fit_warn_audio_channels": (
        "{platform} khuyên dùng {limit} kênh âm thanh; video này có {actual}."
    ),
    "fit_warn_no_audio": "Video không có tiếng; {platform} khuyên nên có, dù chỉ là tiếng câm.",
    "fit_warn_pixel_format": "{platform} khuyên dùng màu 4:2:0; video này dùng {actual}.",
    "fit_warn_variable_rate": "Tốc độ khung hình không đều; {platform} khuyên nên đều.",
    "fit_warn_index_last": "Chỉ mục nằm ở cuối tệp: trên {platform} video sẽ phát chậm hơn.",
    "fit_warn_edit_list": (
        "Tệp có danh sách chỉnh sửa (edit list), {platform} có thể hiểu khác đi."
    ),
}

REMEDIES: Sentences = {
    "remedy_remux": "đóng gói lại, không giảm chất lượng",
    "remedy_cut": "cắt phần cuối",
    "remedy_speed": "phát nhanh hơn",
    "remedy_shape": "đổi tỷ lệ khung hình",
    "remedy_scale": "đổi độ phân giải",
    "remedy_smaller": "làm nhẹ bớt",
    "remedy_encode": "nén lại hình",
    "remedy_sound": "nén lại tiếng",
    "remedy_silence": "thêm âm thanh câm",
    "remedy_loudness": "cân bằng âm lượng",
    "remedy_sdr": "chuyển HDR sang SDR",
    "remedy_frame_rate": "đổi tốc độ khung hình",
}

ERRORS: Sentences = {
    "fit_error_disk_full": "Ổ đĩa đầy. Hãy giải phóng dung lượng; sẽ tự thử lại.",
    "fit_error_index_large": "Chỉ mục của tệp lớn hơn dự kiến. Sẽ tự thử lại.",
    "fit_error_no_memory": "Không đủ bộ nhớ. Hãy giảm fit.at_once hoặc fit.threads.",
    "fit_error_no_access": "Không ghi được vào một thư mục. Hãy xem quyền của nó.",
    "fit_error_no_filter": (
        "ffmpeg ở đây thiếu thứ cần dùng ({text}). Hãy cài bản có libzimg, libx264 và AAC."
    ),
    "fit_error_no_encoder": (
        "ffmpeg ở đây thiếu thứ cần dùng ({text}). Hãy cài bản có libzimg, libx264 và AAC."
    ),
    "fit_error_no_ffmpeg": "Không tìm thấy ffmpeg: hãy cài, hoặc đặt KARVON_FFMPEG.",
    "fit_error_stalled": "Việc chỉnh video bị đứng nên đã dừng. Sẽ tự thử lại.",
    "fit_error_killed": "Việc chỉnh video bị dừng từ bên ngoài ({text}). Sẽ tự thử lại.",
    "fit_error_source_gone": "Video không còn ở chỗ cũ. Hãy gửi lại.",
    "fit_error_broken": "Video bị hỏng nên không chỉnh được ({text}). Hãy xuất lại.",
    "fit_error_damaged": "Video chỉnh ra không nguyên vẹn ({text}). Hãy xuất lại video.",
}

COMMAND: Sentences = {
    "source_cut_off": "tệp bị cắt cụt: thiếu phần cuối",
    "fit_cut_off": "{path} bị cắt cụt: thiếu phần cuối. Hãy sao chép hoặc tải về lại.",
    "fit_line_ok": "✅ {platform}: nhận nguyên video",
    "fit_line_advice": "⚠️ {platform}: nhận nguyên video. {why}",
    "fit_line_fixable": "⚠️ {platform}: {why} → {remedies}",
    "fit_line_hopeless": "❌ {platform}: {why}",
    "fit_line_made": "   đã tạo: {path} ({size})",
    "fit_line_failed": "   ❌ {why}",
    "fit_not_a_video": "{path} không phải video đọc được ({text}). Hãy gửi tệp khác.",
    "fit_unknown_platform": "{name} không phải nền tảng. Có: {known}.",
}

SENTENCES: Sentences = {**REFUSED, **ADVICE, **REMEDIES, **ERRORS, **COMMAND}
