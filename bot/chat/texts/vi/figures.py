"""Vietnamese sentences about diagnostics."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

SENTENCES: Sentences = {
    "figures_none": "• {place}: chưa có số liệu",
    "figures_more": {
        "other": "… và {count} bài đăng nữa: /stats kèm số bài",
    },
    "upload_waiting": "⏳ {place}: đã nhận",
    "upload_uploading": "⬆️ {place}: đang tải lên{progress}",
    "upload_committing": "⬆️ {place}: đang gửi những byte cuối và đăng",
    "upload_processing": "⚙️ {place}: đã tải lên, {platform} đang xử lý{progress}",
    "upload_live": "✅ {place}: đã đăng{visibility}",
    "upload_failed": "❌ {place}: thất bại. {why}",
    "upload_cancelled": "🚫 {place}: đã hủy, không đăng gì cả",
    "upload_unknown": "❓ {place}: mất câu trả lời, đang hỏi lại {platform}{until}",
}
