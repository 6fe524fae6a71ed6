"""Russian sentences about videos that are fitted to their targets while a post is under way."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

CARD: Sentences = {
    "card_fit_asked": "⚠️ {place}: {why}\n↳ Можно исправить: {remedies}. Выберите ниже.",
    "card_fit_asked_plain": "⚠️ {place}: {why}\n↳ Видео можно подогнать. Выберите ниже.",
    "wait_fit": "🎞 {place}: {why}\n↳ Исправление: {remedies}",
    "wait_fit_plain": "🎞 {place}: ждёт проверки видео",
    "wait_fit_disk": (
        "💾 {place}: диск заполнен, видео будет подогнано позже, следующая попытка – {until}"
    ),
    "wait_fit_later": "🎞 {place}: подогнать пока не удалось, новая попытка – {until}",
    "card_fit_ok": "\n↳ ✅ принимает видео как есть",
    "card_fit_warning": "\n↳ ⚠️ {why}",
    "card_fit_made": "\n↳ подогнано: {remedies}",
    "card_fit_progress": "🎞 Подгоняю видео: {percent}",
    "card_fit_progress_left": "🎞 Подгоняю видео: {percent} · осталось {eta}",
    "button_fit_all": "🛠 Исправить всё",
    "button_fit_fix": "🛠 {place}: исправить",
    "button_fit_out": "✖️ {place}: пропустить",
    "button_fit_cut": "✂️ {place}: обрезать",
    "button_fit_speed": "⏩ {place}: ускорить",
    "button_fit_blur": "🌫 {place}: размыть края",
    "button_fit_pad": "⬛ {place}: чёрные поля",
    "button_fit_crop": "🔲 {place}: кадрировать",
    "button_fit_chosen": "● {words}",
    "fit_error_internal": "В Karvon что-то сломалось, подробности в журнале.",
    "fit_error_crashed": "При подгонке Karvon падал снова и снова. Пришлите видео поменьше.",
    "fit_decided": "Это уже решено. Что было дальше: /post {post_id}",
}

EVENTS: Sentences = {
    "event_fit_asked": "{place}: задан вопрос, как подогнать видео",
    "event_fit_chosen": "{place}: вы выбрали, как подогнать видео",
    "event_fit_left_out": "{place}: пропущено",
    "event_fit_wanted": "{place}: видео нужно подогнать",
    "event_fit_started": "началась подгонка",
    "event_fit_ready": "видео подогнано",
    "event_fit_lost": "подогнанное видео пропало, делаю заново",
}

SENTENCES: Sentences = {**CARD, **EVENTS}
