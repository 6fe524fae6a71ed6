"""Sentences about videos that are fitted to their targets while a post is under way."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

CARD: Sentences = {
    "card_fit_asked": "⚠️ {place}: {why}\n↳ {remedies}. Choose below.",
    "card_fit_asked_plain": "⚠️ {place}: {why}\n↳ It can be made to fit. Choose below.",
    "wait_fit": "🎞 {place}: {why}\n↳ {remedies}",
    "wait_fit_plain": "🎞 {place}: waits until it is known what the video is",
    "wait_fit_disk": "💾 {place}: the disk is full; the video is fitted later, looks at {until}",
    "wait_fit_later": "🎞 {place}: fitting failed for now; tries again at {until}",
    "card_fit_ok": "\n↳ ✅ takes the video as it is",
    "card_fit_warning": "\n↳ ⚠️ {why}",
    "card_fit_made": "\n↳ fitted: {remedies}",
    "card_fit_progress": "🎞 Fitting {percent}",
    "card_fit_progress_left": "🎞 Fitting {percent} · {eta} left",
    "button_fit_all": "🛠 Fix all",
    "button_fit_fix": "🛠 {place}: fix",
    "button_fit_out": "✖️ {place}: leave out",
    "button_fit_cut": "✂️ {place}: cut",
    "button_fit_speed": "⏩ {place}: speed up",
    "button_fit_blur": "🌫 {place}: blur the edges",
    "button_fit_pad": "⬛ {place}: black edges",
    "button_fit_crop": "🔲 {place}: crop",
    "button_fit_chosen": "● {words}",
    "fit_error_internal": "Something went wrong inside Karvon; it is in the log.",
    "fit_error_crashed": "Fitting took Karvon down again and again. Send a smaller video.",
    "fit_decided": "That is decided already. /post {post_id} shows how it goes on.",
}

EVENTS: Sentences = {
    "event_fit_asked": "{place}: asked how to fit the video",
    "event_fit_chosen": "{place}: you chose how to fit it",
    "event_fit_left_out": "{place}: left out",
    "event_fit_wanted": "{place}: the video is to be fitted",
    "event_fit_started": "fitting began",
    "event_fit_ready": "video fitted",
    "event_fit_lost": "the fitted video was gone; it is made again",
}

SENTENCES: Sentences = {**CARD, **EVENTS}
