"""Russian sentences about videos, the queue and the bot itself."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

FIRST_CONTACT: Sentences = {
    "start": (
        "👋 Пришлите мне видео с подписью, и я опубликую его: {targets}.\n\nПо подписи "
        "составляются название, описание и теги. Что ещё можно в ней указать: /help"
    ),
    "start_no_account": (
        "👋 Пришлите мне видео с подписью, и я его опубликую.\n\nПока не подключён ни один канал. "
        "Подключить: /connect"
    ),
    "help": (
        "<b>Пришлите видео с подписью</b>: как видео, файл, видеосообщение или альбом. Подойдёт и "
        "ссылка на видеофайл. В подписи понимаю такие строки:\n\n<code>to: youtube, tiktok</code> "
        "– только туда\n<code>title: …</code> – именно это название\n<code>privacy: "
        "private</code> – или public, unlisted, followers, friends\n<code>at: 18:30</code> – "
        "когда; можно и <code>at: tomorrow 9:00</code>\n<code>channel: @name</code> – в какой "
        "Telegram-канал\n<code>tags: a, b</code> – теги; #хештеги тоже сохраняются\n/help options "
        "– строки для отдельных платформ\n\n/scrape URL – опубликовать видео со страницы\n"
        "/status – что происходит сейчас\n/queue – очередь, с "
        "кнопками\n/post 12 – всё об одном посте\n/cancel 12 – остановить пост\n/retry 12 – "
        "повторить то, что не удалось\n/failed – что не удалось, по причинам\n/waiting – что ждёт "
        "вашего ответа\n/diagnostics – как идут дела и что поможет\n\n/connect – подключить "
        "канал, страницу или профиль\n/accounts – подключённые аккаунты и их настройки\n/groups – "
        "несколько аккаунтов под одним именем\n/limits – сколько израсходовано, сколько осталось "
        "и когда выйдут ожидающие видео"
    ),
    "help_admin": (
        "/doctor – что не так и что делать (для админов)\n/clear – очистить очередь или журналы "
        "(для админов)"
    ),
    "stranger": (
        "Извините, этот бот работает только для нескольких человек. Чтобы получить доступ, "
        "попросите владельца добавить ваш ID <code>{user_id}</code> в <code>telegram.users</code>."
    ),
    "nobody_allowed": (
        "👋 Пока этим ботом никто не может пользоваться. Ваш ID: <code>{user_id}</code>. Если это "
        "ваш бот, впишите ID в <code>telegram.admins</code> в config.py или запустите Karvon с "
        "<code>KARVON_TELEGRAM__ADMINS=[{user_id}]</code>."
    ),
    "admins_only": "Это может делать только админ. Админов добавляет владелец в config.py.",
    "cmd_start": "что умеет этот бот",
    "cmd_help": "что можно указать в подписи",
    "cmd_status": "что происходит сейчас",
    "cmd_queue": "очередь, с кнопками",
    "cmd_post": "всё об одном посте",
    "cmd_cancel": "остановить пост",
    "cmd_retry": "повторить то, что не удалось",
    "cmd_diagnostics": "как идут дела и что поможет",
    "cmd_clear": "очистить очередь или журналы",
}

REFUSALS: Sentences = {
    "not_a_video": "Это не видео. Пришлите файл MP4, MOV или WebM либо ссылку на него.",
    "photo_only": "Это картинка. Пришлите видео, а текст к нему напишите в подписи.",
    "audio_only": "Это звук без изображения. Пришлите видео.",
    "text_only": (
        "Пришлите видео с подписью. Чтобы ответить на вопрос, ответьте на само сообщение. "
        "Подробнее: /help"
    ),
    "other_only": "Такое я опубликовать не могу. Пришлите видео с подписью.",
    "many_drafts": "Текста ждут сразу несколько ваших видео. Ответьте на сообщение с нужным.",
    "unknown_command": "Такой команды я не знаю. Список команд: /help",
    "empty_file": "Файл пустой (0 байт). Пришлите его ещё раз.",
    "too_big_for_cloud": (
        "Размер файла – {size}, а Telegram отдаёт ботам файлы только до {limit}. Есть три выхода: "
        "прислать файл поменьше, прислать ссылку на него или подключить к Karvon локальный сервер "
        "Bot API (<code>telegram.api_base</code> и <code>telegram.local_files</code>)."
    ),
    "fits_nowhere": (
        "Это видео не подходит ни для одной площадки:\n{reasons}\nИзмените видео и пришлите его "
        "снова."
    ),
    "disk_full": (
        "На диске Karvon нет места для этого видео. Освободите место или уменьшите "
        "<code>min_free_disk</code>, затем пришлите видео снова."
    ),
    "no_account": (
        "Публиковать некуда: не подключён ни один канал. Подключите его командой /connect (в "
        "терминале – <code>karvon account connect</code>) и пришлите видео снова."
    ),
    "no_account_there": (
        "Нет подключённого аккаунта {platform}. Уберите эту площадку из строки <code>to:</code> "
        "или подключите аккаунт: /connect"
    ),
    "unknown_target": (
        "Площадки <b>{target}</b> я не знаю. Знаю: {known}. Исправьте строку <code>to:</code> и "
        "пришлите снова."
    ),
    "unknown_channel": "Я не знаю канал <b>{channel}</b>. Подключены: {known}.",
    "privacy_not_offered": (
        "{platform} не поддерживает «{privacy}», только: {known}. Измените <code>privacy:</code> "
        "или уберите {platform} строкой <code>to:</code>."
    ),
    "unknown_line": (
        "Не понимаю строку «{line}». Может быть, <b>{suggestion}:</b>? Исправьте её и пришлите "
        "снова. Что можно указать в подписи: /help"
    ),
    "unknown_word": (
        "Строку «{line}» я пока не умею выполнять. Уберите её и пришлите снова. Что можно "
        "указать в подписи: /help"
    ),
    "bad_time": (
        "Не понимаю время «{given}». Напишите <code>at: 18:30</code>, <code>at: tomorrow "
        "9:00</code> или <code>at: 2026-12-01 18:30</code>."
    ),
    "time_in_past": (
        "{given} уже прошло (сейчас {now}, {zone}). Укажите время позже или уберите строку."
    ),
    "time_twice": (
        "В ту ночь {given} наступит дважды: часы переводят назад. Укажите время со сдвигом, "
        "например <code>at: 2026-10-25 02:30+02:00</code>."
    ),
    "time_skipped": "Такого времени не будет ({given}): часы переводят вперёд. Укажите другое.",
    "bad_privacy": "Не знаю такого варианта доступа: «{given}». Есть: {known}.",
    "empty_value": "В строке <b>{word}:</b> ничего не указано. Допишите значение или уберите её.",
    "not_allowed": "Это чужой пост. Ваши посты: /queue",
    "unknown_post": "Поста {post_id} нет. Ваши посты: /queue",
    "already_final": "Пост {post_id} уже завершён. Итог: /post {post_id}",
    "not_failed": "В посте {post_id} ошибок нет. Как он идёт: /post {post_id}",
    "not_unknown": "Это уже решено. Что было дальше: /post {post_id}",
    "nothing_left": (
        "Тогда публиковать больше нечего. Выберите «Опубликовать снова» или «Оставить как есть»."
    ),
    "already_there": (
        "Этот файл там уже есть (пост {post_id}). Чтобы опубликовать его снова, добавьте --again."
    ),
    "no_such_file": "{path}: такого файла нет. Проверьте путь.",
    "bad_url": "Эта ссылка не подходит. Пришлите ту, что начинается с http:// или https://.",
    "refused": "Это сделать нельзя: {what} {facts}. Что можно: /help",
    "bad_id": (
        "«{given}» – не номер поста. Напишите, например, <code>/post 12</code>. Номера: /queue"
    ),
    "place_reason": "• {platform}: {why}",
    "internal": (
        "В Karvon что-то сломалось, запись в журнале: <code>{id}</code>. Ничего не потеряно. "
        "Попробуйте ещё раз, а если не поможет, сообщите этот номер владельцу."
    ),
    "old_button": "Эта кнопка устарела. Что можно сделать сейчас: /queue",
}

QUESTIONS: Sentences = {
    "ask_caption": "О чём это видео? Ответьте подписью или возьмите имя файла как есть.",
    "ask_duplicate": "Этот файл уже есть здесь:\n{places}\nОпубликовать снова?",
    "place": "{platform} · {account}",
    "title": "{title}",
    "place_live": "• {platform} · {account}: {url}",
    "place_there": "• {platform} · {account}: опубликовано",
    "place_running": "• {platform} · {account}: публикуется",
    "button_nocaption": "Взять имя файла",
    "button_again": "Опубликовать снова",
    "button_skip": "Только где его нет",
    "button_cancel": "Оставить как есть",
    "button_stop": "✖️ Отменить",
    "button_retry": "🔁 Повторить",
    "button_force": "⏩ Сейчас",
    "button_live": "✅ {platform}: видео там есть",
    "button_resend": "🔁 {platform}: отправить снова",
    "button_next": "Дальше ›",
    "button_back": "‹ Назад",
    "button_clear_queue": "Очередь",
    "button_clear_logs": "Журналы",
    "button_clear_both": "И то и другое",
    "draft_cancelled": "Оставил как есть, ничего не публикую.",
}

CARD: Sentences = {
    "card_accepted": "✅ <b>Принято</b> · пост {post_id}",
    "card_draft": "❔ <b>Жду вашего ответа</b> · пост {post_id}",
    "card_running": "▶️ <b>Принято, работаю</b> · пост {post_id}",
    "card_done": "🎉 <b>Опубликовано везде</b> · пост {post_id}",
    "card_partly_failed": "⚠️ <b>Опубликовано, но не везде</b> · пост {post_id}",
    "card_failed": "❌ <b>Не опубликовано</b> · пост {post_id}",
    "card_cancelled": "🚫 <b>Отменено</b> · пост {post_id}",
    "card_scheduled": "🕒 <b>Загружено, откроется в своё время</b> · пост {post_id}",
    "card_first": "✅ <b>Принято</b>, а за это время:",
    "card_fetch": "⬇️ Скачиваю: {percent} из {size} · {speed}",
    "card_fetch_left": "⬇️ Скачиваю: {percent} из {size} · {speed} · осталось {eta}",
    "card_fetch_unsized": "⬇️ Скачиваю, уже {done} · {speed}",
    "card_more": {
        "one": "… и ещё {count} строка: /post {post_id}",
        "few": "… и ещё {count} строки: /post {post_id}",
        "many": "… и ещё {count} строк: /post {post_id}",
        "other": "… и ещё {count} строки: /post {post_id}",
    },
    "card_fetch_wait": "⏳ {why}, следующая попытка – {until}",
    "card_fallback": "✏️ Тексты составлены по вашей подписи: {why}",
    "ai_no_key": "не задан ключ ИИ",
    "ai_slow": "ИИ не ответил вовремя",
    "ai_error": "не удалось связаться с ИИ",
    "ai_junk": "ИИ не дал пригодного ответа",
    "upload_uploading": "⬆️ {place}: загружаю{progress}",
    "upload_committing": "⬆️ {place}: отправляю последние байты, публикую",
    "upload_waiting": "⏳ {place}: принято",
    "upload_stopping": "🚫 {place}: отменяю",
    "upload_processing": "⚙️ {place}: загружено, {platform} обрабатывает{progress}",
    "upload_live": "✅ {place}: опубликовано{visibility}",
    "upload_live_link": '✅ {place}: <a href="{url}">опубликовано</a>{visibility}\n{url}',
    "upload_failed": "❌ {place}: не удалось. {why}",
    "upload_cancelled": "🚫 {place}: отменено, ничего не опубликовано",
    "upload_unknown": "❓ {place}: ответ потерялся, переспрашиваю {platform}{until}",
    "upload_unknown_person": (
        "❓ {place}: ответ потерялся, и уточнить его нельзя. Посмотрите сами: видео опубликовано?"
    ),
    "wait_media": "⏳ {place}: ждёт видео",
    "wait_turn": "⏳ {place}: ждёт своей очереди",
    "wait_time": "🕒 {place}: начало – {until}",
    "wait_quota": "⏳ {place}: квота исчерпана, продолжение – {until}",
    "wait_cooldown": "⏳ {place}: {platform} просит паузу до {until}",
    "wait_retry": "🔁 {place}: новая попытка – {until}. {why}",
    "wait_account": "🔑 {place}: подключите аккаунт заново, дальше всё пойдёт само",
    "wait_platform": "⚙️ {place}: загружено, {platform} готовит видео",
    "wait_person": "❔ {place}: ждёт вашего решения",
    "wait_disk": "💾 {place}: диск заполнен, следующая попытка – {until}",
    "progress": " {percent} · {speed} · осталось {eta}",
    "progress_slow": " {percent}",
    "resumed": " (продолжено с {percent})",
    "visibility": ", {visibility}",
    "visibility_public": "доступно всем",
    "visibility_private": "закрыто: видите только вы",
    "visibility_unlisted": "доступно только по ссылке",
    "visibility_followers": "только для подписчиков",
    "visibility_friends": "только для друзей",
    "visibility_draft": "черновиком: опубликуйте вручную",
    "visibility_unchecked": "принято; видят ли его все, проверить не удалось",
    "visibility_moderation": "на модерации: ссылка появится позже",
    "visibility_inbox": "во входящих: завершите в приложении",
    "visibility_members": "для участников канала",
}

ERRORS: Sentences = {
    "error_transient": "Сбой соединения ({text}).",
    "error_rate_limited": "Слишком много запросов ({text}), продолжу сам.",
    "error_quota_exhausted": "Дневная квота исчерпана ({text}).",
    "error_auth_expired": "Срок входа истёк ({text}).",
    "error_auth_revoked": "Вход больше не действует ({text}). Подключите аккаунт заново.",
    "error_rejected": "{platform} отказывает: {text}. Исправьте это и отправьте видео снова.",
    "error_session_lost": "{platform} не помнит эту загрузку ({text}), начинаю заново.",
    "error_unknown_outcome": "Чем закончилось, неизвестно ({text}).",
    "error_bug": "В Karvon что-то сломалось ({text}), подробности в журнале.",
    "error_source": "Не удалось получить видео: {text}.",
    "error_duplicate": "Это видео там уже есть: {text}. «Повторить» опубликует его ещё раз.",
    "source_too_big_for_cloud": "Telegram отдаёт ботам файлы только до 20 МБ",
    "source_telegram_token": "Telegram не принимает токен бота",
    "source_telegram_refused": "Telegram больше не отдаёт файл, пришлите его снова",
    "source_telegram_local_path": "отсюда не читается папка локального сервера Bot API",
    "source_bad_url": "ссылка не подходит",
    "source_too_many_redirects": (
        "ссылка бесконечно ведёт с одного адреса на другой; пришлите последний адрес"
    ),
    "source_not_a_file": (
        "ссылка ведёт на страницу, а не на видеофайл; пришлите адрес самого файла"
    ),
    "source_not_a_video": "файл – не видео",
    "source_source_encoded": "сервер отдаёт файл сжатым; пришлите ссылку на обычный",
    "source_source_forbidden": "сервер требует входа",
    "source_source_gone": "файла там больше нет",
    "source_source_status": "сервер ответил ошибкой",
    "source_source_unavailable": "сервер не отвечает",
    "source_source_interrupted": "соединение обрывается снова и снова",
    "source_source_truncated": "файл обрывается раньше конца",
    "source_source_changed": "файл меняется во время чтения",
    "source_empty_file": "файл пустой",
    "source_spool_lost": "файл на диске Karvon удалён",
    "source_disk_full": "диск заполнен",
    "source_ffmpeg": "ffprobe не найден или не сработал (подробнее: karvon doctor)",
    "source_internal": "внутренняя ошибка",
}

COMMANDS: Sentences = {
    "status_idle": "Ничего не идёт и ничего не ждёт. Пришлите видео.",
    "status_head": "<b>В работе: {open}</b>, загружается сейчас: {running}",
    "status_more": {
        "one": "… и ещё {count} пост: /queue",
        "few": "… и ещё {count} поста: /queue",
        "many": "… и ещё {count} постов: /queue",
        "other": "… и ещё {count} поста: /queue",
    },
    "count_posts": {
        "one": "{count} пост",
        "few": "{count} поста",
        "many": "{count} постов",
        "other": "{count} поста",
    },
    "count_uploads": {
        "one": "{count} загрузка",
        "few": "{count} загрузки",
        "many": "{count} загрузок",
        "other": "{count} загрузки",
    },
    "count_files": {
        "one": "{count} файл журнала",
        "few": "{count} файла журнала",
        "many": "{count} файлов журнала",
        "other": "{count} файла журнала",
    },
    "untitled": "Видео",
    "tomorrow": "завтра, {time}",
    "queue_head": "<b>Очередь</b> · {open}, страница {page} из {pages}",
    "queue_empty": "Очередь пуста. Пришлите видео.",
    "queue_line": "<b>{post_id}</b> · {title} · {state}",
    "state_until": "{state}, но не дольше чем до {until}",
    "state_draft": "ждёт вашего ответа",
    "state_accepted": "принято",
    "state_preparing": "скачивается",
    "state_publishing": "публикуется",
    "state_done": "опубликовано везде",
    "state_partly_failed": "опубликовано, но не везде",
    "state_failed": "не опубликовано",
    "state_cancelled": "отменено",
    "post_usage": "Укажите номер поста: /post 12. Номера: /queue",
    "cancel_usage": "Укажите номер поста: /cancel 12. Номера: /queue",
    "retry_usage": (
        "Укажите номер поста: /retry 12, или повторите всё сразу: /retry failed. Что не удалось и "
        "почему: /failed"
    ),
    "timeline_head": "<b>Ход событий</b>",
    "timeline_line": "{at} {what}",
    "timeline_cut": {
        "one": "… ещё {count} строка раньше",
        "few": "… ещё {count} строки раньше",
        "many": "… ещё {count} строк раньше",
        "other": "… ещё {count} строки раньше",
    },
    "cancelled_draft": "Пост {post_id} остался как есть, ничего не публикую.",
    "cancel_nothing": "Отменять нечего. Очередь: /queue",
    "cancelled_some": "Пост {post_id}: остановлено – {stopped}. Что опубликовано, остаётся.",
    "cancel_removable": (
        "Это остаётся запланированным на площадке; удалить: /delete {post_id}\n{places}"
    ),
    "cancel_too_late": "Пост {post_id} уже не остановить: он публикуется.",
    "retried": "Пост {post_id}: пробую снова – {retried}.",
    "nothing_failed": "В последнее время ошибок не было.",
    "forced": "Пост {post_id} пойдёт первым.",
    "decided_live": "Хорошо, считаю опубликованным.",
    "decided_resend": "Отправляю снова.",
    "kind_transient": "нет связи",
    "kind_rate_limited": "просьба замедлиться",
    "kind_quota_exhausted": "квота исчерпана",
    "kind_auth_expired": "срок входа истёк",
    "kind_auth_revoked": "вход отозван",
    "kind_rejected": "отказ",
    "kind_session_lost": "загрузка забыта",
    "kind_unknown_outcome": "исход неизвестен",
    "kind_bug": "внутренний сбой",
    "kind_source": "видео не получено",
    "clear_ask": (
        "Что очистить? Очередь: будет остановлено – {open}, опубликованное остаётся. Журналы: "
        "удалятся все файлы."
    ),
    "cleared_queue": "Очередь пуста, остановлено: {cleared}.",
    "cleared_logs": "Очищено: {files}.",
    "cleared_nothing": "Ничего не очищено.",
}

EVENTS: Sentences = {
    "event_accepted": "принято",
    "event_fetch_started": "началось скачивание",
    "event_fetched": "видео скачано",
    "event_probed": "видео проверено",
    "event_described": "тексты готовы",
    "event_session_opened": "{place}: загрузка открыта",
    "event_upload_resumed": "{place}: продолжено",
    "event_uploading": "{place}: загружается",
    "event_intent": "{place}: публикуется",
    "event_committed": "{place}: всё отправлено",
    "event_processing": "{place}: обрабатывается на площадке",
    "event_live": "{place}: опубликовано",
    "event_failed": "{place}: ошибка {error}",
    "event_unknown": "{place}: ответ потерян",
    "event_waiting": "{place}: ожидание ({reason}) {error}",
    "event_cancelled": "{place}: отменено",
    "event_stop_wanted": "{place}: запрошена остановка",
    "event_decided": "{place}: вы приняли решение",
    "event_retry": "{place}: новая попытка",
    "event_forced": "поставлено первым",
    "event_other": "{place} {what}",
    "event_asked": "вам задан вопрос",
    "event_committing": "{place}: публикуется",
}

SENTENCES: Sentences = {
    **FIRST_CONTACT,
    **REFUSALS,
    **QUESTIONS,
    **CARD,
    **ERRORS,
    **COMMANDS,
    **EVENTS,
}
