"""Russian sentences about accounts: the list, a page per account, and news of their sign-ins."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

NEWS: Sentences = {
    "account_needs_sign_in": (
        "🔑 <b>{account}</b> ({platform}): подключите аккаунт заново. Причина: {why}. Его видео "
        "ждут и потом пойдут сами."
    ),
    "account_login_loop": (
        "🔁 <b>{account}</b> ({platform}): за час аккаунт подключали несколько раз, и каждый раз "
        "новый вход вскоре переставал действовать: {why}. Ещё один вход вряд ли поможет. "
        "Вероятные причины: тем же входом пользуется другая программа; приложение на площадке ещё "
        "в режиме тестирования (там вход действует 7 дней); приложение удалено в настройках "
        "аккаунта; изменён его секретный ключ. Сначала проверьте это. Пока аккаунт не подключат, "
        "попыток не будет."
    ),
    "account_sign_in_ends": {
        "one": (
            "⏳ <b>{account}</b> ({platform}): вход перестанет действовать меньше чем через "
            "{count} день, и {platform} его не продлевает. Подключите аккаунт заново, чтобы видео "
            "не пришлось ждать."
        ),
        "few": (
            "⏳ <b>{account}</b> ({platform}): вход перестанет действовать через {count} дня, и "
            "{platform} его не продлевает. Подключите аккаунт заново, когда будет удобно."
        ),
        "many": (
            "⏳ <b>{account}</b> ({platform}): вход перестанет действовать через {count} дней, и "
            "{platform} его не продлевает. Подключите аккаунт заново, когда будет удобно."
        ),
        "other": (
            "⏳ <b>{account}</b> ({platform}): вход перестанет действовать через {count} дня, и "
            "{platform} его не продлевает. Подключите аккаунт заново, когда будет удобно."
        ),
    },
    "wait_paused": "⏸ {place}: аккаунт на паузе, продолжу, когда паузу снимут",
}

LIST: Sentences = {
    "cmd_accounts": "подключённые аккаунты",
    "accounts_head": "<b>Аккаунты</b> · {accounts}, страница {page} из {pages}",
    "accounts_line": "{mark} <b>{account_id}</b> · {platform} · {name}: {state}",
    "accounts_none": "Нет подключённых аккаунтов. Подключить: /connect",
    "count_accounts": {
        "one": "{count} аккаунт",
        "few": "{count} аккаунта",
        "many": "{count} аккаунтов",
        "other": "{count} аккаунта",
    },
    "account_mark_ok": "✅",
    "account_mark_warn": "⚠️",
    "account_mark_paused": "⏸",
    "account_mark_reconnect": "🔑",
    "account_mark_resting": "💤",
    "account_state_ok": "готов",
    "account_state_warn": "готов, но есть замечания",
    "account_state_paused": "на паузе",
    "account_state_reconnect": "нужно подключить заново",
    "account_state_resting": "отдыхает до {until}",
}

PAGE: Sentences = {
    "account_head": "{mark} <b>{name}</b> · {platform} · аккаунт {account_id}",
    "account_says_ok": "Готов к публикации.",
    "account_says_warn": "Готов к публикации, но обратите внимание на строки ниже.",
    "account_says_paused": (
        "На паузе: новое не начинается. То, что ждёт, продолжится, когда паузу снимут."
    ),
    "account_says_reconnect": "Нужно подключить заново: {trouble}. До тех пор его видео ждут.",
    "account_says_resting": "Отдыхает до {until}: после ошибок или между видео.",
    "account_refused": "вход не принимается",
    "account_renews": "Вход: продлевается сам, нынешний действует до {until}.",
    "account_renews_until": (
        "Вход: продлевается сам, но не дольше чем до {end}; потом подключите аккаунт заново."
    ),
    "account_good_until": "Вход: действует до {end}; потом подключите аккаунт заново.",
    "account_no_end": "Вход: срок не ограничен, насколько известно.",
    "account_renewed": "Последнее продление: {at}.",
    "account_lacks": "При входе это не разрешили, поэтому не работает: {what}.",
    "account_cannot_publish": "публикация ({scopes})",
    "account_last_live": "Последнее видео: опубликовано, {at}. {url}",
    "account_last_failed": "Последнее видео: ошибка, {at}. {why}",
    "account_last_cancelled": "Последнее видео: отменено, {at}.",
    "account_last_none": "Здесь ещё не завершена ни одна публикация.",
    "account_score": "В последнее время успешно {score} %.",
    "account_is_target": "Видео без строки <b>to:</b> публикуются и здесь.",
    "account_no_target": "Сюда попадают только видео, в которых этот аккаунт указан.",
    "account_defaults": "По умолчанию: {defaults}.",
    "account_no_defaults": "Своих значений по умолчанию нет.",
    "account_default": "{word} {value}",
    "account_from_settings": "Задан в config.py.",
    "account_checked": "✔️ Только что проверено: работает.",
    "account_check_failed": "✖️ Только что проверено: {why}.",
    "account_pause_note": "Что отправляется прямо сейчас, будет отправлено до конца.",
    "account_rename_how": "Напишите новое имя: <code>/account {account_id} name Новое имя</code>",
    "account_tags_how": (
        "Напишите его теги: <code>/account {account_id} tags один, два</code>; чтобы убрать их, "
        "поставьте вместо тегов тире."
    ),
    "account_disconnect_ask": (
        "Отключить <b>{name}</b> ({platform})? Karvon отзовёт доступ и забудет вход. Ожидающих "
        "видео нет, а опубликованное останется."
    ),
    "account_disconnect_ask_waiting": (
        "Отключить <b>{name}</b> ({platform})? Karvon отзовёт доступ и забудет вход, а ожидающее "
        "опубликовано не будет: {waiting}. Опубликованное останется."
    ),
    "account_gone": "🔌 <b>{name}</b> ({platform}) отключён, вход забыт.",
    "account_gone_by_hand": "Отозвать доступ не удалось: {why}. Отзовите его сами: {remove_at}.",
    "account_gone_uploads": "Из-за этого не опубликовано: {failed}.",
    "account_gone_returns": (
        "Он задан в config.py и вернётся при следующем запуске. Удалите его и там."
    ),
}

BUTTONS: Sentences = {
    "button_reconnect": "🔑 Подключить заново",
    "button_account": "{mark} {name}",
    "button_account_pause": "⏸ Пауза",
    "button_account_resume": "▶️ Снять паузу",
    "button_account_check": "🔎 Проверить",
    "button_account_target_on": "🎯 Публиковать сюда: да",
    "button_account_target_off": "🎯 Публиковать сюда: по имени",
    "button_account_default": "{word}: {value}",
    "button_account_rename": "✏️ Имя",
    "button_account_tags": "#️⃣ Теги",
    "button_account_disconnect": "🔌 Отключить",
    "button_account_leave": "🔌 Да, отключить",
    "button_account_keep": "Нет, оставить",
    "button_account_list": "‹ Все аккаунты",
    "account_unset": "как обычно",
}

REFUSALS: Sentences = {
    "account_unknown": "Аккаунта «{given}» нет. Все аккаунты: /accounts",
    "account_ambiguous": "Имя «{given}» есть у нескольких аккаунтов: {places}. Укажите номер.",
    "account_not_yours": "Менять этот аккаунт может только админ или тот, кто его подключил.",
    "account_not_pausable": (
        "<b>{account}</b> нельзя поставить на паузу: он уже на паузе, или его сначала нужно "
        "подключить заново. Подробнее: /accounts"
    ),
    "account_not_paused": "<b>{account}</b> не на паузе. Его состояние: /accounts",
    "account_bad_name": (
        "Напишите имя не длиннее {limit} знаков и не число, например <code>/account 3 name Мой "
        "канал</code>."
    ),
    "account_name_taken": "Имя «{name}» уже занято: это аккаунт {account_id} на той же платформе.",
    "account_usage": (
        "Укажите номер аккаунта: <code>/account 3</code>. Чтобы что-то изменить, добавьте одно "
        "из: <code>name Новое имя</code>, <code>privacy private</code>, <code>tags один, "
        "два</code>, <code>target on</code>, <code>pause</code>, <code>resume</code>, "
        "<code>check</code>, <code>disconnect</code> или параметр, например <code>ai yes</code>. "
        "Тире вместо значения убирает значение по умолчанию. Все аккаунты: /accounts"
    ),
    "account_bad_value": "«{given}» – не значение для {word}. Подходит: {known}.",
    "account_no_value": (
        "Допишите значение после {word}: {known}; или тире, чтобы убрать значение по умолчанию."
    ),
    "account_no_option": "{platform} не знает параметра «{word}». Есть: {known}.",
}

SENTENCES: Sentences = {**NEWS, **LIST, **PAGE, **BUTTONS, **REFUSALS}
