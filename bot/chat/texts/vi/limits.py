"""Vietnamese sentences about quotas and forecasts."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

SENTENCES: Sentences = {
    "cmd_limits": "đã dùng, còn lại và dự kiến",
    "count_videos": {
        "other": "{count} video",
    },
    "limits_none": "Chưa kết nối tài khoản nào nên chưa có giới hạn. Thêm bằng /connect.",
    "limits_head": "<b>Giới hạn</b>, {accounts}",
    "limits_head_pages": "<b>Giới hạn</b>, {accounts}, trang {page}/{pages}",
    "limits_account": "<b>{name}</b> ({platform})",
    "limits_account_paused": "<b>{name}</b> ({platform}), đang tạm dừng",
    "limits_account_reconnect": "<b>{name}</b> ({platform}), cần kết nối lại: /accounts",
    "limits_held": "• Chưa bắt đầu gì được trước {until}.",
    "limits_quota": "• {quota}: đã dùng {used}/{limit}, còn {left}",
    "limits_quota_back": "• {quota}: đã dùng {used}/{limit}, còn {left}, có thêm lúc {until}",
    "limits_quota_resets": "• {quota}: đã dùng {used}/{limit}, còn {left}, đặt lại lúc {until}",
    "limits_quota_held": (
        "• {quota}: đã dùng {used}/{limit}; {platform} không cho thêm trước {until}"
    ),
    "limits_told": "• {platform} báo lúc {at}: {what}, {used}/{limit}",
    "limits_told_share": "• {platform} báo lúc {at}: {what}: đã dùng {used}%",
    "limits_told_wait": "• {platform} báo lúc {at}: {what}, chưa có thêm trước {until}",
    "limits_queue_none": "Không có gì trong hàng đợi.",
    "limits_ready": {
        "other": "{count} video đã sẵn sàng và sẽ đăng cùng các nơi khác của bài.",
    },
    "limits_ready_at": {
        "other": "{count} video đã sẵn sàng, đăng sớm nhất lúc {until}.",
    },
    "limits_queue_paused": "{videos} trong hàng đợi; chạy tiếp khi tài khoản chạy lại.",
    "limits_queue": "{videos}: {days}",
    "limits_queue_spill": "{videos}: {days}; {spill}",
    "limits_now": "{count} hôm nay",
    "limits_today": "{count} hôm nay từ {time}",
    "limits_tomorrow": "{count} ngày mai từ {time}",
    "limits_later": "{count} ngày {day} từ {time}",
    "limits_rest": "thêm {count} đến ngày {day}",
    "limits_never": "{count} không bao giờ đăng được, vì giới hạn thấp hơn mức một video cần",
    "limits_spill_today": "phần chuyển sang {account} xong hôm nay",
    "limits_spill_tomorrow": "phần chuyển sang {account} xong ngày mai",
    "limits_spill_later": "phần chuyển sang {account} xong ngày {day}",
    "quota_warning": (
        "⚠️ {account} ({platform}) đã dùng {used}/{limit}: {quota}. Còn bao nhiêu và khi nào phần "
        "còn lại được đăng: /limits"
    ),
    "quota_per_channel_a_day": "video trong 24 giờ, mức riêng của Karvon",
    "quota_video_uploads": "lượt tải lên mỗi ngày, chung cho mọi kênh của ứng dụng",
    "quota_units": "đơn vị API mỗi ngày, chung cho mọi kênh của ứng dụng",
    "quota_figures": "lượt hỏi số liệu mỗi ngày, chung cho mọi kênh của ứng dụng",
    "quota_inits": "lượt tải lên bắt đầu trong một phút",
    "quota_posts": "bài đăng trong 24 giờ",
    "quota_drafts": "bản nháp trong 24 giờ",
    "quota_containers": "lượt tải lên bắt đầu trong 24 giờ",
    "quota_reels": "reels trong 24 giờ",
    "quota_messages": "tin nhắn trong một phút",
    "quota_active_users": "nhà sáng tạo của ứng dụng mỗi ngày",
    "quota_app_calls": "lượt gọi API của ứng dụng",
    "quota_page_calls": "lượt gọi API cho trang",
    "quota_business_calls": "lượt gọi API cho tài khoản",
    "quota_remote": "giới hạn riêng của nền tảng",
}
