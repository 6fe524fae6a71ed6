"""Russian sentences about failed uploads and what waits for a person."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

FAILED: Sentences = {
    "cmd_failed": "что не удалось, по причинам",
    "letters_none": "Неразобранных ошибок нет. Что идёт сейчас: /queue",
    "letters_head": {
        "one": "<b>Не удалась {count} загрузка</b>, {causes}",
        "few": "<b>Не удались {count} загрузки</b>, {causes}",
        "many": "<b>Не удалось {count} загрузок</b>, {causes}",
        "other": "<b>Не удалось {count} загрузки</b>, {causes}",
    },
    "letters_head_pages": {
        "one": "<b>Не удалась {count} загрузка</b>, {causes} · страница {page} из {pages}",
        "few": "<b>Не удались {count} загрузки</b>, {causes} · страница {page} из {pages}",
        "many": "<b>Не удалось {count} загрузок</b>, {causes} · страница {page} из {pages}",
        "other": "<b>Не удалось {count} загрузки</b>, {causes} · страница {page} из {pages}",
    },
    "count_causes": {
        "one": "{count} причина",
        "few": "{count} причины",
        "many": "{count} причин",
        "other": "{count} причины",
    },
    "letters_group": {
        "one": (
            "<b>c{cause}</b> · {what}\n{count} раз, впервые – {since}, последний пост – "
            "{post_id}\n➡️ {cure}"
        ),
        "few": (
            "<b>c{cause}</b> · {what}\n{count} раза, впервые – {since}, последний пост – "
            "{post_id}\n➡️ {cure}"
        ),
        "many": (
            "<b>c{cause}</b> · {what}\n{count} раз, впервые – {since}, последний пост – "
            "{post_id}\n➡️ {cure}"
        ),
        "other": (
            "<b>c{cause}</b> · {what}\n{count} раза, впервые – {since}, последний пост – "
            "{post_id}\n➡️ {cure}"
        ),
    },
    "letters_group_head": {
        "one": "<b>c{cause}</b> · {what}\n{count} раз\n➡️ {cure}",
        "few": "<b>c{cause}</b> · {what}\n{count} раза\n➡️ {cure}",
        "many": "<b>c{cause}</b> · {what}\n{count} раз\n➡️ {cure}",
        "other": "<b>c{cause}</b> · {what}\n{count} раза\n➡️ {cure}",
    },
    "letters_tail": (
        "Повторить всё: /retry failed. Или часть: <code>/retry tiktok</code>, <code>/retry batch "
        "3</code>, <code>/retry c3</code>."
    ),
    "letters_member": "• пост {post_id} · {place}: {title} ({at})",
    "letters_more": {
        "one": "… и ещё {count} загрузка",
        "few": "… и ещё {count} загрузки",
        "many": "… и ещё {count} загрузок",
        "other": "… и ещё {count} загрузки",
    },
    "cause_at": "{platform}: {what}",
    "cause_at_account": "{platform} · {account}: {what}",
    "cause_said": "{what} ({text})",
    "cause_duplicate": "такое видео там уже есть",
    "cause_nobody_decided": "никто не сказал, опубликовано ли видео",
    "cause_source": "не удалось получить видео: {why}",
    "cure_connect": "Подключите аккаунт заново (/connect), затем повторите.",
    "cure_connected": "Аккаунт снова подключён: можно повторить.",
    "cure_wait": "Подождите, пока появится место (когда – скажет /limits), затем повторите.",
    "cure_fix_file": "Подгоните видео или пришлите другую версию; изменённое отправится снова.",
    "cure_change": "Исправьте то, что не приняли, затем повторите.",
    "cure_send_again": "Пришлите видео снова или повторите, если источник опять доступен.",
    "cure_there": (
        "Уберите их из списка или опубликуйте нужное ещё раз: <code>/retry</code> и номер поста."
    ),
    "cure_decide": (
        "Посмотрите, опубликованы ли они, и скажите мне; до этого ничего не отправлю снова."
    ),
    "cure_retry": "Просто повторите.",
    "cure_report": "Подробности в журнале (/doctor); затем повторите.",
    "button_letters_replay": "🔁 c{cause}: снова",
    "button_letters_drop": "🗑 c{cause}: убрать",
    "button_letters_show": "👁 c{cause}: все",
    "button_letters_list": "‹ Все причины",
    "button_letters_undo": "↩️ Вернуть",
    "button_replay_these": "🔁 Повторить их",
    "unknown_cause": "Причины c{cause} нет или уже нет. Что не удалось: /failed",
    "unknown_retry": (
        "Не понимаю, что повторить: «{given}». Напишите <code>/retry 12</code>, <code>/retry "
        "failed</code>, название платформы или аккаунта, <code>/retry batch 3</code> или причину "
        "из /failed, например <code>/retry c3</code>."
    ),
    "undecided": (
        "Пока никто не сказал, опубликован ли пост {post_id}, поэтому сам я его снова не "
        "отправлю. Посмотрите там и нажмите кнопку под карточкой: /post {post_id}"
    ),
    "error_nobody_decided": (
        "Ответ потерялся, и никто вовремя не сказал, опубликовано ли видео. Снова оно не "
        "отправлено: посмотрите там и нажмите кнопку."
    ),
    "letters_retried": "Пробую снова: {uploads}.",
    "letters_going_on": (
        "Пробую снова: {total}, уже начато – {count}. Остальные пойдут сами, после более новых; "
        "когда начнутся все, я напишу."
    ),
    "letters_all_begun": "Начаты все, пробую снова: {uploads}.",
    "letters_nothing_retried": "Повторить не удалось ничего.",
    "left_there": {
        "one": "Пропущена {count} загрузка: такое видео там уже есть.",
        "few": "Пропущены {count} загрузки: такие видео там уже есть.",
        "many": "Пропущено {count} загрузок: такие видео там уже есть.",
        "other": "Пропущено {count} загрузки: такие видео там уже есть.",
    },
    "left_undecided": {
        "one": "Пропущена {count} загрузка: сначала скажите, опубликована ли она (/failed).",
        "few": "Пропущены {count} загрузки: сначала скажите, опубликованы ли они (/failed).",
        "many": "Пропущено {count} загрузок: сначала скажите, опубликованы ли они (/failed).",
        "other": "Пропущено {count} загрузки: сначала скажите, опубликованы ли они (/failed).",
    },
    "left_no_account": {
        "one": "Пропущена {count} загрузка: её аккаунт больше не подключён (/connect).",
        "few": "Пропущены {count} загрузки: их аккаунты больше не подключены (/connect).",
        "many": "Пропущено {count} загрузок: их аккаунты больше не подключены (/connect).",
        "other": "Пропущено {count} загрузки: их аккаунты больше не подключены (/connect).",
    },
    "letters_dropped": "Убрано из списка: {uploads}. Опубликованы они не будут.",
    "letters_dropping": "Убираю из списка: {total}. Опубликованы они не будут.",
    "letters_nothing_dropped": "Убирать уже нечего.",
    "letters_undone": "Снова в списке: {uploads}. Показать: /failed",
    "letters_nothing_undone": "Возвращать уже нечего.",
    "account_back": {
        "one": (
            "🔑 {platform} · {account} снова подключён. Без него не удалась {count} загрузка, её "
            "можно повторить."
        ),
        "few": (
            "🔑 {platform} · {account} снова подключён. Без него не удались {count} загрузки, их "
            "можно повторить."
        ),
        "many": (
            "🔑 {platform} · {account} снова подключён. Без него не удалось {count} загрузок, их "
            "можно повторить."
        ),
        "other": (
            "🔑 {platform} · {account} снова подключён. Без него не удалось {count} загрузки, их "
            "можно повторить."
        ),
    },
}

WAITING: Sentences = {
    "cmd_waiting": "что ждёт вашего ответа",
    "waiting_none": "Ничего не ждёт вашего ответа.",
    "waiting_head": {
        "one": "❔ <b>Вашего ответа ждёт {count} вопрос</b>",
        "few": "❔ <b>Вашего ответа ждут {count} вопроса</b>",
        "many": "❔ <b>Вашего ответа ждут {count} вопросов</b>",
        "other": "❔ <b>Вашего ответа ждут {count} вопроса</b>",
    },
    "waiting_head_pages": {
        "one": "❔ <b>Вашего ответа ждёт {count} вопрос</b> · страница {page} из {pages}",
        "few": "❔ <b>Вашего ответа ждут {count} вопроса</b> · страница {page} из {pages}",
        "many": "❔ <b>Вашего ответа ждут {count} вопросов</b> · страница {page} из {pages}",
        "other": "❔ <b>Вашего ответа ждут {count} вопроса</b> · страница {page} из {pages}",
    },
    "waiting_line": "<b>{number}.</b> {what}",
    "waiting_item": "• {what}",
    "waiting_more": {
        "one": "… и ещё {count} вопрос",
        "few": "… и ещё {count} вопроса",
        "many": "… и ещё {count} вопросов",
        "other": "… и ещё {count} вопроса",
    },
    "waiting_reminder": {
        "one": "⏰ <b>Вашего ответа всё ещё ждёт {count} вопрос:</b>\n{items}\nПоказать: /waiting",
        "few": (
            "⏰ <b>Вашего ответа всё ещё ждут {count} вопроса:</b>\n{items}\nПоказать: /waiting"
        ),
        "many": (
            "⏰ <b>Вашего ответа всё ещё ждут {count} вопросов:</b>\n{items}\nПоказать: /waiting"
        ),
        "other": (
            "⏰ <b>Вашего ответа всё ещё ждут {count} вопроса:</b>\n{items}\nПоказать: /waiting"
        ),
    },
    "waiting_expired": {
        "one": "⌛ <b>Вовремя никто не ответил на {count} вопрос:</b>\n{items}",
        "few": "⌛ <b>Вовремя никто не ответил на {count} вопроса:</b>\n{items}",
        "many": "⌛ <b>Вовремя никто не ответил на {count} вопросов:</b>\n{items}",
        "other": "⌛ <b>Вовремя никто не ответил на {count} вопроса:</b>\n{items}",
    },
    "asked_caption": "Пост {post_id}, «{title}»: нужна подпись. Ответьте на вопрос о ней.",
    "asked_duplicate": "Пост {post_id}, «{title}»: этот файл там уже есть. Опубликовать снова?",
    "asked_unknown": "Пост {post_id}, «{title}»: опубликован ли он – {place}? Ответ потерялся.",
    "asked_fit": "Пост {post_id}, «{title}»: {place} не принимает видео как есть.",
    "asked_together": "Пост {post_id}, «{title}»: опубликовать, хотя удалось не везде?",
    "asked_batch": "Список «{title}» проверен. Опубликовать?",
    "expired_batch": (
        "Список «{title}»: не опубликован. Чтобы начать заново, пришлите его ещё раз."
    ),
    "asked_account": "{place}: нужно подключить аккаунт заново.",
    "expired_caption": "Пост {post_id}, «{title}»: остался как есть, ничего не публикую.",
    "expired_duplicate": "Пост {post_id}, «{title}»: снова не публикую.",
    "expired_unknown": (
        "Пост {post_id}, «{title}»: никто не сказал, опубликован ли он – {place}. Снова не "
        "отправляю; сказать ещё можно здесь: /post {post_id}"
    ),
    "expired_fit": "Пост {post_id}, «{title}»: {place} – пропущено.",
    "expired_together": "Пост {post_id}, «{title}»: придержан; что не опубликовано, отменено.",
    "button_waiting": "Показать",
    "event_expired": "{place}: никто не ответил вовремя",
}

SENTENCES: Sentences = {**FAILED, **WAITING}
