"""Russian sentences about diagnostics."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

SENTENCES: Sentences = {
    "figures_none": "• {place}: цифр пока нет",
    "figures_more": {
        "one": "… и ещё {count} пост: /stats с его номером",
        "few": "… и ещё {count} поста: /stats с номером",
        "many": "… и ещё {count} постов: /stats с номером",
        "other": "… и ещё {count} поста: /stats с номером",
    },
    "upload_waiting": "⏳ {place}: принято",
    "upload_uploading": "⬆️ {place}: загружаю{progress}",
    "upload_committing": "⬆️ {place}: отправляю последние байты, публикую",
    "upload_processing": "⚙️ {place}: загружено, {platform} обрабатывает{progress}",
    "upload_live": "✅ {place}: опубликовано{visibility}",
    "upload_failed": "❌ {place}: не удалось. {why}",
    "upload_cancelled": "🚫 {place}: отменено, ничего не опубликовано",
    "upload_unknown": "❓ {place}: ответ потерялся, уточняю: {platform}{until}",
}
