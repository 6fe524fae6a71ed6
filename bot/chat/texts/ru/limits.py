"""Russian sentences about quotas and forecasts."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

SENTENCES: Sentences = {
    "cmd_limits": "израсходовано, осталось и прогноз",
    "count_videos": {
        "one": "{count} видео",
        "few": "{count} видео",
        "many": "{count} видео",
        "other": "{count} видео",
    },
    "limits_none": (
        "Пока не подключён ни один аккаунт, поэтому и лимитов нет. Подключить: /connect"
    ),
    "limits_head": "<b>Лимиты</b>, {accounts}",
    "limits_head_pages": "<b>Лимиты</b>, {accounts}, страница {page} из {pages}",
    "limits_account": "<b>{name}</b> ({platform})",
    "limits_account_paused": "<b>{name}</b> ({platform}), на паузе",
    "limits_account_reconnect": "<b>{name}</b> ({platform}), нужно подключить заново: /accounts",
    "limits_held": "• До {until} начинать ничего нельзя.",
    "limits_quota": "• {quota}: израсходовано {used} из {limit}, осталось {left}",
    "limits_quota_back": (
        "• {quota}: израсходовано {used} из {limit}, осталось {left}, следующее место – {until}"
    ),
    "limits_quota_resets": (
        "• {quota}: израсходовано {used} из {limit}, осталось {left}, обновление – {until}"
    ),
    "limits_quota_held": (
        "• {quota}: израсходовано {used} из {limit}; до {until} {platform} больше не даёт"
    ),
    "limits_told": "• {platform} сообщает ({at}): {what}, {used} из {limit}",
    "limits_told_share": "• {platform} сообщает ({at}): {what}: израсходовано {used} %",
    "limits_told_wait": "• {platform} сообщает ({at}): {what}, до {until} больше нельзя",
    "limits_queue_none": "В очереди пусто.",
    "limits_ready": {
        "one": "{count} видео готово и выйдет вместе с остальными из своего поста.",
        "few": "{count} видео готовы и выйдут вместе с остальными из своих постов.",
        "many": "{count} видео готовы и выйдут вместе с остальными из своих постов.",
        "other": "{count} видео готовы и выйдут вместе с остальными из своих постов.",
    },
    "limits_ready_at": {
        "one": "{count} видео готово, выход – {until}.",
        "few": "{count} видео готовы, первый выход – {until}.",
        "many": "{count} видео готовы, первый выход – {until}.",
        "other": "{count} видео готовы, первый выход – {until}.",
    },
    "limits_queue_paused": (
        "В очереди {videos}; продолжится, когда снимут паузу или подключат аккаунт."
    ),
    "limits_queue": "{videos}: {days}",
    "limits_queue_spill": "{videos}: {days}; {spill}",
    "limits_now": "{count} сегодня",
    "limits_today": "{count} сегодня с {time}",
    "limits_tomorrow": "{count} завтра с {time}",
    "limits_later": "{count} – {day} с {time}",
    "limits_rest": "ещё {count} до {day}",
    "limits_never": "{count} никогда: лимит меньше, чем нужно одному видео",
    "limits_spill_today": "остаток через {account} – сегодня",
    "limits_spill_tomorrow": "остаток через {account} – завтра",
    "limits_spill_later": "остаток через {account} – {day}",
    "quota_warning": (
        "⚠️ {account} ({platform}): израсходовано {used} из {limit}: {quota}. Сколько осталось и "
        "когда выйдет остальное: /limits"
    ),
    "quota_per_channel_a_day": "видео за 24 часа, наш собственный предел",
    "quota_video_uploads": "загрузки за день, на все каналы приложения",
    "quota_units": "единицы API за день, на все каналы приложения",
    "quota_figures": "запросы статистики за день, на все каналы приложения",
    "quota_inits": "начатые загрузки за минуту",
    "quota_posts": "посты за 24 часа",
    "quota_drafts": "черновики за 24 часа",
    "quota_containers": "начатые загрузки за 24 часа",
    "quota_reels": "Reels за 24 часа",
    "quota_messages": "сообщения за минуту",
    "quota_active_users": "авторы приложения за день",
    "quota_app_calls": "запросы API от приложения",
    "quota_page_calls": "запросы API для страницы",
    "quota_business_calls": "запросы API для аккаунта",
    "quota_remote": "собственный лимит",
}
