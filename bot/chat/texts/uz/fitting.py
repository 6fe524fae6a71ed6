"""Uzbek sentences about videos that are fitted to their targets while a post is under way."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

CARD: Sentences = {
    "card_fit_asked": "⚠️ {place}: {why}\n↳ Tuzatish: {remedies}. Quyidan tanlang.",
    "card_fit_asked_plain": "⚠️ {place}: {why}\n↳ Uni moslash mumkin. Quyidan tanlang.",
    "wait_fit": "🎞 {place}: {why}\n↳ {remedies}",
    "wait_fit_plain": "🎞 {place}: video tekshirilishini kutyapti",
    "wait_fit_disk": (
        "💾 {place}: disk toʻlgan; video keyinroq moslanadi, {until} da yana qaraladi"
    ),
    "wait_fit_later": "🎞 {place}: hozircha moslab boʻlmadi, {until} da yana urinadi",
    "card_fit_ok": "\n↳ ✅ videoni shu holicha oladi",
    "card_fit_warning": "\n↳ ⚠️ {why}",
    "card_fit_made": "\n↳ moslandi: {remedies}",
    "card_fit_progress": "🎞 Moslanmoqda: {percent}",
    "card_fit_progress_left": "🎞 Moslanmoqda: {percent} · {eta} qoldi",
    "button_fit_all": "🛠 Hammasini tuzatish",
    "button_fit_fix": "🛠 {place}: tuzatish",
    "button_fit_out": "✖️ {place}: chetda qoldirish",
    "button_fit_cut": "✂️ {place}: kesish",
    "button_fit_speed": "⏩ {place}: tezlashtirish",
    "button_fit_blur": "🌫 {place}: xira hoshiya",
    "button_fit_pad": "⬛ {place}: qora hoshiya",
    "button_fit_crop": "🔲 {place}: chetini qirqish",
    "button_fit_chosen": "● {words}",
    "fit_error_internal": "Karvon ichida nimadir buzildi, jurnalga yozildi.",
    "fit_error_crashed": (
        "Moslash paytida Karvon qayta-qayta oʻchib qoldi. Kichikroq video yuboring."
    ),
    "fit_decided": "Bu allaqachon hal qilingan. Davomi: /post {post_id}",
}

EVENTS: Sentences = {
    "event_fit_asked": "{place}: qanday moslash kerakligi soʻraldi",
    "event_fit_chosen": "{place}: qanday moslashni siz tanladingiz",
    "event_fit_left_out": "{place}: chetda qoldirildi",
    "event_fit_wanted": "{place}: video moslanadi",
    "event_fit_started": "moslash boshlandi",
    "event_fit_ready": "video moslandi",
    "event_fit_lost": "moslangan video yoʻqolgan, qaytadan tayyorlanadi",
}

SENTENCES: Sentences = {**CARD, **EVENTS}
