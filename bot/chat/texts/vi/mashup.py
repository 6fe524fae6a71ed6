"""Vietnamese sentences about making mashups."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

WIZARD: Sentences = {
    "cmd_mashup": "ghép video từ nhiều phần",
    "help_mashup": (
        "/mashup – ghép video từ nhiều phần, từng bước một; /mashup 20 upbeat ghép nhiều video\n"
        "/renders – video đã dựng và đang dựng"
    ),
    "mashup_head": "🎬 <b>Ghép video</b> · bước {number}/{of}",
    "mashup_step_source": (
        "<b>Video chính là video nào?</b> Hãy chọn, gửi cho mình một video hoặc ảnh không kèm chú "
        "thích, hoặc trả lời tin nhắn này bằng tệp đó. Viết chữ là tìm trong danh sách."
    ),
    "mashup_step_template": (
        "<b>Phát kèm với gì?</b> Hãy chọn một mẫu, hoặc gửi cho mình một mẫu không kèm chú thích. "
        "Bỏ qua để chỉ có video của bạn."
    ),
    "mashup_step_music": (
        "<b>Dùng nhạc nào?</b> Bấm ▶ để nghe thử; bạn cũng có thể gửi nhạc cho mình. Bỏ qua để "
        "giữ tiếng của video."
    ),
    "mashup_step_layout": "<b>Các phần chia khung hình thế nào?</b>",
    "mashup_step_words": (
        "<b>Có chữ trên hình không?</b> Hãy viết ra, hoặc gửi tệp SRT hay ASS. Một dòng như "
        "<code>watermark: @name</code> sẽ đặt hình mờ ở góc, còn <code>credit: …</code> ghi tên "
        "tác giả ở chân hình."
    ),
    "mashup_step_targets": (
        "<b>Đăng ở đâu?</b> Hãy chọn nơi đăng và viết chú thích, có thể kèm các dòng quen thuộc "
        "như <code>to: youtube</code>. Không chọn gì thì chỉ dựng video."
    ),
    "mashup_step_review": "<b>Sẵn sàng.</b> Xem thử ba giây, hoặc dựng luôn.",
    "mashup_nearly": "<b>Gần xong.</b> Còn thiếu gì thì ghi ở dưới.",
    "mashup_chosen_source": "Video chính: {name}",
    "mashup_chosen_template": "Phát kèm: {name}",
    "mashup_chosen_no_source": "Video chính: chưa chọn",
    "mashup_chosen_no_template": "Phát kèm: không có",
    "mashup_chosen_music": "Nhạc: {name}",
    "mashup_chosen_no_music": "Nhạc: không có",
    "mashup_chosen_layout": "Hình: {layout}, {aspect}, {length}",
    "mashup_chosen_words": "Chữ: {text}",
    "mashup_chosen_file": "Chữ: từ {name}",
    "mashup_chosen_no_words": "Chữ: không có",
    "mashup_chosen_watermark": "Hình mờ: {text}",
    "mashup_chosen_foot": "Chân hình: {text}",
    "mashup_chosen_targets": "Đăng ở: {names}",
    "mashup_chosen_no_targets": "Đăng ở: không nơi nào, chỉ dựng",
    "mashup_chosen_post": "Chú thích: {text}",
    "mashup_drawn": "🎲 {line}",
    "mashup_seed": "🎲 Ngẫu nhiên số {seed}",
    "mashup_unnamed": "không có tên",
    "mashup_layout_side": "cạnh nhau",
    "mashup_layout_stack": "trên dưới",
    "mashup_layout_full": "cả khung hình",
    "mashup_layout_corner": "thu nhỏ ở góc",
    "mashup_layout_sequence": "nối tiếp nhau",
    "mashup_length": "dài {length}",
    "mashup_as_source": "dài bằng video chính",
    "mashup_row": "▫️ {number}. {name} · {facts}",
    "mashup_row_on": "☑️ {number}. {name} · {facts}",
    "mashup_picture": "ảnh",
    "mashup_uses": {
        "other": "đã dùng {count} lần",
    },
    "mashup_page": "Trang {page}/{pages}",
    "mashup_none_source": (
        "Thư viện của bạn chưa có video. Hãy gửi một video ngay, hoặc thêm bằng /add."
    ),
    "mashup_none_template": "Thư viện của bạn chưa có mẫu. Thêm bằng /add, hoặc bỏ qua bước này.",
    "mashup_none_music": "Thư viện của bạn chưa có nhạc. Thêm bằng /add, hoặc bỏ qua bước này.",
    "mashup_none_found": "Không có gì như vậy. Hãy viết từ khác, hoặc chọn cái khác.",
    "mashup_no_accounts": "Chưa kết nối kênh nào nên chỉ dựng video. Kết nối kênh: /connect",
    "mashup_only_made": "Chưa chọn nơi đăng: chỉ dựng video, bạn có thể đăng sau.",
    "mashup_needs_post": "⚠️ Hãy viết chú thích sẽ đăng cùng video.",
    "mashup_more_findings": {
        "other": "… và {count} điểm nữa",
    },
    "mashup_blocked": "Như vậy thì chưa dựng được. Hãy quay lại và đổi những gì nêu ở trên.",
}

NOTES: Sentences = {
    "mashup_note_deleted": "⚠️ Thứ bạn đã chọn ở đây không còn trong thư viện.",
    "mashup_note_added": "“{name}” đã vào thư viện.",
    "mashup_note_known": "“{name}” đã có sẵn trong thư viện; mình dùng tệp đó.",
    "mashup_note_fetching": "⬇️ Tệp của bạn đang trên đường đến. Đến nơi là mình chọn luôn.",
    "mashup_note_not_added": "⚠️ Tệp của bạn chưa được nhận. Lý do có trong tin nhắn về tệp đó.",
    "mashup_note_searched": "Đây là kết quả tìm “{search}”.",
    "mashup_note_words": "Đã lưu chữ của bạn.",
    "mashup_note_captions": "Đã lưu chữ từ “{name}”.",
    "mashup_note_post": "Đã lưu chú thích của bạn.",
    "mashup_note_preview": "👁 Đang chuẩn bị ba giây xem thử.",
}

ENDS: Sentences = {
    "mashup_again": (
        "Bạn có một video ghép còn dở (bước {number}/{of}). Làm tiếp, hay làm lại từ đầu?"
    ),
    "mashup_goes_on": ("🎬 Đã chọn “{name}”. Video ghép tiếp tục ở tin nhắn mà tin này trả lời."),
    "mashup_left": "🎬 Đã bỏ, không dựng gì cả. Ghép video mới: /mashup",
    "mashup_expired": "🎬 Video ghép này chờ quá lâu nên đã được cất đi. Ghép video mới: /mashup",
    "mashup_sent": "🎬 Đã gửi đi dựng: bản dựng {render_id}. Xem tiến độ trên thẻ của nó.",
    "mashup_sent_many": {
        "other": "🎬 Đã gửi {count} video ghép đi dựng. Xem tiến độ trên thẻ của chúng.",
    },
    "mashup_closed": "Video ghép này đã đóng. Ghép video mới: /mashup",
    "mashup_not_yours": "Video ghép này của người khác. Tự ghép video: /mashup",
    "mashup_moved": "Nút này thuộc bước trước. Hãy xem tin nhắn để biết đang ở bước nào.",
    "mashup_write_post": "Hãy viết chú thích trước, hoặc chọn “Chỉ dựng, không đăng”.",
    "mashup_not_fetched": "Không tải được tệp của bạn về: {why}.",
    "mashup_no_source": "Hãy chọn video chính trước.",
    "mashup_caption_long": "Dài quá: chỉ nhận tối đa {limit} ký tự. Hãy viết ngắn hơn.",
    "mashup_not_captions": "Đây không phải tệp phụ đề. Hãy gửi tệp có đuôi .srt hoặc .ass.",
    "mashup_captions_big": "Tệp này quá lớn với phụ đề ({size}). Tối đa {limit}.",
    "mashup_not_yet": "Tệp của bạn còn đang trên đường đến. Hãy chờ đến khi nó tới.",
    "mashup_not_here": (
        "Bước này không dùng được thứ đó. Hãy chọn trong danh sách, hoặc gửi thứ được hỏi."
    ),
    "mashup_press": "Bước này không dùng được thứ đó. Hãy bấm một nút dưới tin nhắn của nó.",
    "mashup_all_chosen": ("Bạn đã tự chọn tất cả. Hãy quay lại bước cần chọn ngẫu nhiên."),
    "mashup_unclear_place": (
        "Không thể nêu riêng “{place}”: có tài khoản khác trùng tên, hoặc tên có dấu phẩy. Hãy "
        "đổi tên trong /accounts."
    ),
    "mashup_asset_gone": "Tệp này không còn trong thư viện. Hãy chọn tệp khác.",
}

MANY: Sentences = {
    "mashup_many_head": (
        "🎬 <b>{count} video ghép</b> từ {sources}, {templates} và {music}; tổng cộng {seconds}.\n"
        "🎲 Phương án số {seed}"
    ),
    "mashup_many_sources": {
        "other": "{count} video",
    },
    "mashup_many_templates": {
        "other": "{count} mẫu",
    },
    "mashup_many_music": {
        "other": "{count} bản nhạc",
    },
    "mashup_many_example": "• {names} · ♪ {music}",
    "mashup_many_example_plain": "• {names}",
    "mashup_many_more": {
        "other": "… và {count} video nữa",
    },
    "mashup_many_changed": (
        "⚠️ Thư viện vừa thay đổi. Đây là những gì sẽ được dựng bây giờ; hãy bấm lại."
    ),
    "mashup_many_usage": (
        "Hãy viết số lượng, tối đa {most}, và tâm trạng của nhạc: <code>/mashup 20 "
        "upbeat</code>. Các dòng bên dưới nêu tên thành phần: <code>from: beach, #cats, "
        "12</code>, <code>templates: …</code>, <code>music: …</code>. Chỉ viết /mashup thì ghép "
        "một video, từng bước một."
    ),
    "mashup_many_mood": (
        "Không có nhạc nào mang tâm trạng “{mood}”. Hiện có: {known}. Hãy viết một trong số này, "
        "hoặc bỏ trống."
    ),
    "mashup_many_no_moods": (
        "Nhạc trong thư viện chưa ghi tâm trạng. Hãy chỉ viết <code>/mashup {count}</code>, hoặc "
        "thêm nhạc bằng /add."
    ),
    "mashup_many_key": (
        "Tôi không biết dòng “{given}:”. Các dòng nêu thành phần khi ghép nhiều video: {known}. "
        "Chú thích thì viết sau."
    ),
    "mashup_many_from_source": "Chỉ các video này: {names}",
    "mashup_many_from_template": "Chỉ các mẫu này: {names}",
    "mashup_many_from_music": "Chỉ nhạc này: {names}",
    "mashup_many_mooded": "Tâm trạng của nhạc: {mood}",
    "mashup_many_choose_source": (
        "🎬 Ghép {count} video <b>từ những clip nào</b>? Hãy bấm số của chúng; chữ bạn viết sẽ "
        "tìm trong danh sách."
    ),
    "mashup_many_choose_template": (
        "🎬 <b>Những mẫu nào</b> phát bên cạnh? Hãy bấm số của chúng; chữ bạn viết sẽ tìm trong "
        "danh sách."
    ),
    "mashup_many_choose_music": (
        "🎬 Lấy <b>nhạc nào</b>? Hãy bấm số; chữ bạn viết sẽ tìm trong danh sách."
    ),
    "mashup_many_chosen": {
        "other": "Đã chọn {count}.",
    },
    "mashup_many_chosen_none": "Chưa chọn gì, nên mọi thứ trong thư viện đều có thể được dùng.",
    "mashup_many_chosen_most": "Chỉ chọn được tối đa {most}. Hãy bỏ bớt trước.",
    "mashup_no_such_source": (
        "Không clip nào của bạn tên là “{name}” hay có chữ đó. Hãy viết tên, chữ, số hoặc #thẻ mà "
        "/library hiển thị."
    ),
    "mashup_no_such_template": (
        "Không mẫu nào của bạn tên là “{name}” hay có chữ đó. Hãy viết tên, chữ, số hoặc #thẻ mà "
        "/library hiển thị."
    ),
    "mashup_no_such_music": (
        "Không bản nhạc nào của bạn tên là “{name}” hay có chữ đó. Hãy viết tên, chữ, số hoặc "
        "#thẻ mà /library hiển thị."
    ),
}

BUTTONS: Sentences = {
    "button_mashup_number": "{number}",
    "button_mashup_on": "✓ {words}",
    "button_mashup_listen": "▶ {number}",
    "button_mashup_pictures": "🖼 Hình",
    "button_mashup_earlier": "◀",
    "button_mashup_later": "▶",
    "button_mashup_kind_source": "Clip tự làm",
    "button_mashup_kind_template": "Mẫu",
    "button_mashup_kind_hot": "Video hot",
    "button_mashup_kind_product": "Sản phẩm",
    "button_mashup_any_mood": "Mọi tâm trạng",
    "button_mashup_mood": "{mood}",
    "button_mashup_layout_side": "◧ Cạnh nhau",
    "button_mashup_layout_stack": "⬒ Trên dưới",
    "button_mashup_layout_full": "▢ Cả khung hình",
    "button_mashup_layout_corner": "◳ Thu nhỏ ở góc",
    "button_mashup_layout_sequence": "⇥ Nối tiếp nhau",
    "button_mashup_aspect": "{aspect}",
    "button_mashup_length": "{length}",
    "button_mashup_look_outline": "Chữ: có viền",
    "button_mashup_look_box": "Chữ: có nền",
    "button_mashup_place_top": "Vị trí: trên",
    "button_mashup_place_middle": "Vị trí: giữa",
    "button_mashup_place_bottom": "Vị trí: dưới",
    "button_mashup_no_words": "Bỏ chữ",
    "button_mashup_no_mark": "Bỏ hình mờ",
    "button_mashup_no_credit": "Bỏ tên tác giả",
    "button_mashup_all": "✖ Bỏ bộ lọc",
    "button_mashup_target": "{platform} · {name}",
    "button_mashup_target_group": "👥 {name}",
    "button_mashup_only_make": "Chỉ dựng, không đăng",
    "button_mashup_back": "‹ Quay lại",
    "button_mashup_skip": "Bỏ qua",
    "button_mashup_next": "Tiếp ›",
    "button_mashup_surprise": "🎲 Chọn ngẫu nhiên",
    "button_mashup_another": "🎲 Phương án khác",
    "button_mashup_cancel": "✖ Hủy",
    "button_mashup_preview": "👁 Xem thử ba giây",
    "button_mashup_go": "🚀 Dựng video",
    "button_mashup_go_many": "🚀 Dựng {count} video",
    "button_mashup_go_on": "▶ Làm tiếp",
    "button_mashup_anew": "Làm lại từ đầu",
    "button_mashup_choose_source": "☑ Clip",
    "button_mashup_choose_template": "☑ Mẫu",
    "button_mashup_choose_music": "☑ Nhạc",
    "button_mashup_everything": "Lấy tất cả",
    "button_mashup_chosen": "‹ Xong",
    "button_mashup_twins": "Cố ý dùng cùng một tệp",
}

STUDIO: Sentences = {
    "studio_policy": ("Quy tắc không cho phép. /mashup cho thấy quy tắc nào trước khi dựng."),
    "studio_crashed": (
        "Karvon sập nhiều lần trong lúc dựng. Các phần ngắn hơn hoặc preset thấp hơn có thể giúp; "
        "nút “Thử lại” sẽ dựng lại."
    ),
    "studio_internal": (
        "Lỗi nội bộ. Xem thêm trong nhật ký của bản dựng; nút “Thử lại” sẽ dựng lại."
    ),
    "studio_other": "Không làm được: {what}.",
    "studio_no_glyph": (
        "Không phông chữ nào có các ký tự này: {characters}. Hãy bỏ chúng đi, hoặc đặt phông chữ "
        "có chúng vào một thư mục ghi trong cài đặt studio.fonts."
    ),
    "studio_unknown_font": (
        "Không có phông chữ {font}. Hiện có: {known}. Hãy chọn một trong số đó, hoặc đặt phông "
        "của bạn vào một thư mục ghi trong cài đặt studio.fonts."
    ),
    "studio_music_start": (
        "Nhạc được đặt bắt đầu ở giây {start}, nhưng chỉ dài {length} giây. Hãy cho bắt đầu sớm "
        "hơn."
    ),
    "studio_captions_too_large": (
        "“{name}” quá lớn với phụ đề: tối đa {limit}. Hãy gửi chính tệp SRT hoặc ASS."
    ),
    "studio_captions_charset": (
        "Không nhận ra bảng mã của “{name}”. Hãy lưu tệp dạng UTF-8 rồi gửi lại."
    ),
    "studio_captions_broken": (
        "“{name}” không có phụ đề đọc được. Hãy gửi tệp SRT, WebVTT hoặc ASS có chữ và thời gian."
    ),
    "studio_bad_count": (
        "{count} không phải số lượng video ghép hợp lệ. Hãy viết số từ 1 đến {limit}."
    ),
    "studio_missing_kinds": "Thư viện không có: {kinds}. Hãy thêm bằng /add.",
    "studio_missing_parts": (
        "Thư viện chưa có: {kinds}. Hãy thêm bằng /add, hoặc chọn tâm trạng khác."
    ),
    "studio_too_few_parts": (
        "Bạn cần {count} video ghép khác nhau, nhưng với những gì hiện có ({kinds}) chỉ ghép được "
        "{room}. Hãy thêm {more} tệp loại {kind}, hoặc giảm số lượng."
    ),
}

RENDER: Sentences = {
    "studio_unknown_layout": "Không có bố cục {layout}. Hiện có: {known}.",
    "studio_unknown_profile": "Không có cấu hình {profile}. Hiện có: {known}.",
    "studio_unknown_aspect": "Không có tỷ lệ khung hình {aspect}. Hiện có: {known}.",
    "studio_parts_missing": (
        "Bố cục {layout} cần {wanted} phần, mới có {given}. Hãy thêm phần, hoặc chọn bố cục khác."
    ),
    "studio_parts_many": (
        "Bố cục {layout} chỉ có chỗ cho {wanted} phần, nhưng có đến {given}. Hãy bỏ bớt, hoặc "
        "chọn bố cục khác."
    ),
    "studio_missing": "Không có tệp “{name}”.",
    "studio_empty": "“{name}” trống. Hãy dùng bản sao khác.",
    "studio_no_access": "Không có quyền đọc hoặc ghi một tệp hay thư mục: {text}.",
    "studio_unreadable": (
        "Không đọc được “{name}”: tệp bị hỏng, hoặc không phải video, âm thanh hay ảnh."
    ),
    "studio_cut_off_input": "“{name}” bị cắt cụt: thiếu phần cuối. Hãy dùng bản sao khác.",
    "studio_too_small": "Hình của “{name}” quá nhỏ ({size}).",
    "studio_too_many_pixels": "Ảnh “{name}” quá lớn ({size}). Hãy thu nhỏ.",
    "studio_zero_length": "“{name}” không có độ dài để xem hay nghe.",
    "studio_changed": (
        "“{name}” không phải tệp đã định dùng. Hãy dùng đúng tệp, hoặc bỏ mã kiểm tra của nó."
    ),
    "studio_replaced": (
        "“{name}” đã bị thay đổi trong lúc video được tạo từ nó. Hãy tạo lại khi tệp không còn "
        "thay đổi nữa."
    ),
    "studio_busy": ("“{name}” đang được tạo rồi. Hãy đợi đến khi xong, hoặc chọn tên khác."),
    "studio_no_picture": "“{name}” không có hình, chỉ có tiếng. Hãy dùng làm nhạc.",
    "studio_no_sound": "“{name}” không có tiếng nên không làm nhạc được.",
    "studio_no_still": ("“{name}” không phải ảnh tĩnh. Hãy dùng PNG, JPEG hoặc WebP làm hình mờ."),
    "studio_start_late": (
        "“{name}” được đặt bắt đầu ở giây {start}, nhưng chỉ dài {length} giây. Hãy cho bắt đầu "
        "sớm hơn."
    ),
    "studio_no_time_left": (
        "Đoạn mở đầu và đoạn kết chiếm hết {seconds} giây, không còn chỗ cho video. Hãy kéo dài, "
        "hoặc bỏ một trong hai đoạn."
    ),
    "studio_too_long": (
        "Video sẽ dài {seconds} giây; {profile} chỉ nhận tối đa {limit} giây. Hãy rút ngắn."
    ),
    "studio_bad_sheet": "“{name}” không mô tả một video ghép: {text}.",
    "studio_damaged": "Video dựng ra không nguyên vẹn ({text}) nên đã bị bỏ. Hãy thử lại.",
    "studio_over_time": (
        "Dựng quá {minutes} phút nên đã bị dừng. Hãy rút ngắn, hoặc tăng cài đặt studio.minutes."
    ),
    "studio_over_memory": (
        "Dùng quá {limit} MiB bộ nhớ nên đã bị dừng. Hãy dùng tệp nhẹ hơn, hoặc tăng cài đặt "
        "studio.memory_bytes."
    ),
    "studio_no_memory": "Không đủ bộ nhớ. Hãy đóng bớt chương trình khác rồi thử lại.",
    "studio_no_filter": "ffmpeg ở đây thiếu thứ cần dùng ({text}). Hãy cài bản mới hơn.",
    "studio_no_encoder": ("ffmpeg ở đây thiếu bộ mã hóa ({text}). Hãy cài bản có libx264 và AAC."),
    "studio_index_large": "Chỉ mục của video lớn hơn chỗ dành cho nó. Hãy thử lại.",
    "studio_stalled": "ffmpeg bị đứng nên đã bị dừng. Hãy thử lại.",
    "studio_killed": "ffmpeg bị dừng từ bên ngoài ({text}). Hãy thử lại.",
    "studio_broken": "ffmpeg không dựng được: {text}.",
}

POLICY: Sentences = {
    "policy_other": "Chưa theo đúng quy tắc “{rule}”.",
    "policy_own_time": (
        "Nội dung của bạn chỉ xuất hiện trong {percent}% thời lượng; cần hơn {limit}%. Hãy kéo "
        "dài phần của bạn, hoặc rút ngắn các phần khác."
    ),
    "policy_own_picture": (
        "Phần của bạn chỉ chiếm {percent}% khung hình; cần hơn {limit}%. Hãy đặt phần của bạn vào "
        "chỗ lớn hơn, hoặc chọn bố cục khác."
    ),
    "policy_unknown_licence": (
        "Chưa ai cho biết “{name}” được dùng theo quyền nào. Hãy thêm tệp vào thư viện kèm giấy "
        "phép."
    ),
    "policy_no_licence": (
        "“{name}” chưa có giấy phép. Hãy mở tệp trong /library và ghi giấy phép, hoặc cho biết đó "
        "là của bạn."
    ),
    "policy_no_attribution": (
        "Giấy phép của “{name}” ({licence}) yêu cầu ghi công tác giả, nhưng chưa ghi ai. Hãy mở "
        "tệp trong /library và ghi phần ghi công."
    ),
    "policy_not_credited": (
        "“{name}” yêu cầu ghi dòng này trong video, nhưng chưa có: {attribution}. Hãy thêm vào "
        "dòng chữ ở chân hình."
    ),
    "policy_reuse": {
        "other": (
            "“{name}” đã được dùng {used} lần cho {account} trong 7 ngày qua; chỉ được tối đa "
            "{limit} lần. Hãy chọn tệp khác, hoặc chờ {count} ngày."
        ),
    },
    "policy_twins": (
        "{account} và {other} sẽ nhận cùng một video trong vòng một giờ. Hãy làm cho mỗi nơi một "
        "video, hoặc bỏ một nơi."
    ),
    "policy_twins_lately": (
        "{other} vừa nhận đúng video này chưa đầy một giờ trước (bản dựng {render_id}), giờ lại "
        "đến {account}. Hãy thay đổi gì đó, hoặc chờ hết một giờ."
    ),
}

SENTENCES: Sentences = {
    **WIZARD,
    **NOTES,
    **ENDS,
    **MANY,
    **BUTTONS,
    **STUDIO,
    **RENDER,
    **POLICY,
}
