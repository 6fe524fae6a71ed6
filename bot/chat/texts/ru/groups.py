"""Russian sentences about groups of accounts, the choice between them, and staged go-live."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

SENTENCES: Sentences = {
    "cmd_groups": "группы аккаунтов под одним именем",
    "groups_none": (
        "Групп пока нет. Группа – это несколько аккаунтов под одним именем, например <code>to: "
        "brand A</code>. Создать: <code>/groups new brand A</code>"
    ),
    "groups_head": "<b>Группы</b>",
    "group_line": "<b>{name}</b> · {rule} · {members}",
    "groups_more": {
        "one": "… и ещё {count} ниже",
        "few": "… и ещё {count} ниже",
        "many": "… и ещё {count} ниже",
        "other": "… и ещё {count} ниже",
    },
    "groups_tail": "Создать ещё: <code>/groups new NAME</code>",
    "group_head": "<b>{name}</b>\nПравило: {rule}\nПауза между аккаунтами: {gap}",
    "group_how": (
        "Нажмите на аккаунт, чтобы добавить его или убрать. В подписях: <code>to: {name}</code>"
    ),
    "group_deleted": "Группа {name} удалена, её аккаунты остаются подключёнными.",
    "group_unknown": "Группы «{given}» нет. Все группы: /groups",
    "group_there": "Группа {name} уже есть: /groups",
    "group_name_taken": "{name} – уже имя платформы или аккаунта. Назовите группу иначе.",
    "group_bad_name": (
        "«{given}» не подходит как имя группы: от 1 до {limit} знаков, без запятых и двоеточий. "
        "Напишите <code>/groups new brand A</code>"
    ),
    "group_empty": "В группе {name} нет аккаунтов. Добавьте их: /groups",
    "groups_usage": "Напишите <code>/groups</code> или <code>/groups new NAME</code>.",
    "count_members": {
        "one": "{count} аккаунт",
        "few": "{count} аккаунта",
        "many": "{count} аккаунтов",
        "other": "{count} аккаунта",
    },
    "rule_all": "во все аккаунты",
    "rule_round_robin": "в один аккаунт на каждой платформе, по очереди",
    "rule_least_used": "в наименее занятый аккаунт на каждой платформе",
    "gap_none": "как в настройках",
    "button_group": "{name}",
    "button_member_in": "✅ {name}",
    "button_member_out": "➕ {name}",
    "button_group_rule": "Правило: {rule}",
    "button_group_gap": "Пауза: {gap}",
    "button_group_delete": "Удалить группу",
    "button_groups": "‹ Все группы",
    "target_paused": "{target} на паузе. Снимите паузу в /accounts или выберите другую площадку.",
    "choice_round_robin": "{chosen}: его очередь",
    "choice_least_used": "{chosen}: был занят меньше всех",
    "choice_all": "{chosen}",
    "choice_cooldown": "{chosen}: {passed} отдыхает до {until}",
    "choice_gap": "{chosen}: {passed} держит паузу между видео до {until}",
    "choice_quota": "{chosen}: квота {passed} исчерпана до {until}",
    "choice_paused": "{chosen}: {passed} на паузе",
    "choice_left_out": "{passed}: на паузе, пропущен",
    "choice_reconnect": "{chosen}: {passed} нужно подключить заново",
    "card_option_left_out": "ℹ️ {platform} не знает таких настроек: {options}",
    "card_choice": "    ↳ {why}",
    "wait_rest": "😴 {place}: отдыхает после ошибок до {until}",
    "wait_gap": "⏳ {place}: держит паузу между видео до {until}",
    "wait_staged": "🎬 {place}: готово; выйдет вместе с остальными – {until}",
    "wait_staged_open": "🎬 {place}: готово; выйдет, когда будут готовы все",
    "wait_together": "🎬 {place}: готово, ждёт вашего решения",
    "upload_scheduled": "🕒 {place}: загружено; {platform} откроет его – {until}",
    "visibility_scheduled": "запланировано",
    "together_failed": (
        "Пост {post_id} должен был выйти везде одновременно, но не удалось:\n{places}\nОстальные "
        "готовы. Опубликовать их или придержать? Кнопка 🔁 под карточкой сначала повторит "
        "неудавшиеся."
    ),
    "together_decided": "Это уже решено. Что было дальше: /post {post_id}",
    "together_going": "Публикую остальные.",
    "together_staying": "Придерживаю: неопубликованное отменено, остальное остаётся скрытым.",
    "button_together_go": "Опубликовать без него",
    "button_together_stay": "Придержать",
    "event_staged": "{place}: готово к выходу",
    "event_reassigned": "{place}: передано другому аккаунту",
}
