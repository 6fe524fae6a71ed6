"""Russian sentences about the doctor: findings, and what to do about each."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

CHAT: Sentences = {
    "cmd_doctor": "что не так и что делать (для админов)",
    "doctor_head_ok": "🩺 <b>Всё в порядке</b>",
    "doctor_head_warning": "🩺 <b>Работает, но обратите внимание</b>",
    "doctor_head_broken": "🩺 <b>Что-то сломалось</b>",
    "doctor_line_ok": "✅ {text}",
    "doctor_line_warning": "⚠️ {text}\n→ {remedy}",
    "doctor_line_broken": "❌ {text}\n→ {remedy}",
    "doctor_more": {
        "one": "… и ещё {count} строка; всё покажет <code>karvon doctor</code>.",
        "few": "… и ещё {count} строки; всё покажет <code>karvon doctor</code>.",
        "many": "… и ещё {count} строк; всё покажет <code>karvon doctor</code>.",
        "other": "… и ещё {count} строки; всё покажет <code>karvon doctor</code>.",
    },
    "button_doctor_connect": "🔑 Подключить {account}",
    "button_doctor_resume": "▶️ Снять паузу: {account}",
    "button_doctor_retry": "🔁 Повторить неудавшееся",
    "button_doctor_drop_webhook": "✂️ Удалить вебхук",
    "button_doctor_backup": "💾 Сделать копию",
    "button_doctor_again": "🩺 Проверить ещё раз",
    "button_doctor_report": "📄 Отчёт для отправки",
    "doctor_resumed": "▶️ {account} снова в работе.",
    "doctor_webhook_dropped": "✂️ Вебхук удалён, теперь обновления приходят через опрос.",
    "doctor_backed_up": (
        "💾 Копия сделана: <code>{path}</code> ({size}). Токены в ней зашифрованы, самих ключей в "
        "ней нет. Храните <code>keys.json</code> и <code>keys.retired.json</code> в другом месте."
    ),
    "doctor_backup_failed": "Копию сделать не удалось: {why}",
    "doctor_report": "Отчёт без секретов, имён и номеров. Просмотрите его, прежде чем отправлять.",
    "doctor_report_failed": (
        "Telegram не принимает отчёт ({why}). Получите его командой <code>karvon doctor --report "
        "FILE</code>."
    ),
    "key_lost": (
        "🔑 Потерян ключ <b>{key}</b>, им зашифрованы токены: {accounts}. Эти аккаунты ждут, "
        "остальное работает. Верните ключ командой <code>karvon keys restore FILE</code> (из "
        "прежнего keys.json) или подключите аккаунты заново."
    ),
}

MACHINE: Sentences = {
    "doctor_tools": "Программы для видео: {ffmpeg}, {ffprobe}",
    "doctor_no_tools": "Нет программ для видео: {why}",
    "doctor_no_tools_do": "Установите ffmpeg или задайте KARVON_FFMPEG и KARVON_FFPROBE.",
    "doctor_disk": "Диск: свободно {free}, в запасе остаётся {kept}",
    "doctor_disk_narrow": "Диск почти заполнен: свободно {free}, в запасе остаётся {kept}",
    "doctor_disk_narrow_do": "Освободите место: ниже запаса ничего больше не скачивается.",
    "doctor_disk_full": "Диск заполнен: свободно {free}, а в запасе должно оставаться {kept}",
    "doctor_disk_full_do": "Освободите место или уменьшите min_free_disk; загрузки пока ждут.",
    "doctor_blind": "Не удалось проверить: {part} ({why})",
    "doctor_blind_do": "Это ошибка в программе: сообщите о ней и приложите журнал.",
    "doctor_running": {
        "one": "Karvon работает, открыт {count} пост",
        "few": "Karvon работает, открыто {count} поста",
        "many": "Karvon работает, открыто {count} постов",
        "other": "Karvon работает, открыто {count} поста",
    },
    "doctor_not_running": "Karvon не запущен",
    "doctor_not_running_do": "Запустите: karvon run",
    "doctor_process_silent": "Karvon запущен, но не отвечает: {why}",
    "doctor_process_silent_do": "Посмотрите журнал, остановите его и запустите снова.",
}

KEYS: Sentences = {
    "doctor_keys": {
        "one": "Ключи: шифрует {current}, зашифровано {count} значение",
        "few": "Ключи: шифрует {current}, зашифровано {count} значения",
        "many": "Ключи: шифрует {current}, зашифровано {count} значений",
        "other": "Ключи: шифрует {current}, зашифровано {count} значения",
    },
    "doctor_keys_readable": "Ключи: читаются, шифрует {current}",
    "doctor_no_keys": "Ключи: появятся при первом запуске",
    "doctor_keys_gone": "Файла keys.json нет, а токены зашифрованы ключами: {keys}",
    "doctor_keys_gone_do": (
        "Верните keys.json в папку данных до следующего запуска или подключите все аккаунты "
        "заново."
    ),
    "doctor_bad_keys": "Ключи не читаются: {why}",
    "doctor_bad_keys_do": "Положите в папку данных исправный keys.json.",
    "doctor_lost_key": "Потерян ключ {key}: не расшифровать токены – {accounts}",
    "doctor_lost_key_do": (
        "Верните его: karvon keys restore FILE (из прежнего keys.json). Или подключите эти "
        "аккаунты заново."
    ),
    "doctor_damaged_tokens": "Зашифрованные токены изменены: {accounts}",
    "doctor_damaged_tokens_do": "Подключите эти аккаунты заново.",
    "doctor_older_keys": (
        "Часть значений ещё зашифрована ключом {keys}, а текущий ключ – {current}"
    ),
    "doctor_older_keys_do": "Завершите смену ключа: karvon keys rotate",
    "doctor_open_keys": "Другие пользователи этой машины могут прочитать {path}",
    "doctor_open_keys_do": "Закройте доступ (chmod 600) и смените ключи: karvon keys rotate",
    "doctor_stray_keys": "Эти файлы в {folder} похожи на копии ключей: {files}",
    "doctor_stray_keys_do": "Перенесите их в надёжное место вне этой машины или удалите.",
}

DATABASE: Sentences = {
    "doctor_database": {
        "one": "База данных: исправна, {size}, журнал {wal}, {count} пост",
        "few": "База данных: исправна, {size}, журнал {wal}, {count} поста",
        "many": "База данных: исправна, {size}, журнал {wal}, {count} постов",
        "other": "База данных: исправна, {size}, журнал {wal}, {count} поста",
    },
    "doctor_no_database": "База данных: появится при первом запуске",
    "doctor_bad_database": "База данных повреждена: {why}",
    "doctor_bad_database_do": "Восстановите копию: karvon restore FILE",
    "doctor_swollen_database": {
        "one": "Журнал базы данных вырос до {wal} ({size}, {count} пост)",
        "few": "Журнал базы данных вырос до {wal} ({size}, {count} поста)",
        "many": "Журнал базы данных вырос до {wal} ({size}, {count} постов)",
        "other": "Журнал базы данных вырос до {wal} ({size}, {count} поста)",
    },
    "doctor_swollen_database_do": (
        "Закройте другие программы, где открыта эта база, и перезапустите Karvon."
    ),
    "doctor_backup": "Резервная копия: сделана {age} назад",
    "doctor_no_backup": "Резервных копий нет",
    "doctor_no_backup_do": "Сделайте копию: karvon backup FILE, и пусть cron её повторяет.",
    "doctor_old_backup": "Последняя резервная копия сделана {age} назад",
    "doctor_old_backup_do": "Сделайте копию: karvon backup FILE, и пусть cron её повторяет.",
}

OUTSIDE: Sentences = {
    "doctor_no_token": "Не задан токен бота",
    "doctor_no_token_do": "Получите его у @BotFather и укажите в telegram.token.",
    "doctor_bot_api_down": "Bot API по адресу {base} не отвечает ({why})",
    "doctor_bot_api_down_do": "Проверьте сеть и telegram.api_base.",
    "doctor_bot_api_refuses": "Bot API по адресу {base} отказывает: {why}",
    "doctor_bot_api_refuses_do": "Проверьте telegram.token и telegram.api_base.",
    "doctor_bot_cloud": "Telegram: {bot}, файлы до 20 МБ (без локального сервера Bot API)",
    "doctor_bot_local": "Telegram: {bot} на локальном сервере Bot API, файлы до 2000 МБ",
    "doctor_wrong_mode": (
        "telegram.local_files включён, но {bot} работает через сервер самого Telegram"
    ),
    "doctor_wrong_mode_do": (
        "Укажите в telegram.api_base свой локальный сервер Bot API или выключите local_files."
    ),
    "doctor_no_webhook_info": "Не удалось узнать, как приходят обновления ({why})",
    "doctor_no_webhook_info_do": "Проверьте ещё раз чуть позже.",
    "doctor_webhook_in_the_way": "Установлен вебхук, поэтому опрос не получает обновлений",
    "doctor_webhook_in_the_way_do": "Удалите вебхук или перезапустите Karvon: он сделает это сам.",
    "doctor_webhook_elsewhere": "Telegram шлёт обновления не на web.public_url, а на другой адрес",
    "doctor_webhook_elsewhere_do": (
        "Перезапустите Karvon, и он поставит свой адрес; если этим ботом пользуется другая "
        "программа, дайте ей другого бота."
    ),
    "doctor_no_webhook": "Вебхук не установлен, обновления не приходят",
    "doctor_no_webhook_do": (
        "Перезапустите Karvon, он его установит; если не поможет, посмотрите журнал."
    ),
    "doctor_webhook_fails": "{ago} назад Telegram не достучался до вебхука: {why}",
    "doctor_webhook_fails_do": (
        "Проверьте web.public_url, его сертификат и то, что ведёт к Karvon."
    ),
    "doctor_many_updates": {
        "one": "В Telegram ждёт {count} обновление",
        "few": "В Telegram ждут {count} обновления",
        "many": "В Telegram ждут {count} обновлений",
        "other": "В Telegram ждут {count} обновления",
    },
    "doctor_many_updates_do": (
        "Подождите минуту и проверьте ещё раз; если не уменьшится, посмотрите журнал."
    ),
    "doctor_updates_polling": {
        "one": "Обновления: опросом, ждёт {count}",
        "few": "Обновления: опросом, ждут {count}",
        "many": "Обновления: опросом, ждут {count}",
        "other": "Обновления: опросом, ждут {count}",
    },
    "doctor_updates_webhook": {
        "one": "Обновления: вебхуком, ждёт {count}",
        "few": "Обновления: вебхуком, ждут {count}",
        "many": "Обновления: вебхуком, ждут {count}",
        "other": "Обновления: вебхуком, ждут {count}",
    },
    "doctor_clock": "Часы: идут верно",
    "doctor_no_clock": "Сверить часы не удалось: никто не ответил",
    "doctor_no_clock_do": "Проверьте сеть.",
    "doctor_skewed_clock": "Часы {way} на {skew}",
    "clock_ahead": "спешат",
    "clock_behind": "отстают",
    "doctor_skewed_clock_do": "Пусть система сверяет время по сети (NTP).",
    "doctor_wrong_clock": (
        "Часы {way} на {skew}: истёкшие токены кажутся годными, вход не удаётся, а посты выходят "
        "не вовремя"
    ),
    "doctor_wrong_clock_do": (
        "Пусть система сверяет время по сети (NTP), затем перезапустите Karvon."
    ),
    "doctor_no_public_url": "Веб: только на этой машине (web.public_url не задан)",
    "doctor_public_url_not_asked": "Веб: {url}, проверяется, только пока Karvon запущен",
    "doctor_reached": "Веб: доступен по адресу {url}",
    "doctor_not_reached": "Веб: {url} не ведёт к Karvon ({why})",
    "doctor_not_reached_do": (
        "Направьте его на {listen} (web.listen) или исправьте web.public_url."
    ),
    "doctor_no_https": "Веб: {url} – не адрес https, другие вебхуки Telegram не вызывает",
    "doctor_no_https_do": "Поставьте Karvon за https или уберите telegram.webhook_secret.",
}

BUSINESS: Sentences = {
    "doctor_accounts": {
        "one": "Аккаунты: подключён {count}",
        "few": "Аккаунты: подключено {count}",
        "many": "Аккаунты: подключено {count}",
        "other": "Аккаунты: подключено {count}",
    },
    "doctor_accounts_set": {
        "one": "Аккаунты: {count} в настройках",
        "few": "Аккаунты: {count} в настройках",
        "many": "Аккаунты: {count} в настройках",
        "other": "Аккаунты: {count} в настройках",
    },
    "doctor_no_accounts": "Не подключён ни один аккаунт",
    "doctor_no_accounts_do": "Подключите: /connect в чате или karvon account connect.",
    "doctor_accounts_to_connect": "Нужно подключить заново: {accounts}",
    "doctor_accounts_to_connect_do": "Подключите их: /connect в чате или karvon account connect.",
    "doctor_accounts_broken": {
        "one": "Публиковать могут не все аккаунты (всего {count})",
        "few": "Публиковать могут не все аккаунты (всего {count})",
        "many": "Публиковать могут не все аккаунты (всего {count})",
        "other": "Публиковать могут не все аккаунты (всего {count})",
    },
    "doctor_accounts_broken_do": "Смотрите их собственные строки.",
    "doctor_account_out": "{platform} · {account}: нужно подключить заново ({why})",
    "doctor_account_out_do": "Подключите его: /connect. Его загрузки ждут и продолжатся сами.",
    "doctor_account_paused": "{platform} · {account}: на паузе",
    "doctor_account_paused_do": "Снимите паузу, когда он снова должен публиковать.",
    "doctor_account_scopes": (
        "{platform} · {account}: публиковать не может, не хватает прав: {scopes}"
    ),
    "doctor_account_scopes_do": "Подключите его заново и разрешите всё, о чём спросят.",
    "doctor_account_operations": "{platform} · {account}: нет прав на: {operations}",
    "doctor_account_operations_do": "Подключите его заново и разрешите всё, о чём спросят.",
    "doctor_account_ended": "{platform} · {account}: вход перестал действовать {ago} назад",
    "doctor_account_ended_do": "Подключите его заново: /connect",
    "doctor_account_ends": "{platform} · {account}: вход перестанет действовать через {left}",
    "doctor_account_ends_do": "Подключите его заново до этого: /connect",
    "doctor_account_not_renewed": (
        "{platform} · {account}: срок токена истёк {ago} назад, продлить не удалось"
    ),
    "doctor_account_not_renewed_do": (
        "При следующей загрузке будет новая попытка; если не получится, подключите его заново."
    ),
    "doctor_quotas": "Квоты: запас есть везде",
    "doctor_quota_low": "{platform} · {account}: израсходовано {used} из {limit} ({what})",
    "doctor_quota_low_do": "Место появится: {until}; распределите видео по другим аккаунтам.",
    "doctor_quota_out": "{platform} · {account}: квота исчерпана ({what}: {used} из {limit})",
    "doctor_quota_out_do": "Загрузки ждут, продолжение – {until}.",
    "doctor_outbox": "Сообщения: ничего не задерживается",
    "doctor_late_outbox": {
        "one": "Сообщений ждёт отправки в Telegram: {count}, дольше всего – {age}",
        "few": "Сообщений ждёт отправки в Telegram: {count}, дольше всего – {age}",
        "many": "Сообщений ждёт отправки в Telegram: {count}, дольше всего – {age}",
        "other": "Сообщений ждёт отправки в Telegram: {count}, дольше всего – {age}",
    },
    "doctor_late_outbox_do": "Они уйдут сами; если нет, посмотрите журнал.",
    "doctor_no_decisions": "Решения: ничего не ждёт",
    "doctor_decisions": {
        "one": "Решения ждёт {count} загрузка",
        "few": "Решения ждут {count} загрузки",
        "many": "Решения ждут {count} загрузок",
        "other": "Решения ждут {count} загрузки",
    },
    "doctor_decisions_do": "Посмотрите там и нажмите кнопку на карточке: /post {post_id}",
    "doctor_no_failures": "Загрузки: за 24 часа без ошибок",
    "doctor_failures": {
        "one": "За 24 часа не удалась {count} загрузка",
        "few": "За 24 часа не удались {count} загрузки",
        "many": "За 24 часа не удалось {count} загрузок",
        "other": "За 24 часа не удалось {count} загрузки",
    },
    "doctor_failures_do": "Причины: /queue и /post. Исправьте их и повторите.",
    "doctor_renders": "Мэшапы: ничего не ждёт сверх очереди, за 24 часа без ошибок",
    "doctor_late_renders": {
        "one": "Ждёт {count} мэшап: диск заполнен или после ошибки будет новая попытка",
        "few": "Ждут {count} мэшапа: диск заполнен или после ошибки будет новая попытка",
        "many": "Ждут {count} мэшапов: диск заполнен или после ошибки будет новая попытка",
        "other": "Ждут {count} мэшапа: диск заполнен или после ошибки будет новая попытка",
    },
    "doctor_late_renders_do": "Какие и почему: /renders. Освободите место на диске.",
    "doctor_failed_renders": {
        "one": "За 24 часа не удалось собрать {count} мэшап",
        "few": "За 24 часа не удалось собрать {count} мэшапа",
        "many": "За 24 часа не удалось собрать {count} мэшапов",
        "other": "За 24 часа не удалось собрать {count} мэшапа",
    },
    "doctor_failed_renders_do": "Причины: /renders. Исправьте их и повторите.",
    "doctor_library": {
        "one": "Библиотека: {count} файл ({size}) в {storage}",
        "few": "Библиотека: {count} файла ({size}) в {storage}",
        "many": "Библиотека: {count} файлов ({size}) в {storage}",
        "other": "Библиотека: {count} файла ({size}) в {storage}",
    },
    "doctor_library_unmoved": {
        "one": "{count} файл библиотеки ({size}) ещё не в {storage}, куда кладутся новые",
        "few": "{count} файла библиотеки ({size}) ещё не в {storage}, куда кладутся новые",
        "many": "{count} файлов библиотеки ({size}) ещё не в {storage}, куда кладутся новые",
        "other": "{count} файла библиотеки ({size}) ещё не в {storage}, куда кладутся новые",
    },
    "doctor_library_unmoved_do": "Если перенос сейчас не идёт, продолжите его: {command}",
    "doctor_library_bad_setting": "storage.url не указывает места для медиа: {url}",
    "doctor_library_bad_setting_do": (
        "Укажите адрес папки (file:///…), корзины (s3://…) или облака (cloudinary://…)."
    ),
}

SENTENCES: Sentences = {**CHAT, **MACHINE, **KEYS, **DATABASE, **OUTSIDE, **BUSINESS}
