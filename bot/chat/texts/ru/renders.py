"""Russian sentences about renders and their cards."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

CARD: Sentences = {
    "render_head_pending": "⏳ <b>Ждёт своей очереди</b> · рендер {render_id}",
    "render_head_processing": "🎬 <b>Собираю видео</b> · рендер {render_id}",
    "render_head_ready": "✅ <b>Готово</b> · рендер {render_id}",
    "render_head_failed": "❌ <b>Собрать не удалось</b> · рендер {render_id}",
    "render_head_cancelled": "🚫 <b>Отменено</b> · рендер {render_id}",
    "render_head_preview": "👁 <b>Три секунды для просмотра</b> · рендер {render_id}",
    "render_name": "{name}",
    "render_next": "Следующий в очереди.",
    "render_place": "Место в очереди: {place}.",
    "render_waits_disk": "💾 Диск заполнен; продолжу, когда появится место.",
    "render_waits_retry": "🔁 Будет новая попытка.",
    "render_looks_again": "Следующая попытка – {until}.",
    "render_begun": "🎬 Начинаю",
    "render_stage_looking": "🔎 Проверяю части",
    "render_stage_preparing": "🧩 Готовлю шаблон",
    "render_stage_rendering": "🎞 Собираю",
    "render_stage_checking": "✔️ Проверяю результат",
    "render_stage_keeping": "📚 Добавляю в библиотеку",
    "render_progress": "{stage} · {percent}",
    "render_progress_left": "{stage} · {percent} · осталось {eta}",
    "render_progress_speed": "{stage} · {percent} · скорость {speed}×",
    "render_progress_all": "{stage} · {percent} · скорость {speed}× · осталось {eta}",
    "render_made": "{length} · {width}×{height} · собрано за {seconds}",
    "render_made_size": "{length} · {width}×{height} · {size} · собрано за {seconds}",
    "render_what_now": (
        "Ничего лишнего не осталось. «Повторить» соберёт видео заново, а /mashup – другое."
    ),
    "render_publishes": "📣 Опубликую сразу, как только будет можно.",
    "render_post": "📣 Публикуется как пост {post_id}; как он идёт, видно в его карточке.",
    "render_not_published": "⚠️ Не опубликовано: {why}",
    "render_blocked": "этого не разрешают правила.",
}

BATCH: Sentences = {
    "render_batch_moving": "🎬 <b>Мэшапы, заказ {batch_id}</b>: завершено {ended} из {total}",
    "render_batch_done": "🏁 <b>Мэшапы, заказ {batch_id}</b>: завершено {ended} из {total}",
    "render_count_pending": {
        "one": "⏳ ждёт: {count}",
        "few": "⏳ ждут: {count}",
        "many": "⏳ ждут: {count}",
        "other": "⏳ ждут: {count}",
    },
    "render_count_processing": {
        "one": "🎞 собирается: {count}",
        "few": "🎞 собираются: {count}",
        "many": "🎞 собираются: {count}",
        "other": "🎞 собираются: {count}",
    },
    "render_count_ready": {
        "one": "✅ готово: {count}",
        "few": "✅ готово: {count}",
        "many": "✅ готово: {count}",
        "other": "✅ готово: {count}",
    },
    "render_count_failed": {
        "one": "❌ не удалось: {count}",
        "few": "❌ не удалось: {count}",
        "many": "❌ не удалось: {count}",
        "other": "❌ не удалось: {count}",
    },
    "render_count_cancelled": {
        "one": "🚫 отменено: {count}",
        "few": "🚫 отменено: {count}",
        "many": "🚫 отменено: {count}",
        "other": "🚫 отменено: {count}",
    },
    "render_now": "Сейчас: {name}",
    "render_batch_list": "Каждый по отдельности: /renders",
}

NEWS: Sentences = {
    "render_shown": "🎬 {name} · рендер {render_id}\nЧтобы опубликовать, ответьте подписью.",
    "render_shown_publishing": (
        "🎬 {name} · рендер {render_id}\nКак идёт публикация, видно в её карточке."
    ),
    "render_shown_post": "🎬 {name} · рендер {render_id}\nО публикации: /post {post_id}",
    "render_preview_shown": "👁 Три секунды из «{name}», в малом размере. Само видео чётче.",
    "render_publish_how": (
        "Ответьте на это сообщение подписью для {name}. Строка вроде <code>to: youtube, "
        "tiktok</code> говорит, куда публиковать; без неё видео пойдёт везде."
    ),
    "render_again": "Собираю рендер {render_id} заново. Как он идёт, видно в его карточке.",
    "render_again_kept": (
        "Собираю рендер {render_id} заново. Пост {post_id} остаётся как есть, дважды ничего не "
        "публикуется."
    ),
    "render_log": "Журнал рендера {render_id}:\n{log}",
}

LISTS: Sentences = {
    "cmd_renders": "готовые видео и те, что в работе",
    "render_head_list": "<b>Рендеры</b>, сначала новые",
    "render_line": "<b>{render_id}</b> · {name} · {state}",
    "render_state_pending": "ждёт",
    "render_state_processing": "собирается",
    "render_state_ready": "готово",
    "render_state_failed": "не удалось",
    "render_state_cancelled": "отменено",
    "render_none": "Пока ничего не собрано. Собрать видео из частей: /mashup",
    "render_some_open": "🎬 В работе {renders}: /renders",
    "count_renders": {
        "one": "{count} рендер",
        "few": "{count} рендера",
        "many": "{count} рендеров",
        "other": "{count} рендера",
    },
}

REFUSALS: Sentences = {
    "render_unknown": "Рендера {render_id} нет. Ваши рендеры: /renders",
    "render_not_yours": "Это чужой рендер. Ваши рендеры: /renders",
    "render_ended": "Рендер {render_id} уже завершён. Итог: /renders",
    "render_open": "Рендер {render_id} ещё не готов.",
    "render_not_waiting": "Рендер {render_id} уже не в очереди.",
    "render_no_result": (
        "У рендера {render_id} нет видео для публикации. Дождитесь его или соберите заново."
    ),
    "render_no_log": "У рендера {render_id} ещё нет журнала, или он устарел и удалён.",
    "render_not_allowed": "Опубликовать это там нельзя:\n{why}",
    "renders_no_caption": "Чтобы опубликовать, укажите и подпись: --caption.",
    "renders_no_place": "Укажите, куда публиковать: --to или строка «to: …» в подписи.",
    "render_twins": (
        "Принято: рендер {render_id} может уйти на несколько аккаунтов одним и тем же файлом. "
        "Ответьте подписью ещё раз."
    ),
    "button_render_twins": "Один и тот же файл намеренно",
}

SOURCES: Sentences = {
    "source_render_waits": "рендер ещё не готов",
    "source_render_failed": "рендер не удался",
    "source_render_cancelled": "рендер отменён",
}

BUTTONS: Sentences = {
    "button_render_cancel": "✖ Отменить",
    "button_render_first": "⏫ Собрать следующим",
    "button_render_again": "🔁 Собрать заново",
    "button_render_retry": "🔁 Повторить",
    "button_render_log": "📜 Журнал",
    "button_render_publish": "📣 Опубликовать …",
    "button_render_show": "{render_id}",
    "button_render_newer": "‹ Новее",
    "button_render_older": "Старее ›",
    "button_render_cancel_rest": "✖ Отменить остальное",
    "button_render_retry_failed": "🔁 Повторить неудавшееся",
}

SENTENCES: Sentences = {
    **CARD,
    **BATCH,
    **NEWS,
    **LISTS,
    **REFUSALS,
    **SOURCES,
    **BUTTONS,
}
