"""Uzbek sentences about failed uploads and what waits for a person."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

FAILED: Sentences = {
    "cmd_failed": "nimalar chiqmagani, sabablari boʻyicha",
    "letters_none": "Chiqmagani yoʻq (chetga olinganlar hisobga kirmaydi). Navbat: /queue",
    "letters_head": {
        "one": "<b>{count} ta yuklash chiqmadi</b>, {causes}",
        "other": "<b>{count} ta yuklash chiqmadi</b>, {causes}",
    },
    "letters_head_pages": "<b>{count} ta yuklash chiqmadi</b>, {causes} · {page}/{pages}-sahifa",
    "count_causes": {
        "one": "{count} ta sabab",
        "other": "{count} ta sabab",
    },
    "letters_group": {
        "one": (
            "<b>c{cause}</b> · {count} tasi chiqmadi: {what}\n{since} · {post_id}-post\n➡️ {cure}"
        ),
        "other": (
            "<b>c{cause}</b> · {count} tasi chiqmadi: {what}\n{since} dan beri, oxirgisi "
            "{post_id}-post\n➡️ {cure}"
        ),
    },
    "letters_group_head": "<b>c{cause}</b> · {count} tasi chiqmadi: {what}\n➡️ {cure}",
    "letters_tail": (
        "Hammasiga qayta urinish: /retry failed. Yana: <code>/retry tiktok</code>, <code>/retry "
        "batch 3</code>, <code>/retry c3</code>."
    ),
    "letters_member": "• {post_id}-post · {place}: {title} ({at})",
    "letters_more": {
        "one": "… va yana {count} ta",
        "other": "… va yana {count} ta",
    },
    "cause_at": "{platform}: {what}",
    "cause_at_account": "{platform} · {account}: {what}",
    "cause_said": "{what} ({text})",
    "cause_duplicate": "shu video u yerda bor",
    "cause_nobody_decided": "joylangan-joylanmaganini hech kim aytmadi",
    "cause_source": "videoni olib boʻlmadi: {why}",
    "cure_connect": "Akkauntni qayta ulang (/connect), keyin yana urining.",
    "cure_connected": "Akkaunt qayta ulangan, yana urining.",
    "cure_wait": "Joy boʻshashini kuting (qachonligi: /limits), keyin yana urining.",
    "cure_fix_file": (
        "Videoni moslang yoki boshqa nusxasini yuboring; oʻzgartirilganiga yana uriniladi."
    ),
    "cure_change": "Rad etilgan narsani oʻzgartiring, keyin yana urining.",
    "cure_send_again": "Videolarni yana yuboring yoki manbasi qaytgan boʻlsa, yana urining.",
    "cure_there": (
        "Ularni chetga oling yoki yana joylash uchun <code>/retry</code> va post raqamini yozing."
    ),
    "cure_decide": (
        "Joylangan-joylanmaganini tekshirib, ayting; ungacha hech narsa yana yuborilmaydi."
    ),
    "cure_retry": "Yana urining.",
    "cure_report": "Batafsil jurnalda (/doctor); keyin yana urining.",
    "button_letters_replay": "🔁 c{cause} qayta",
    "button_letters_drop": "🗑 c{cause} chetga",
    "button_letters_show": "👁 c{cause} koʻrish",
    "button_letters_list": "‹ Barcha sabablar",
    "button_letters_undo": "↩️ Qaytarish",
    "button_replay_these": "🔁 Yana urinish",
    "unknown_cause": "c{cause} sababli xato yoʻq yoki endi qolmagan. Borlari: /failed",
    "unknown_retry": (
        "“{given}” boʻyicha nimaga qayta urinishni bilmadim. <code>/retry 12</code>, <code>/retry "
        "failed</code>, platforma, akkaunt, <code>/retry batch 3</code> yoki /failed dagi sababni "
        "yozing, masalan <code>/retry c3</code>."
    ),
    "undecided": (
        "{post_id}-post joylangan-joylanmaganini hali hech kim aytmadi, shuning uchun u oʻzidan "
        "oʻzi yana yuborilmaydi. U yerga qarang va kartochkasi ostidagi tugmani bosing: /post "
        "{post_id}"
    ),
    "error_nobody_decided": (
        "Javobi yoʻqoldi, joylangan-joylanmaganini esa hech kim vaqtida aytmadi. Yana "
        "yuborilmadi: u yerga qarab, tugma bilan ayting."
    ),
    "letters_retried": "Yana urinilmoqda: {uploads}.",
    "letters_going_on": (
        "Yana urinilmoqda: {total}, hozircha {count} tasi. Qolganlari yangilaridan keyin oʻzi "
        "boshlanadi; hammasi boshlangach, xabar beraman."
    ),
    "letters_all_begun": "Hammasi boshlandi, yana urinilmoqda: {uploads}.",
    "letters_nothing_retried": "Birortasiga ham qayta urinib boʻlmadi.",
    "left_there": {
        "one": "{count} tasi chetda qoldi: shu video u yerda bor.",
        "other": "{count} tasi chetda qoldi: shu videolar u yerda bor.",
    },
    "left_undecided": {
        "one": "{count} tasi chetda qoldi: avval joylangan-joylanmaganini aytish kerak (/failed).",
        "other": (
            "{count} tasi chetda qoldi: avval joylangan-joylanmaganini aytish kerak (/failed)."
        ),
    },
    "left_no_account": {
        "one": "{count} tasi chetda qoldi: akkaunti endi ulanmagan (/connect).",
        "other": "{count} tasi chetda qoldi: akkauntlari endi ulanmagan (/connect).",
    },
    "letters_dropped": (
        "Chetga olindi: {uploads}. Ular chiqmaganicha qoladi, lekin roʻyxatda koʻrinmaydi."
    ),
    "letters_dropping": (
        "Chetga olinmoqda: {total}. Ular chiqmaganicha qoladi, lekin roʻyxatda koʻrinmaydi."
    ),
    "letters_nothing_dropped": "Chetga oladigan narsa qolmagan.",
    "letters_undone": "Roʻyxatga qaytdi: {uploads}. Koʻrish: /failed",
    "letters_nothing_undone": "Endi qaytaradigan narsa yoʻq.",
    "account_back": {
        "one": (
            "🔑 {platform} · {account} qayta ulandi. Usiz {count} ta yuklash chiqmagan edi, endi "
            "unga yana urinish mumkin."
        ),
        "other": (
            "🔑 {platform} · {account} qayta ulandi. Usiz {count} ta yuklash chiqmagan edi, endi "
            "ularga yana urinish mumkin."
        ),
    },
}

WAITING: Sentences = {
    "cmd_waiting": "javobingizni kutayotganlar",
    "waiting_none": "Javobingizni kutayotgan narsa yoʻq.",
    "waiting_head": {
        "one": "❔ <b>{count} ta savol javobingizni kutyapti</b>",
        "other": "❔ <b>{count} ta savol javobingizni kutyapti</b>",
    },
    "waiting_head_pages": (
        "❔ <b>{count} ta savol javobingizni kutyapti</b> · {page}/{pages}-sahifa"
    ),
    "waiting_line": "<b>{number}.</b> {what}",
    "waiting_item": "• {what}",
    "waiting_more": {
        "one": "… va yana {count} ta",
        "other": "… va yana {count} ta",
    },
    "waiting_reminder": {
        "one": (
            "⏰ <b>{count} ta savol hali ham javobingizni kutyapti:</b>\n{items}\nKoʻrish: "
            "/waiting"
        ),
        "other": (
            "⏰ <b>{count} ta savol hali ham javobingizni kutyapti:</b>\n{items}\nKoʻrish: "
            "/waiting"
        ),
    },
    "waiting_expired": {
        "one": "⌛ <b>Vaqtida javob boʻlmadi:</b>\n{items}",
        "other": "⌛ <b>{count} ta savolga vaqtida javob boʻlmadi:</b>\n{items}",
    },
    "asked_caption": "{post_id}-post, {title}: izoh kutyapti. Savol xabariga javob yozing.",
    "asked_duplicate": "{post_id}-post, {title}: bu fayl allaqachon bor. Yana joylaymi?",
    "asked_unknown": "{post_id}-post, {title}: {place} javobi yoʻqoldi. Video joylanganmi?",
    "asked_fit": "{post_id}-post, {title}: {place} videoni shu holicha olmaydi.",
    "asked_together": "{post_id}-post, {title}: bir qismi chiqmadi. Qolgani baribir joylansinmi?",
    "asked_batch": "{title} roʻyxati tekshirildi. Joylansinmi?",
    "expired_batch": "{title} roʻyxati joylanmadi. Qaytadan boshlash uchun uni yana yuboring.",
    "asked_account": "{place}: akkauntni qayta ulash kerak.",
    "expired_caption": "{post_id}-post, {title}: shunday qoldi, hech narsa joylanmaydi.",
    "expired_duplicate": "{post_id}-post, {title}: yana joylanmadi.",
    "expired_unknown": (
        "{post_id}-post, {title}: video joylanganmi ({place}), hech kim aytmadi. Yana "
        "yuborilmaydi; hali ham aytishingiz mumkin: /post {post_id}"
    ),
    "expired_fit": "{post_id}-post, {title}: {place} chetda qoldi.",
    "expired_together": "{post_id}-post, {title}: ushlab turildi, joylanmagani bekor qilindi.",
    "button_waiting": "Koʻrish",
    "event_expired": "{place}: vaqtida javob boʻlmadi",
}

SENTENCES: Sentences = {**FAILED, **WAITING}
