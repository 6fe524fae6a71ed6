"""Vietnamese sentences about links and pages of links."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

LINKS: Sentences = {
    "link_private": (
        "{host} nằm trong mạng riêng, nơi mình không mở liên kết. Quản trị viên có thể thêm nó "
        "vào <code>sources.allowed_hosts</code>."
    ),
    "link_folder": "Liên kết này dẫn đến một thư mục. Hãy chia sẻ chính video và gửi liên kết đó.",
    "bad_rights": (
        "Mình không hiểu “rights: {given}”. Nếu bạn được phép đăng video, hãy viết <code>rights: "
        "mine</code>, nếu không thì bỏ dòng này."
    ),
    "many_mirrors": "Quá nhiều liên kết dự phòng. Chỉ ghi tối đa {most}.",
    "source_link_private": (
        "liên kết dẫn vào mạng riêng; quản trị viên có thể thêm máy chủ đó vào "
        "sources.allowed_hosts"
    ),
    "source_link_folder": "liên kết dẫn đến một thư mục; hãy chia sẻ chính video",
    "source_link_share_page": (
        "dịch vụ lưu trữ hiện một trang thay vì tệp; hãy cho bất kỳ ai có liên kết xem được, hoặc "
        "mai thử lại nếu hôm nay đã quá nhiều lượt tải"
    ),
    "source_link_no_host": "không có máy chủ nào tên như vậy; hãy kiểm tra liên kết",
    "source_link_certificate": (
        "máy chủ không chứng minh được danh tính (chứng chỉ không hợp lệ); hãy gửi liên kết khác"
    ),
    "source_link_too_big": (
        "tệp lớn hơn mức cho phép với liên kết; quản trị viên có thể tăng sources.max_bytes"
    ),
    "source_link_playlist": (
        "liên kết dẫn đến luồng phát chia thành nhiều phần (HLS hoặc DASH), không phải một tệp; "
        "hãy gửi tệp"
    ),
    "source_link_rights": (
        "liên kết dẫn đến một trang; nếu bạn được phép đăng video ở đó, hãy gửi lại liên kết kèm "
        "dòng “rights: mine” bên dưới"
    ),
    "source_link_pages_off": (
        "liên kết dẫn đến một trang; quản trị viên có thể bật sources.yt_dlp để đọc trang, hoặc "
        "bạn gửi địa chỉ của chính tệp"
    ),
    "source_link_pages_missing": (
        "đọc trang cần yt-dlp nhưng chưa cài; quản trị viên có thể cài kèm gói phụ “pages”"
    ),
    "source_link_page_slow": "đọc trang mất quá nhiều thời gian",
    "source_link_no_video": "không thấy video trên trang; hãy gửi địa chỉ của chính tệp",
    "source_source_stalled": "đã lâu máy chủ không gửi gì",
    "source_source_damaged": "tệp không khớp mã kiểm tra mà máy chủ báo",
}

PAGES: Sentences = {
    "cmd_scrape": "đăng các video của một trang",
    "scrape_usage": (
        "Hãy viết <code>/scrape https://example.org/videos</code>: địa chỉ của một trang, feed "
        "hoặc sitemap. Có thể thêm các dòng như <code>to: youtube</code> bên dưới."
    ),
    "scrape_videos": {
        "other": "{count} video",
    },
    "scrape_pages": {
        "other": "{count} trang",
    },
    "scrape_reading": "🔎 Đang xem {host}: đã đọc {pages}, thấy {videos}.",
    "scrape_reading_first": "🔎 Đang xem {host} …",
    "scrape_failed": "⚠️ {host}: {why}",
    "scrape_nothing": (
        "🔎 {host}: không thấy video nào tải được (đã đọc {pages}). Hãy gửi địa chỉ trang khác, "
        "hoặc liên kết đến chính video."
    ),
    "scrape_head": "🔎 <b>{host}</b>: {videos}, {new} mới (đã đọc {pages})",
    "scrape_titled": "🔎 <b>{title}</b> · {host}: {videos}, {new} mới (đã đọc {pages})",
    "scrape_row": "{mark} {number}. {title}{facts}",
    "scrape_picked_mark": "☑️",
    "scrape_free_mark": "▫️",
    "scrape_row_facts": " · {facts}",
    "scrape_row_seen": "✓ đã lấy trước đây",
    "scrape_row_no_size": "chưa rõ dung lượng",
    "scrape_page": "Trang {page}/{pages}",
    "scrape_streams": {
        "other": "Bỏ qua {count} luồng phát (HLS hoặc DASH) vì không phải tệp.",
    },
    "scrape_broken": {
        "other": "Bỏ qua {count} liên kết vì không tải được.",
    },
    "scrape_picked": "Đã chọn <b>{videos}</b>, {size}",
    "scrape_picked_some": "Đã chọn <b>{videos}</b>, {size}, trong đó {unknown} chưa rõ dung lượng",
    "scrape_picked_none": "Chưa chọn gì. Hãy chọn bên dưới rồi bấm bắt đầu.",
    "scrape_sizes": "Hãy chọn dung lượng tối đa. Chỉ lấy video mới đã rõ dung lượng.",
    "scrape_sizes_none": "Không video mới nào rõ dung lượng. Hãy chọn bằng cách khác.",
    "scrape_ask_pattern": (
        "Hãy trả lời tin nhắn này bằng một phần của tên, hoặc một mẫu như "
        "<code>*trailer*.mp4</code>. Nhiều dòng là nhiều mẫu."
    ),
    "scrape_pattern": "Mình không hiểu mẫu “{given}”. Hãy viết một phần của tên.",
    "scrape_size": "Mình không hiểu dung lượng “{given}”. Hãy viết 200MB hoặc 1.5GB.",
    "scrape_matched_none": "Không video nào khớp. Hãy trả lời bằng mẫu khác.",
    "scrape_left": "🔎 {host}: không lấy gì cả. Xem lại: /scrape",
    "scrape_unknown": "Mình không còn nhớ danh sách này. Hãy xem lại bằng /scrape.",
    "scrape_closed": "Danh sách này đã đóng. Hãy xem lại bằng /scrape.",
    "scrape_nothing_picked": "Chưa chọn gì. Hãy chọn vài video trước.",
    "scrape_many": "Mình đang xem {most} trang cho bạn rồi. Hãy chờ xong một trang.",
    "button_scrape_number": "{number}",
    "button_scrape_number_on": "✓ {number}",
    "button_scrape_all": "Tất cả",
    "button_scrape_new": "Chỉ video mới",
    "button_scrape_none": "Bỏ chọn",
    "button_scrape_size": "Theo cỡ",
    "button_scrape_match": "Theo tên",
    "button_scrape_up_to": "≤ {size} ({videos})",
    "button_scrape_back": "◀ Quay lại",
    "button_scrape_earlier": "◀",
    "button_scrape_later": "▶",
    "button_scrape_parallel": "⇉ Cùng lúc",
    "button_scrape_sequential": "→ Lần lượt",
    "button_scrape_go": "🚀 Bắt đầu ({videos})",
    "button_scrape_leave": "Bỏ qua",
    "button_scrape_cancel": "✖ Hủy phần còn lại",
    "button_scrape_again": "🔎 Xem lại",
}

PULLS: Sentences = {
    "pull_head_pulling": "⬇️ <b>{host}</b>: xong {ended}/{links}",
    "pull_head_cancelling": "✖ <b>{host}</b>: đang hủy, xong {ended}/{links}",
    "pull_head_done": "✅ <b>{host}</b>: xong {ended}/{links}",
    "pull_head_mixed": "⚠️ <b>{host}</b>: xong {ended}/{links}",
    "pull_head_cancelled": "✖ <b>{host}</b>: đã hủy, xong {ended}/{links}",
    "pull_head_failed": "⚠️ <b>{host}</b>: đã dừng, xong {ended}/{links}",
    "pull_live": "đã đăng: {count}",
    "pull_partly": "mới đăng ở vài nơi: {count}",
    "pull_there": {
        "other": "đã có từ trước: {count}",
    },
    "pull_running": "đang làm: {count}",
    "pull_waiting": "chưa bắt đầu: {count}",
    "pull_failed": "thất bại: {count} – thử lại bằng /retry failed",
    "pull_cancelled": "đã hủy: {count}",
    "pull_refused": "không nhận: {count}",
    "pull_left": "bỏ qua: {count}",
    "pull_asking": {
        "other": "{count} câu hỏi chờ bạn – xem bằng /waiting",
    },
    "pull_bytes": "Đã tải về {fetched}/{size}, đã gửi {sent}",
    "pull_bytes_open": "Đã tải về {fetched}, đã gửi {sent}",
    "pull_refusal": "• {title}: {why}",
    "pull_note": "Lý do dừng: {why}",
    "pull_place": (
        "Mình không biết trường {given} trong chú thích đó. Mình biết {known}, mỗi trường đặt "
        "trong ngoặc nhọn."
    ),
    "pull_internal": "lỗi nội bộ; xem thêm trong nhật ký",
}

FINDINGS: Sentences = {
    "scrape_finding_page_bad_url": "đây không phải địa chỉ web",
    "scrape_finding_page_private": (
        "địa chỉ dẫn vào mạng riêng, nơi mình không mở liên kết; quản trị viên có thể cho phép "
        "máy chủ đó trong <code>sources.allowed_hosts</code>"
    ),
    "scrape_finding_page_gone": "một trang không có (hoặc không còn) ở đó",
    "scrape_finding_page_forbidden": "một trang không mở cho mọi người",
    "scrape_finding_page_status": "một trang trả về {status} thay vì nội dung",
    "scrape_finding_page_unavailable": "máy chủ đang gặp trục trặc ({status}); hãy thử lại sau",
    "scrape_finding_page_unreachable": "không kết nối được với máy chủ; hãy kiểm tra địa chỉ",
    "scrape_finding_page_busy": "máy chủ yêu cầu ngừng truy cập {wait} giây; hãy thử lại sau đó",
    "scrape_finding_page_slow": "một trang mất quá nhiều thời gian",
    "scrape_finding_page_broken": "một trang bị hỏng",
    "scrape_finding_page_redirects": "một trang cứ chuyển tiếp mãi sang địa chỉ khác",
    "scrape_finding_page_type": (
        "đây không phải trang web mà là {type}; hãy gửi địa chỉ của một trang"
    ),
    "scrape_finding_page_encoded": "một trang được nén theo kiểu mình không đọc được",
    "scrape_finding_page_entities": (
        "một feed tự định nghĩa thực thể (entity), mình không đọc để bảo đảm an toàn"
    ),
    "scrape_finding_page_cut": "một trang quá lớn hoặc bị ngắt giữa chừng; mình chỉ đọc phần đầu",
    "scrape_finding_robots_forbid": "trang web không cho chương trình tự động vào (robots.txt)",
    "scrape_finding_robots_unknown": (
        "không đọc được robots.txt của trang web nên mình không đọc gì ở đó; hãy thử lại sau"
    ),
    "scrape_finding_look_pages": (
        "còn nhiều trang nữa; quản trị viên có thể tăng <code>scrape.pages</code>"
    ),
    "scrape_finding_look_links": "còn nhiều video hơn mức mình giữ trong một lần xem",
    "scrape_finding_look_long": "mất quá nhiều thời gian; đây là những gì đã thấy đến lúc đó",
    "scrape_finding_look_stopped": "nhiều trang liền không đọc được nên mình đã dừng",
}

SENTENCES: Sentences = {**LINKS, **PAGES, **PULLS, **FINDINGS}
