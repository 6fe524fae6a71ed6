"""Vietnamese sentences about videos that are fitted to their targets while a post is under way."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

CARD: Sentences = {
    "card_fit_asked": "⚠️ {place}: {why}\n↳ {remedies}. Hãy chọn bên dưới.",
    "card_fit_asked_plain": "⚠️ {place}: {why}\n↳ Có thể chỉnh cho vừa. Hãy chọn bên dưới.",
    "wait_fit": "🎞 {place}: {why}\n↳ {remedies}",
    "wait_fit_plain": "🎞 {place}: chờ đến khi biết rõ về video",
    "wait_fit_disk": "💾 {place}: ổ đĩa đầy; video sẽ được chỉnh sau, xem lại lúc {until}",
    "wait_fit_later": "🎞 {place}: chưa chỉnh được; thử lại lúc {until}",
    "card_fit_ok": "\n↳ ✅ nhận nguyên video",
    "card_fit_warning": "\n↳ ⚠️ {why}",
    "card_fit_made": "\n↳ đã chỉnh: {remedies}",
    "card_fit_progress": "🎞 Đang chỉnh video {percent}",
    "card_fit_progress_left": "🎞 Đang chỉnh video {percent} · còn {eta}",
    "button_fit_all": "🛠 Chỉnh tất cả",
    "button_fit_fix": "🛠 {place}: chỉnh",
    "button_fit_out": "✖️ {place}: bỏ qua",
    "button_fit_cut": "✂️ {place}: cắt bớt",
    "button_fit_speed": "⏩ {place}: tăng tốc",
    "button_fit_blur": "🌫 {place}: viền mờ",
    "button_fit_pad": "⬛ {place}: viền đen",
    "button_fit_crop": "🔲 {place}: cắt khung",
    "button_fit_chosen": "● {words}",
    "fit_error_internal": "Karvon gặp lỗi nội bộ, đã ghi vào nhật ký.",
    "fit_error_crashed": "Việc chỉnh video làm Karvon sập nhiều lần. Hãy gửi video nhẹ hơn.",
    "fit_decided": "Việc này đã được quyết định rồi. Xem tiếp: /post {post_id}",
}

EVENTS: Sentences = {
    "event_fit_asked": "{place}: đã hỏi cách chỉnh video",
    "event_fit_chosen": "{place}: bạn đã chọn cách chỉnh",
    "event_fit_left_out": "{place}: bỏ qua",
    "event_fit_wanted": "{place}: video cần được chỉnh",
    "event_fit_started": "bắt đầu chỉnh video",
    "event_fit_ready": "đã chỉnh xong video",
    "event_fit_lost": "mất video đã chỉnh, đang làm lại",
}

SENTENCES: Sentences = {**CARD, **EVENTS}
