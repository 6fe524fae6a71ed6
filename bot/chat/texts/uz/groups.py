"""Uzbek sentences about groups of accounts, the choice between them, and staged go-live."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

SENTENCES: Sentences = {
    "cmd_groups": "bitta nom ostidagi akkaunt guruhlari",
    "groups_none": (
        "Hali guruhlar yoʻq. Guruh – bitta nom ostidagi bir nechta akkaunt, masalan <code>to: "
        "brand A</code>. Tuzish: <code>/groups new brand A</code>"
    ),
    "groups_head": "<b>Guruhlar</b>",
    "group_line": "<b>{name}</b> · {rule} · {members}",
    "groups_more": {
        "one": "… quyida yana {count} ta",
        "other": "… quyida yana {count} ta",
    },
    "groups_tail": "Yana tuzish: <code>/groups new NAME</code>",
    "group_head": "<b>{name}</b>\nQoida: {rule}\nAkkauntlari orasidagi tanaffus: {gap}",
    "group_how": "Qoʻshish yoki chiqarish uchun akkauntni bosing. Izohda: <code>to: {name}</code>",
    "group_deleted": "{name} guruhi oʻchirildi, akkauntlari ulangan holda qoladi.",
    "group_unknown": "“{given}” degan guruh yoʻq. Barchasi: /groups",
    "group_there": "{name} guruhi allaqachon bor: /groups",
    "group_name_taken": "{name} – platforma yoki akkaunt nomi. Guruhga boshqa nom bering.",
    "group_bad_name": (
        "“{given}” guruh nomi boʻla olmaydi: 1 dan {limit} tagacha belgi, vergul va ikki "
        "nuqtasiz. <code>/groups new brand A</code> deb yozing"
    ),
    "group_empty": "{name} guruhida akkaunt yoʻq. Qoʻshish: /groups",
    "groups_usage": "<code>/groups</code> yoki <code>/groups new NAME</code> deb yozing.",
    "count_members": {
        "one": "{count} ta akkaunt",
        "other": "{count} ta akkaunt",
    },
    "rule_all": "barcha akkauntlarga",
    "rule_round_robin": "har platformada bitta akkauntga, navbat bilan",
    "rule_least_used": "har platformada eng kam ishlatilgan akkauntga",
    "gap_none": "sozlamalardagidek",
    "button_group": "{name}",
    "button_member_in": "✅ {name}",
    "button_member_out": "➕ {name}",
    "button_group_rule": "Qoida: {rule}",
    "button_group_gap": "Tanaffus: {gap}",
    "button_group_delete": "Guruhni oʻchirish",
    "button_groups": "‹ Barcha guruhlar",
    "target_paused": "{target} pauzada. /accounts orqali pauzani oling yoki boshqasini tanlang.",
    "choice_round_robin": "{chosen}: navbati keldi",
    "choice_least_used": "{chosen}: eng kam band edi",
    "choice_all": "{chosen}",
    "choice_cooldown": "{chosen}: {passed} {until} gacha dam olyapti",
    "choice_gap": "{chosen}: {passed} videolar orasida {until} gacha tanaffusda",
    "choice_quota": "{chosen}: {passed} kvotasi {until} gacha tugagan",
    "choice_paused": "{chosen}: {passed} pauzada",
    "choice_left_out": "{passed}: pauzada, chetda qoldi",
    "choice_reconnect": "{chosen}: {passed} qayta ulanishi kerak",
    "card_option_left_out": "ℹ️ {platform}: bunday sozlamalar yoʻq: {options}",
    "card_choice": "    ↳ {why}",
    "wait_rest": "😴 {place}: xatolardan keyin {until} gacha dam olyapti",
    "wait_gap": "⏳ {place}: videolar orasida {until} gacha tanaffusda",
    "wait_staged": "🎬 {place}: tayyor; boshqalari bilan {until} da chiqadi",
    "wait_staged_open": "🎬 {place}: tayyor; hammasi tayyor boʻlganda chiqadi",
    "wait_together": "🎬 {place}: tayyor; qaroringizni kutyapti",
    "upload_scheduled": "🕒 {place}: yuklandi; {platform} uni {until} da ochadi",
    "visibility_scheduled": "rejalashtirilgan",
    "together_failed": (
        "{post_id}-post hamma joyda bir vaqtda chiqishi kerak edi, lekin bu yerlarda "
        "chiqmadi:\n{places}\nQolganlari tayyor. Ular chiqsinmi yoki ushlab turilsinmi? Kartochka "
        "ostidagi 🔁 tugmasi avval chiqmaganlariga qayta urinadi."
    ),
    "together_decided": "Bu allaqachon hal qilingan. Keyin nima boʻlgani: /post {post_id}",
    "together_going": "Qolganlari joylanmoqda.",
    "together_staying": (
        "Ushlab turildi: joylanmaganlari bekor qilindi, qolganlari yashirin qoladi."
    ),
    "button_together_go": "Usiz joylash",
    "button_together_stay": "Ushlab turish",
    "event_staged": "{place}: chiqishga tayyor",
    "event_reassigned": "{place}: boshqa akkauntga oʻtdi",
}
