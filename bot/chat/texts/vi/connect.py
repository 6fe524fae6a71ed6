"""Vietnamese sentences about connecting an account."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

ASKING: Sentences = {
    "cmd_connect": "kết nối kênh, trang hoặc hồ sơ",
    "connect_ask": "Bạn muốn kết nối tài khoản nào?",
    "connect_ask_none": "Chưa kết nối được gì bằng đăng nhập, trừ kênh Telegram. Còn thiếu:",
    "connect_missing_apps": "Ở đây chưa dùng được:\n{lines}",
    "connect_missing_app": "• {login}: {why}",
    "connect_app_unset": (
        "hãy đặt <code>oauth.{app}.client_id</code> và <code>oauth.{app}.client_secret</code>"
    ),
    "connect_app_needs_https": (
        "hãy đặt <code>web.public_url</code> là một địa chỉ https, hoặc đăng ký ứng dụng dạng máy "
        "tính"
    ),
    "connect_server_off": (
        "⚠️ Máy chủ web không chạy: chương trình khác đang giữ địa chỉ của nó "
        "(<code>web.listen</code>). Vẫn đăng nhập được bằng cách sao chép địa chỉ, như hướng dẫn "
        "dưới mỗi liên kết."
    ),
    "connect_in_private": (
        "Hãy gửi /connect cho mình trong cuộc trò chuyện riêng: liên kết chỉ dành cho bạn."
    ),
    "login_google": "YouTube",
    "login_tiktok": "TikTok",
    "login_instagram": "Instagram",
    "login_instagram_facebook": "Instagram qua trang Facebook",
    "login_facebook": "Trang Facebook",
    "login_telegram": "Kênh Telegram",
    "button_login": "{login}",
    "button_connect_again": "🔗 Liên kết mới",
    "button_sign_in": "🔗 Đăng nhập",
    "button_sign_in_elsewhere": "📱 Trên thiết bị này",
    "connect_link": (
        "Hãy đăng nhập <b>{login}</b> bằng nút bên dưới. Liên kết chỉ dành cho bạn, dùng một lần "
        "và đến {until}."
    ),
    "connect_link_again": (
        "Liên kết này kết nối lại <b>{name}</b>: hãy đăng nhập đúng tài khoản đó."
    ),
    "connect_link_both": (
        "Hãy đăng nhập <b>{login}</b>. Cả hai liên kết chỉ dành cho bạn và dùng được đến "
        "{until}.\n\n💻 Trong trình duyệt <b>trên máy tính đang chạy Karvon</b>: <a "
        'href="{url}">{url}</a>\n\n📱 Trên <b>thiết bị khác bất kỳ</b>: bấm nút và cho phép. Cuối '
        "cùng sẽ có một trang không mở được; như vậy là đúng. Hãy sao chép toàn bộ địa chỉ trang "
        "đó từ trình duyệt và gửi cho mình."
    ),
    "connect_link_paste": (
        "Hãy đăng nhập <b>{login}</b> bằng nút bên dưới; liên kết dùng được đến {until}. Cuối "
        "cùng sẽ có một trang không mở được; như vậy là đúng. Hãy sao chép toàn bộ địa chỉ trang "
        "đó từ trình duyệt và gửi cho mình."
    ),
    "connect_link_failed": "Không hiển thị được liên kết. Hãy bấm nút lần nữa.",
    "connect_telegram": (
        "Hãy đặt mình làm quản trị viên của kênh với quyền đăng; mình sẽ tự nhận ra. Nếu mình đã "
        "là quản trị viên, hãy chuyển tiếp cho mình một bài bất kỳ của kênh trong {minutes} phút."
    ),
}

OUTCOMES: Sentences = {
    "connected": "✅ <b>Đã kết nối: {name}</b> ({platform}). Từ giờ có thể đăng video ở đó.",
    "connected_partly": (
        "✅ <b>Đã kết nối: {name}</b> ({platform}). Từ giờ có thể đăng video ở đó. Chưa được cho "
        "phép hết nên những việc này không dùng được:\n{cannot}\nMuốn đổi, hãy kết nối lại và giữ "
        "nguyên mọi dấu chọn."
    ),
    "without_scope_edit": "sửa tiêu đề và mô tả về sau",
    "without_scope_delete": "xóa video",
    "without_scope_thumbnail": "đổi ảnh bìa",
    "without_scope_visibility": "đổi quyền xem video; đăng cùng phút với nơi khác",
    "without_scope_check": "xem video còn đó không",
    "without_scope_statistics": "thống kê",
    "without_scope_captions": "tệp phụ đề",
    "without_scope_playlist": "đưa video vào danh sách phát",
    "connect_choose": {
        "other": (
            "Đăng nhập {login} này có {count} tài khoản. Kết nối tài khoản nào? Bạn có thể bấm "
            "nhiều tài khoản, lần lượt từng cái."
        ),
    },
    "connect_chosen_all": "Đã kết nối tất cả.",
    "connect_choose_more": "Đã kết nối. Bấm tài khoản khác để kết nối thêm.",
    "connect_not_checked": (
        "Bạn đã đăng nhập, nhưng {login} chưa phản hồi bước cuối nên chưa kết nối gì. Hãy bấm vào "
        "tên để thử lại."
    ),
    "page_connected": "Đã kết nối",
    "page_almost": "Sắp xong",
    "page_not_connected": "Chưa kết nối",
    "page_choose": {
        "other": "Hãy quay lại cuộc trò chuyện và chọn trong {count} tài khoản ở đó.",
    },
    "page_not_checked": (
        "Bạn đã đăng nhập, nhưng nền tảng chưa phản hồi bước cuối. Hãy quay lại cuộc trò chuyện "
        "và bấm vào tên để thử lại."
    ),
}

REFUSALS: Sentences = {
    "connect_unknown": "Mình không biết kiểu đăng nhập “{given}”. Có: {known}.",
    "connect_no_app": (
        "Chưa kết nối được {login}: hãy đặt <code>oauth.{app}.client_id</code> và "
        "<code>oauth.{app}.client_secret</code> trong config.py, rồi khởi động lại Karvon."
    ),
    "connect_needs_https": (
        "{login} chỉ quay về địa chỉ https. Hãy đặt <code>web.public_url</code>, hoặc đăng ký ứng "
        "dụng dạng máy tính và đặt <code>oauth.{app}.kind</code> là desktop."
    ),
    "connect_unknown_account": "Tài khoản này không còn được kết nối. Bắt đầu lại: /connect",
    "connect_bad_link": (
        "Mình không nhận ra liên kết đăng nhập này: nó không đầy đủ hoặc đã quá cũ. Hãy lấy liên "
        "kết mới: /connect"
    ),
    "connect_incomplete": (
        "Địa chỉ bị thiếu một phần nên chưa kết nối gì. Hãy sao chép toàn bộ địa chỉ từ thanh địa "
        "chỉ của trình duyệt và gửi cho mình."
    ),
    "connect_expired": (
        "Liên kết đăng nhập {login} đã hết hạn; chưa kết nối gì. Hãy lấy liên kết mới: /connect"
    ),
    "connect_used": (
        "Liên kết đăng nhập {login} này đã dùng rồi; mỗi liên kết chỉ dùng một lần. Nếu cuộc trò "
        "chuyện không báo “Đã kết nối”, hãy lấy liên kết mới: /connect"
    ),
    "connect_other_user": (
        "Người khác đã bắt đầu lần đăng nhập này nên ở đây không dùng được; chưa kết nối gì. Hãy "
        "lấy liên kết của bạn: /connect"
    ),
    "connect_other_browser": (
        "Lần đăng nhập {login} này bắt đầu ở trình duyệt khác nên chưa kết nối gì. Hãy mở liên "
        "kết trong cuộc trò chuyện bằng trình duyệt này; hoặc sao chép địa chỉ trang này và gửi "
        "cho bot."
    ),
    "connect_denied": (
        "Bạn chưa cho phép truy cập {login}; chưa kết nối gì. Muốn thử lại, hãy lấy liên kết mới "
        "và bấm “Cho phép”."
    ),
    "connect_page_refused": (
        "{login} từ chối đăng nhập ({why}); chưa kết nối gì. Hãy lấy liên kết mới; nếu vẫn vậy, "
        "chủ bot cần xem lại ứng dụng ở đó."
    ),
    "connect_missing_scope": (
        "Để đăng lên {login} còn thiếu các quyền: {scopes}. Chưa kết nối gì. Hãy lấy liên kết mới "
        "và giữ nguyên mọi dấu chọn."
    ),
    "connect_wrong_account": (
        "Bạn đăng nhập {login} bằng {found}, nhưng lần này là để kết nối lại {wanted}. Chưa có gì "
        "thay đổi. Hãy đăng xuất ở đó, lấy liên kết mới và đăng nhập bằng {wanted}."
    ),
    "connect_nothing_found": "Đăng nhập {login} thành công, nhưng {nothing}. Chưa kết nối gì.",
    "nothing_google": (
        "tài khoản Google này không có kênh YouTube; hãy tạo trên youtube.com rồi lấy liên kết mới"
    ),
    "nothing_tiktok": "không có hồ sơ nào; hãy lấy liên kết mới",
    "nothing_instagram": (
        "đây không phải tài khoản chuyên nghiệp; hãy chuyển sang doanh nghiệp hoặc nhà sáng tạo "
        "trong ứng dụng rồi lấy liên kết mới"
    ),
    "nothing_instagram_facebook": (
        "không trang nào bạn được phép đăng có liên kết với tài khoản Instagram chuyên nghiệp; "
        "hãy liên kết chúng và chọn trang đó khi đăng nhập"
    ),
    "nothing_facebook": (
        "không có trang nào bạn được phép đăng; hãy xin chủ trang cấp quyền đó và chọn trang khi "
        "đăng nhập"
    ),
    "connect_not_lasting": (
        "Google chỉ cho phép đăng nhập trong một giờ; chưa kết nối gì. Hãy gỡ ứng dụng này tại "
        "myaccount.google.com/permissions rồi lấy liên kết mới."
    ),
    "connect_code_refused": (
        "{login} không chấp nhận đăng nhập ({why}); chưa kết nối gì. Hãy lấy liên kết mới."
    ),
    "connect_app_refused": (
        "{login} không chấp nhận ứng dụng này ({why}); chưa kết nối gì. Chủ bot hãy so "
        "<code>oauth.{app}</code> trong config.py với thông tin đã đăng ký ở đó."
    ),
    "connect_platform_down": (
        "{login} hiện không phản hồi; chưa kết nối gì. Liên kết này vẫn dùng được: hãy thử lại "
        "sau một phút."
    ),
    "connect_answer_lost": (
        "{login} ngừng phản hồi giữa chừng; chưa kết nối gì. Hãy lấy liên kết mới và đăng nhập "
        "lại."
    ),
    "connect_check_failed": (
        "Đăng nhập {login} thành công, nhưng lần gọi thử bị từ chối ({why}); chưa kết nối gì. Hãy "
        "khắc phục rồi lấy liên kết mới."
    ),
    "connect_interrupted": (
        "Karvon bị dừng giữa lúc đăng nhập {login}; chưa kết nối gì. Hãy lấy liên kết mới và đăng "
        "nhập lại."
    ),
    "connect_choice_expired": (
        "Lựa chọn này đã hết hạn; chưa kết nối gì. Hãy lấy liên kết mới: /connect"
    ),
}

CHANNELS: Sentences = {
    "connect_channel_no_post": (
        "Mình là quản trị viên của <b>{name}</b> nhưng không có quyền đăng. Hãy cho mình quyền "
        "“Đăng tin nhắn” ở đó; mình sẽ tự nhận ra."
    ),
    "connect_channel_not_admin": (
        "Mình không phải quản trị viên của <b>{name}</b>. Hãy thêm mình làm quản trị viên với "
        "quyền đăng; mình sẽ tự nhận ra."
    ),
    "connect_channel_unknown": (
        "Mình không thấy kênh <b>{name}</b>. Hãy thêm mình vào đó làm quản trị viên với quyền "
        "đăng."
    ),
    "connect_channel_not_yours": (
        "Bạn không phải quản trị viên của <b>{name}</b> nên không kết nối được. Hãy nhờ một quản "
        "trị viên của kênh."
    ),
    "connect_channel_failed": (
        "Telegram không cho xem <b>{name}</b> ({why}); kênh chưa được kết nối. Hãy chuyển tiếp "
        "một bài của kênh để thử lại."
    ),
    "connect_channel_stranger": (
        "{who} (id <code>{user_id}</code>, không nằm trong danh sách người dùng) đã đặt mình làm "
        "quản trị viên của <b>{name}</b>. Kết nối kênh này?"
    ),
    "button_channel_yes": "Kết nối",
    "button_channel_no": "Không",
    "connect_channel_ignored": "Được rồi: {name} không được kết nối.",
    "channel_removed": "bot đã bị xóa khỏi kênh",
    "channel_no_admin": "bot không còn là quản trị viên của kênh",
    "channel_no_post": "bot đã mất quyền đăng trong kênh",
}

SENTENCES: Sentences = {**ASKING, **OUTCOMES, **REFUSALS, **CHANNELS}
