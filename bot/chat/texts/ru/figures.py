"""Russian sentences about diagnostics."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

SENTENCES: Sentences = {
    "figures_head": "<b>Диагностика · {period}</b>",
    "figures_today": "сегодня",
    "figures_7d": "7 дней",
    "figures_30d": "30 дней",
    "figures_run": "этот запуск",
    "button_figures_today": "Сегодня",
    "button_figures_7d": "7 дней",
    "button_figures_30d": "30 дней",
    "figures_bad_period": (
        "Не знаю такого периода: {given}. Напишите /diagnostics today, 7d или 30d либо номер "
        "поста."
    ),
    "figures_nothing": "За это время ничего не завершилось.",
    "figures_posts": "Принято: {posts}",
    "figures_counts": (
        "Завершено: {uploads}; опубликовано – {live}, не удалось – {failed}, отменено – "
        "{cancelled}"
    ),
    "figures_rate": "Успешно {rate}, {tries}",
    "figures_rate_before": "Успешно {rate} (раньше – {before}), {tries}",
    "count_tries": {
        "one": "{count} попытка",
        "few": "{count} попытки",
        "many": "{count} попыток",
        "other": "{count} попытки",
    },
    "figures_time": (
        "От приёма до публикации: в среднем {mean}, в 95 случаях из 100 – {p95} или меньше"
    ),
    "figures_time_before": (
        "От приёма до публикации: в среднем {mean} (раньше – {before}), в 95 случаях из 100 – "
        "{p95} или меньше"
    ),
    "figures_sent": "Отправлено: {size}",
    "figures_sent_speed": "Отправлено: {size}, {speed}",
    "figures_fetched": "Скачано: {size}, {speed}",
    "figures_resumed": {
        "one": "{count} попытка продолжена с места обрыва, повторно не отправлено {size}",
        "few": "{count} попытки продолжены с места обрыва, повторно не отправлено {size}",
        "many": "{count} попыток продолжено с места обрыва, повторно не отправлено {size}",
        "other": "{count} попытки продолжены с места обрыва, повторно не отправлено {size}",
    },
    "figures_stages": "<b>На что уходит время</b>",
    "figures_stage": (
        "• {stage}: в среднем {mean}, 95 из 100 – {p95} или меньше, {share} всего времени"
    ),
    "figures_slowest": "Медленнее всего: {stage}",
    "figures_waits": "Ожидание: {waits}",
    "figures_wait": "{reason} – {time}",
    "stage_fetch": "скачивание видео",
    "stage_probe": "проверка видео",
    "stage_describe": "составление текстов",
    "stage_fit": "подгонка видео",
    "stage_wait": "ожидание",
    "stage_begin": "открытие загрузки",
    "stage_send": "отправка",
    "stage_resume": "уточнение, откуда продолжить",
    "stage_commit": "публикация",
    "stage_processing": "обработка на площадке",
    "reason_media": "видео",
    "reason_turn": "очередь",
    "reason_time": "назначенное время",
    "reason_quota": "квота",
    "reason_cooldown": "пауза площадки",
    "reason_retry": "новая попытка",
    "reason_account": "аккаунт",
    "reason_platform": "площадка",
    "reason_person": "решение человека",
    "reason_disk": "место на диске",
    "reason_outcome": "исход",
    "reason_source": "данные видео",
    "reason_fit": "подгонка видео",
    "reason_text": "текст",
    "reason_other": "другое",
    "figures_errors": "<b>Ошибки</b>",
    "figures_error": "• {kind}, {count} ×. Последний раз: пост {post_id}, {place}: {what}",
    "figures_places": "<b>Платформы</b>",
    "figures_accounts": "<b>Аккаунты</b>",
    "figures_place": "• {place}: опубликовано – {live}, не удалось – {failed}",
    "figures_place_time": (
        "• {place}: опубликовано – {live}, не удалось – {failed}, в среднем {mean}"
    ),
    "figures_left": "• и ещё {count}",
    "figures_renders": (
        "<b>Мэшапы</b>: готово {made} (видео на {time}), не удалось {failed}, отменено {cancelled}"
    ),
    "figures_render_cause": "Чаще всего не удавалось ({count} ×): {what}",
    "figures_now": "<b>Сейчас</b>: в работе – {waiting}, с неизвестным исходом – {unknown}",
    "figures_quota": "Квота: {quotas}",
    "figures_quota_item": "{account}: {used} из {limit} ({quota})",
    "figures_disk": "Диск: доступно {room}, видео занимают {spool}",
    "figures_session": "Работает уже {time}",
    "figures_advice": "<b>Что поможет</b>",
    "figures_well": "Всё хорошо, делать ничего не нужно.",
    "figures_caption": "Успешность и длительность · {period}",
    "figures_axis_uploads": "загрузки",
    "figures_axis_live": "опубликовано",
    "figures_axis_failed": "не удалось",
    "figures_axis_seconds": "секунд до публикации",
    "figures_post_head": "<b>Пост {post_id}</b>: {state}",
    "figures_post_total": "От приёма до публикации: {time}",
    "figures_post_nothing": "Измерений пока нет.",
    "figures_post_place": "<b>{place}</b>: {state}",
    "figures_post_step": "• {stage}: {time}",
    "figures_post_bytes": "• {stage}: {time}, {size}",
    "figures_post_speed": "• {stage}: {time}, {size}, {speed}",
    "figures_post_wait": "• ожидание ({reason}): {time}",
    "figures_post_resume": "• продолжено с места обрыва, повторно не отправлено {size}",
    "figures_post_error": "• ошибка, {at}: {what}",
    "figures_post_tries": "• {tries}, отправлено {size}",
    "figures_state_waiting": "ждёт",
    "figures_state_uploading": "загружается",
    "figures_state_committing": "публикуется",
    "figures_state_processing": "обрабатывается на площадке",
    "figures_state_live": "опубликовано",
    "figures_state_failed": "не удалось",
    "figures_state_cancelled": "отменено",
    "figures_state_unknown": "исход неизвестен",
    "advice_sign_in": (
        "{platform} · {account}: вход не приняли в {refused} случаях из {failed} неудачных. "
        "Подключите аккаунт заново: /accounts"
    ),
    "advice_disk": (
        "На диске доступно {room}, а видео занимают {spool}. Освободите место или задайте для "
        "temp_dir папку на диске побольше."
    ),
    "advice_quota": (
        "{platform} · {account}: израсходовано {used} из {limit} ({quota}). Распределите видео по "
        "аккаунтам группы (/groups) или подождите: до какого времени, скажет /limits."
    ),
    "advice_crashes": (
        "Попыток, прерванных остановкой программы: {crashed}. Запустите karvon doctor и "
        "проверьте, хватает ли компьютеру памяти."
    ),
    "advice_unsteady": (
        "{platform}: попыток оборвалось – {failed} из {tries}. Проверьте сеть и страницу "
        "состояния площадки; может помочь меньшее значение upload_workers."
    ),
    "advice_rate_limited": (
        "{platform}: попыток с просьбой замедлиться – {failed} из {tries}. Задайте "
        "rotation.post_gap_seconds или возьмите больше аккаунтов."
    ),
    "advice_rejected": (
        "{platform}: загрузок с отказом – {rejected} из {uploads}. Посмотрите последнюю ошибку "
        "ниже; чего не хватает файлу, покажет karvon fit."
    ),
    "advice_resume_vain": (
        "{platform}: загрузок продолжено – {resumes}, и каждый раз всё начиналось с нуля. "
        "Проверьте, не обрывает ли долгие загрузки прокси или брандмауэр."
    ),
    "advice_turns": (
        "Загрузки ждали своей очереди {waited}, а сама работа заняла {worked}. Увеличьте "
        "upload_workers (сейчас {upload_workers})."
    ),
    "advice_slow_source": (
        "Загрузки ждали видео {waited}, а отправляли его {sent}. Всё тормозит скачивание: нужна "
        "ссылка побыстрее или собственный сервер Bot API."
    ),
    "advice_fallback": (
        "Текстов составлено без модели – {fallback} из {texts}. Проверьте groq.api_key и "
        "groq.model или увеличьте groq.timeout_seconds."
    ),
    "advice_slower": (
        "Сейчас в среднем уходит {mean}, а раньше – {before}. Больше всего времени занимает "
        "{stage}."
    ),
}
