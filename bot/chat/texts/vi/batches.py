"""Vietnamese sentences about batches."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

FILE: Sentences = {
    "batch_file_large": "Tệp nặng {size_bytes}, chỉ nhận tối đa {limit_bytes}.",
    "batch_file_large_do": "Hãy chia thành nhiều tệp.",
    "batch_file_empty": "Tệp trống.",
    "batch_file_empty_do": "Hãy lưu lại rồi gửi lần nữa.",
    "batch_encoding": "Văn bản không phải UTF-8 (byte {position}).",
    "batch_encoding_do": "Hãy lưu tệp dạng UTF-8.",
    "batch_entries_many": "Tệp liệt kê {count} clip, chỉ nhận tối đa {limit}.",
    "batch_entries_many_do": "Hãy chia thành nhiều tệp.",
    "batch_no_entries": "Tệp không liệt kê clip nào.",
    "batch_no_entries_do": "Hãy thêm ít nhất một mục có đường dẫn.",
    "batch_bad_json": "Đây không phải JSON (cột {column}): {why}.",
    "batch_bad_json_do": "Hãy sửa tệp ở chỗ này.",
    "batch_bad_config": "Cấu hình không phải JSON (cột {column}): {why}.",
    "batch_bad_config_do": "Hãy sửa cấu hình ở chỗ này.",
    "batch_clips_no_list": "“clips” không phải danh sách: {given}.",
    "batch_clips_no_list_do": "Hãy viết các clip thành danh sách trong ngoặc vuông.",
    "batch_no_clips": "Tệp không có danh sách “clips”.",
    "batch_no_clips_do": "Hãy gửi tệp có “video_id” và “clips”, một bảng, hoặc JSON từng dòng.",
    "batch_entry_no_object": "Mục này không phải đối tượng JSON: {given}.",
    "batch_entry_no_object_do": "Hãy viết mục trong ngoặc nhọn, kèm đường dẫn.",
    "batch_bad_table": "Từ đây trở đi không đọc được bảng: {why}.",
    "batch_bad_table_do": "Hãy tìm dấu ngoặc kép chưa đóng.",
    "batch_column_twice": "Cột “{name}” có hai lần.",
    "batch_column_twice_do": "Hãy đặt tên riêng cho từng cột.",
    "batch_no_path_column": "Bảng không có cột “path” hay “filename”; chỉ có: {names}.",
    "batch_no_path_column_do": "Hãy đặt tên cột chứa tệp là “path”.",
    "batch_row_long": "Hàng có {cells} ô, tiêu đề có {columns}.",
    "batch_row_long_do": "Hãy đặt giá trị có dấu phân cách vào trong ngoặc kép.",
    "batch_bad_value": "“{field}” không thể là “{given}”: {why}.",
    "batch_bad_value_do": "Hãy sửa giá trị này.",
    "batch_more_findings": "Còn {count} điểm nữa chưa liệt kê.",
    "batch_more_findings_do": "Hãy sửa những điểm ở trên rồi kiểm tra lại.",
}

TEMPLATES: Sentences = {
    "batch_unknown_placeholder": "Không có trường “{name}” cho {field}.{near}",
    "batch_unknown_placeholder_do": "Hãy dùng một trong các trường này: {known}.",
    "batch_near": " Có phải ý bạn là {near}?",
    "batch_empty_placeholder": "Clip này không có “{name}” nên {field} bị trống ở đó.",
    "batch_empty_placeholder_do": "Hãy thêm “{name}” cho clip, hoặc bỏ nó khỏi mẫu.",
    "batch_template_syntax": "Không đọc được {field}: {why}.",
    "batch_template_syntax_do": "Hãy viết tên trường giữa { và }, mỗi dấu một lần.",
    "batch_template_forbidden": "{field} không chỉ ghi tên trường ({what}).",
    "batch_template_forbidden_do": "Chỉ dùng được tên trường và bộ lọc đơn giản.",
    "batch_template_filter": "{field} dùng bộ lọc không có: “{name}”.",
    "batch_template_filter_do": "Hãy dùng một trong các bộ lọc này: {known}.",
    "batch_template_long": "{field} dài quá {limit} ký tự.",
    "batch_template_long_do": "Hãy rút ngắn.",
    "batch_template_value": "{field} không dùng được với các trường của clip này: {why}.",
    "batch_template_value_do": "Hãy sửa trường đó, hoặc bỏ bộ lọc.",
    "batch_text_long": "{platform}: {what} dài {actual} {unit}, chỉ nhận tối đa {limit}.",
    "batch_text_long_do": "Hãy rút ngắn {field}, hoặc bỏ {platform}.",
    "batch_tags_long": "{platform}: các thẻ dài {actual} ký tự, chỉ nhận {limit}.",
    "batch_tags_long_do": "Một số thẻ sẽ bị bỏ; muốn tự chọn, hãy ghi ít thẻ hơn.",
    "batch_title": "tiêu đề",
    "batch_description": "mô tả",
    "batch_unit_characters": "ký tự",
    "batch_unit_utf16": "ký tự",
    "batch_unit_bytes": "byte",
}

FILES: Sentences = {
    "batch_no_path": "Mục này không ghi tệp nào.",
    "batch_no_path_do": "Hãy thêm “path” hoặc “filename”.",
    "batch_bad_path": "Đây không phải đường dẫn: {given}.",
    "batch_bad_path_do": "Hãy sửa đường dẫn.",
    "batch_path_outside": "Tệp nằm ngoài các thư mục được phép: {given}.",
    "batch_path_outside_do": (
        "Hãy chuyển tệp vào đó, hoặc thêm thư mục của nó vào batches.folders."
    ),
    "batch_missing_file": "Không có tệp này: {given}.",
    "batch_missing_file_do": "Hãy sửa đường dẫn, hoặc tạo lại clip.",
    "batch_no_file": "Đây là thư mục hoặc thiết bị, không phải tệp: {given}.",
    "batch_no_file_do": "Hãy ghi chính tệp video.",
    "batch_file_forbidden": "Không có quyền đọc tệp: {given}.",
    "batch_file_forbidden_do": "Hãy cho người dùng đang chạy Karvon quyền đọc tệp.",
    "batch_file_changed": "Tệp đã thay đổi sau khi kiểm tra: {given}.",
    "batch_empty_file": "Tệp trống: {given}.",
    "batch_empty_file_do": "Hãy tạo lại clip.",
    "batch_not_a_video": "Đây không phải video đọc được: {given}.",
    "batch_not_a_video_do": "Hãy tạo lại clip, hoặc bỏ mục này.",
    "batch_cut_off": "Video bị cắt cụt, thiếu phần cuối: {given}.",
    "batch_cut_off_do": "Hãy sao chép hoặc tạo lại clip.",
    "batch_probe_slow": "Kiểm tra video mất quá nhiều thời gian: {given}.",
    "batch_probe_slow_do": "Hãy xem video có phát được không; nếu không, hãy tạo lại clip.",
    "batch_no_ffprobe": "Không kiểm tra được video nào: {why}.",
    "batch_no_ffprobe_do": "Hãy cài ffmpeg, rồi xem bằng karvon doctor.",
    "batch_no_folders": "Chưa có thư mục nào được phép dùng cho lô.",
    "batch_no_folders_do": "Hãy thêm một thư mục vào batches.folders trong cài đặt.",
    "batch_file_twice": "Mục {first} có cùng tệp cho cùng tài khoản.",
    "batch_file_twice_do": "Hãy bỏ một trong hai.",
    "batch_content_twice": "Mục {first} có cùng video cho cùng tài khoản.",
    "batch_content_twice_do": "Mục này được bỏ qua; hãy bỏ một trong hai khỏi tệp.",
    "batch_duplicate": "Video này đã có ở đó: {places}.",
    "batch_duplicate_do": "Sẽ không gửi lại đến đó.",
    "batch_done_before": "Clip này đã đăng trước đây.",
    "batch_done_before_do": "Sẽ không gửi lại.",
    "batch_duration_differs": "Tệp ghi {written} giây, video dài {actual} giây.",
    "batch_duration_differs_do": "Hãy xem có đúng clip này không.",
}

TARGETS: Sentences = {
    "batch_bad_target": "Các nơi này không dùng được. {why}",
    "batch_bad_target_do": "Hãy sửa “platforms”, hoặc kết nối tài khoản.",
    "batch_target_refuses": "Ở đó không làm được. {why}",
    "batch_target_refuses_do": "Hãy chọn cách khác, hoặc bỏ nơi đó.",
    "batch_does_not_fit": "{platform} không nhận video này. {why}",
    "batch_does_not_fit_do": "Hãy tạo clip khác, hoặc bỏ {platform}.",
    "batch_is_fitted": "{platform} không nhận video nguyên như vậy. {why}",
    "batch_is_fitted_do": "Video sẽ được chỉnh: {remedies}.",
    "batch_over_quota": (
        "{platform} ({account}) trước mắt chỉ nhận {soon}/{count} video; video cuối bắt đầu lúc "
        "{until}."
    ),
    "batch_over_quota_do": (
        "Không mất gì cả: các video khác sẽ chờ. Muốn nhanh hơn, hãy dùng thêm tài khoản."
    ),
    "batch_over_quota_never": "{platform} ({account}) không bao giờ nhận được {count} video.",
    "batch_over_quota_never_do": "Hãy xem /limits, hoặc bỏ tài khoản này.",
    "batch_chunk_unused": "chunk_size không có tác dụng với {platform}.",
    "batch_chunk_unused_do": "Không cần làm gì: nơi này nhận cả video một lần.",
    "batch_chunk_changed": "{platform} nhận từng phần {taken} byte thay vì {asked}.",
    "batch_chunk_changed_do": "Không cần làm gì.",
}

CHAT: Sentences = {
    "batch_at_entry": "Mục {entry}, dòng {line}: {what}",
    "batch_at_number": "Mục {entry}: {what}",
    "batch_at_line": "Dòng {line}: {what}",
    "batch_received": (
        "Đang kiểm tra <b>{name}</b>. Bạn chưa đồng ý thì chưa đăng gì.\nBạn vẫn có thể gửi thêm "
        "cấu hình đăng dưới dạng tệp."
    ),
    "batch_received_config": (
        "Đang kiểm tra <b>{name}</b> với cấu hình của bạn. Bạn chưa đồng ý thì chưa đăng gì."
    ),
    "batch_config_kept": "Đã lưu cấu hình. Trong một giờ tới, hãy gửi danh sách clip.",
    "batch_config_used": "Đang kiểm tra lại <b>{name}</b> với cấu hình này.",
    "batch_config_late": "Lô {batch_id} đang chạy rồi nên giữ nguyên cấu hình.",
    "batch_checked": "<b>{name}</b>: đăng được {planned}/{entries} clip.{done}{counts}",
    "batch_checked_none": (
        "<b>{name}</b>: không clip nào trong {entries} clip đăng được.{done}{counts}"
    ),
    "batch_checked_done": "\nĐã đăng trước đây: {count}.",
    "batch_checked_counts": "\n⛔ {blocks} vấn đề, ⚠️ {warns} điều cần xem",
    "batch_checked_more": "… và {count} điểm nữa trong tệp bên dưới.",
    "batch_finding_block": "⛔ {what} <i>{remedy}</i>",
    "batch_finding_warn": "⚠️ {what} <i>{remedy}</i>",
    "batch_finding_note": "• {what} <i>{remedy}</i>",
    "batch_findings": "Mọi điểm tìm thấy trong <b>{name}</b>.",
    "batch_refused": "Mình không đọc được tệp này. {what}\n{remedy}",
    "batch_fetch": "Mình không tải được tệp này: {why}. Hãy gửi lại.",
    "batch_unknown": "Không có lô {batch_id}.",
    "batch_line": "Lô không dùng được dòng <code>{line}:</code>. Hãy bỏ dòng đó khỏi chú thích.",
    "batch_kind": (
        "{name} không phải danh sách clip. Hãy dùng .json có “clips”, .csv hoặc .jsonl, mỗi dòng "
        "một clip."
    ),
    "batch_broken": "Mình không kiểm tra được <b>{name}</b>. Hãy xem /doctor, rồi gửi lại.",
    "batch_left": "Không đăng gì từ <b>{name}</b>.",
    "batch_result": (
        "Lô {batch_id} (<b>{name}</b>) đã kết thúc: {live} đã đăng, {failed} thất bại, "
        "{cancelled} đã hủy."
    ),
    "batch_card": "<b>Lô {batch_id}</b>: {name}",
    "batch_card_stopping": "<b>Lô {batch_id}</b>: {name} – đang dừng",
    "batch_card_done": "<b>Lô {batch_id}</b>: {name} – xong",
    "batch_card_progress": "{percent} – {ended}/{total} lượt tải lên",
    "batch_state_live": "✅ đã đăng: {count}",
    "batch_state_processing": "⚙️ đang xử lý: {count}",
    "batch_state_uploading": "⬆️ đang tải lên: {count}",
    "batch_state_waiting": "⏳ đang chờ: {count}",
    "batch_state_unknown": "❓ chưa rõ kết quả: {count}",
    "batch_state_failed": "❌ thất bại: {count}",
    "batch_state_cancelled": "🚫 đã hủy: {count}",
    "batch_state_planned": "… chưa bắt đầu: {count}",
    "batch_state_bad": "⛔ bỏ qua vì có vấn đề: {count}",
    "batch_state_left": "– bỏ qua: {count}",
    "batch_state_refused": "⛔ không nhận được: {count}",
    "batch_cause": "{count} × {platform}: {why}",
    "batch_cause_plain": "{count} × {platform}",
    "batch_asks": "Đang chờ bạn: {posts}",
    "batch_failed_posts": "Cần xem: {posts}",
    "button_batch_all": "Đăng tất cả",
    "button_batch_good": "Chỉ clip không có ⚠️",
    "button_batch_leave": "Không đăng",
    "button_batch_cancel": "Dừng lô",
    "button_batch_retry": "Thử lại phần thất bại",
}

SENTENCES: Sentences = {**FILE, **TEMPLATES, **FILES, **TARGETS, **CHAT}
