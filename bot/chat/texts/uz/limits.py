"""Uzbek sentences about quotas and forecasts."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

SENTENCES: Sentences = {
    "cmd_limits": "ishlatilgani, qolgani va kutilayotgani",
    "count_videos": {
        "one": "{count} ta video",
        "other": "{count} ta video",
    },
    "limits_none": "Hali akkaunt ulanmagan, shuning uchun limitlar ham yoʻq. Ulash: /connect",
    "limits_head": "<b>Limitlar</b>, {accounts}",
    "limits_head_pages": "<b>Limitlar</b>, {accounts}, {page}/{pages}-sahifa",
    "limits_account": "<b>{name}</b> ({platform})",
    "limits_account_paused": "<b>{name}</b> ({platform}), pauzada",
    "limits_account_reconnect": "<b>{name}</b> ({platform}), qayta ulash kerak: /accounts",
    "limits_held": "• {until} gacha hech narsa boshlanmaydi.",
    "limits_quota": "• {quota}: {limit} tadan {used} ishlatildi, {left} qoldi",
    "limits_quota_back": (
        "• {quota}: {limit} tadan {used} ishlatildi, {left} qoldi, keyingi joy {until} da"
    ),
    "limits_quota_resets": (
        "• {quota}: {limit} tadan {used} ishlatildi, {left} qoldi, {until} da yangilanadi"
    ),
    "limits_quota_held": (
        "• {quota}: {limit} tadan {used} ishlatildi; {platform} {until} gacha boshqa bermaydi"
    ),
    "limits_told": "• {platform} xabari ({at}): {what}, {used}/{limit}",
    "limits_told_share": "• {platform} xabari ({at}): {what}: {used}% ishlatildi",
    "limits_told_wait": "• {platform} xabari ({at}): {what}, {until} gacha boʻlmaydi",
    "limits_queue_none": "Navbat boʻsh.",
    "limits_ready": {
        "one": "{count} ta video tayyor va postidagi boshqalari bilan chiqadi.",
        "other": "{count} ta video tayyor va postlaridagi boshqalari bilan chiqadi.",
    },
    "limits_ready_at": {
        "one": "{count} ta video tayyor, {until} da chiqadi.",
        "other": "{count} ta video tayyor, birinchisi {until} da chiqadi.",
    },
    "limits_queue_paused": "Navbatda {videos}; akkaunt ishga qaytganda davom etadi.",
    "limits_queue": "{videos}: {days}",
    "limits_queue_spill": "{videos}: {days}; {spill}",
    "limits_now": "bugun {count} ta",
    "limits_today": "bugun {time} dan {count} ta",
    "limits_tomorrow": "ertaga {time} dan {count} ta",
    "limits_later": "{day} {time} dan {count} ta",
    "limits_rest": "{day} gacha yana {count} ta",
    "limits_never": "{count} tasi hech qachon chiqmaydi: limit bitta videoga ham yetmaydi",
    "limits_spill_today": "qolgani {account} orqali bugun tugaydi",
    "limits_spill_tomorrow": "qolgani {account} orqali ertaga tugaydi",
    "limits_spill_later": "qolgani {account} orqali {day} kuni tugaydi",
    "quota_warning": (
        "⚠️ {account} ({platform}): {limit} tadan {used} ishlatildi: {quota}. Qancha qolgani va "
        "qolganlari qachon chiqishi: /limits"
    ),
    "quota_per_channel_a_day": "24 soatdagi videolar, oʻz chegaramiz",
    "quota_video_uploads": "kunlik yuklashlar, ilovaning barcha kanallariga",
    "quota_units": "kunlik API birliklari, ilovaning barcha kanallariga",
    "quota_figures": "kunlik statistika soʻrovlari, ilovaning barcha kanallariga",
    "quota_inits": "bir daqiqada boshlangan yuklashlar",
    "quota_posts": "24 soatdagi postlar",
    "quota_drafts": "24 soatdagi qoralamalar",
    "quota_containers": "24 soatda boshlangan yuklashlar",
    "quota_reels": "24 soatdagi Reels",
    "quota_messages": "bir daqiqadagi xabarlar",
    "quota_active_users": "ilovaning kunlik mualliflari",
    "quota_app_calls": "ilovaning API soʻrovlari",
    "quota_page_calls": "sahifa uchun API soʻrovlari",
    "quota_business_calls": "akkaunt uchun API soʻrovlari",
    "quota_remote": "oʻz limiti",
}
