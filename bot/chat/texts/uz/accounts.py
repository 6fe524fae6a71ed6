"""Uzbek sentences about accounts: the list, a page per account, and news of their sign-ins."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

NEWS: Sentences = {
    "account_needs_sign_in": (
        "🔑 <b>{account}</b> ({platform}) akkauntini qayta ulash kerak: {why}. Videolari kutadi "
        "va keyin oʻzi davom etadi."
    ),
    "account_login_loop": (
        "🔁 <b>{account}</b> ({platform}) bir soat ichida bir necha marta ulandi va har safar "
        "yangi kirish tez orada rad etildi: {why}. Yana bir marta kirish yordam berishi qiyin. "
        "Ehtimoliy sabablar: shu kirishdan boshqa dastur ham foydalanyapti; ilova platformada "
        "hali sinov holatida (u yerda kirish 7 kun amal qiladi); ilova akkaunt sozlamalaridan "
        "olib tashlangan; maxfiy kaliti oʻzgartirilgan. Avval shularni tekshiring. Akkaunt "
        "ulanmaguncha yana urinilmaydi."
    ),
    "account_sign_in_ends": {
        "one": (
            "⏳ <b>{account}</b> ({platform}) kirishi {count} kun ichida tugaydi, {platform} esa "
            "uni uzaytirmaydi. Akkauntni hozir qayta ulang, shunda video kutib qolmaydi."
        ),
        "other": (
            "⏳ <b>{account}</b> ({platform}) kirishi {count} kundan keyin tugaydi, {platform} "
            "esa uni uzaytirmaydi. Qulay vaqtda akkauntni qayta ulang."
        ),
    },
    "wait_paused": "⏸ {place}: akkaunt pauzada, pauza olinganda davom etadi",
}

LIST: Sentences = {
    "cmd_accounts": "ulangan akkauntlar",
    "accounts_head": "<b>Akkauntlar</b> · {accounts}, {page}/{pages}-sahifa",
    "accounts_line": "{mark} <b>{account_id}</b> · {platform} · {name}: {state}",
    "accounts_none": "Birorta akkaunt ulanmagan. Ulash: /connect",
    "count_accounts": {
        "one": "{count} ta akkaunt",
        "other": "{count} ta akkaunt",
    },
    "account_mark_ok": "✅",
    "account_mark_warn": "⚠️",
    "account_mark_paused": "⏸",
    "account_mark_reconnect": "🔑",
    "account_mark_resting": "💤",
    "account_state_ok": "tayyor",
    "account_state_warn": "tayyor, lekin bir qarab qoʻying",
    "account_state_paused": "pauzada",
    "account_state_reconnect": "qayta ulash kerak",
    "account_state_resting": "{until} gacha dam olyapti",
}

PAGE: Sentences = {
    "account_head": "{mark} <b>{name}</b> · {platform} · {account_id}-akkaunt",
    "account_says_ok": "Joylashga tayyor.",
    "account_says_warn": "Joylashga tayyor, lekin quyidagilarga eʼtibor bering.",
    "account_says_paused": (
        "Pauzada: yangisi boshlanmaydi. Kutayotganlar pauza olinganda davom etadi."
    ),
    "account_says_reconnect": "Qayta ulash kerak: {trouble}. Ungacha videolari kutadi.",
    "account_says_resting": "{until} gacha dam olyapti: xatolardan keyin yoki tanaffus uchun.",
    "account_refused": "kirishi rad etilyapti",
    "account_renews": "Kirish: oʻzi uzayadi, hozirgisi {until} gacha amal qiladi.",
    "account_renews_until": (
        "Kirish: oʻzi uzayadi, lekin koʻpi bilan {end} gacha; keyin akkauntni qayta ulang."
    ),
    "account_good_until": "Kirish: {end} gacha amal qiladi; keyin akkauntni qayta ulang.",
    "account_no_end": "Kirish: tugash vaqti maʼlum emas.",
    "account_renewed": "Oxirgi uzaytirish: {at}.",
    "account_lacks": "Kirishda ruxsat berilmagan, shuning uchun ishlamaydi: {what}.",
    "account_cannot_publish": "joylash ({scopes})",
    "account_last_live": "Oxirgi video: joylandi, {at}. {url}",
    "account_last_failed": "Oxirgi video: chiqmadi, {at}. {why}",
    "account_last_cancelled": "Oxirgi video: bekor qilindi, {at}.",
    "account_last_none": "Bu yerda hali birorta video yakunlanmagan.",
    "account_score": "Soʻnggi paytda {score}% muvaffaqiyatli.",
    "account_is_target": "<b>to:</b> qatori yoʻq video bu yerga ham joylanadi.",
    "account_no_target": "Bu yerga faqat nomi yozilgan videolar joylanadi.",
    "account_defaults": "Odatiy qiymatlar: {defaults}.",
    "account_no_defaults": "Oʻzining odatiy qiymatlari yoʻq.",
    "account_default": "{word} {value}",
    "account_from_settings": "U config.py da yozilgan.",
    "account_checked": "✔️ Hozirgina tekshirildi: ishlayapti.",
    "account_check_failed": "✖️ Hozirgina tekshirildi: {why}.",
    "account_pause_note": "Hozir yuborilayotgani oxirigacha yuboriladi.",
    "account_rename_how": "Yangi nomini yozing: <code>/account {account_id} name Yangi nom</code>",
    "account_tags_how": (
        "Teglarini yozing: <code>/account {account_id} tags bir, ikki</code>; olib tashlash uchun "
        "oʻrniga chiziqcha qoʻying."
    ),
    "account_disconnect_ask": (
        "<b>{name}</b> ({platform}) uzilsinmi? Karvon ruxsatni qaytaradi va kirishni unutadi. Uni "
        "kutayotgan narsa yoʻq, joylangani joyida qoladi."
    ),
    "account_disconnect_ask_waiting": (
        "<b>{name}</b> ({platform}) uzilsinmi? Karvon ruxsatni qaytaradi, kirishni unutadi, uni "
        "kutayotganlar esa chiqmaydi: {waiting}. Joylangani joyida qoladi."
    ),
    "account_gone": "🔌 <b>{name}</b> ({platform}) uzildi, kirishi unutildi.",
    "account_gone_by_hand": (
        "Ruxsatni qaytarib boʻlmadi: {why}. Uni oʻzingiz olib tashlang: {remove_at}."
    ),
    "account_gone_uploads": "Uni kutgani uchun chiqmadi: {failed}.",
    "account_gone_returns": (
        "U config.py da yozilgan va keyingi ishga tushishda qaytadi. U yerdan ham olib tashlang."
    ),
}

BUTTONS: Sentences = {
    "button_reconnect": "🔑 Qayta ulash",
    "button_account": "{mark} {name}",
    "button_account_pause": "⏸ Pauza",
    "button_account_resume": "▶️ Davom ettirish",
    "button_account_check": "🔎 Tekshirish",
    "button_account_target_on": "🎯 Bu yerga: ha",
    "button_account_target_off": "🎯 Bu yerga: nomi aytilsa",
    "button_account_default": "{word}: {value}",
    "button_account_rename": "✏️ Nomi",
    "button_account_tags": "#️⃣ Teglar",
    "button_account_disconnect": "🔌 Uzish",
    "button_account_leave": "🔌 Ha, uzilsin",
    "button_account_keep": "Yoʻq, qolsin",
    "button_account_list": "‹ Barcha akkauntlar",
    "account_unset": "odatdagidek",
}

REFUSALS: Sentences = {
    "account_unknown": "“{given}” degan akkaunt yoʻq. Barchasi: /accounts",
    "account_ambiguous": "“{given}” nomli akkaunt bir nechta: {places}. Raqamini yozing.",
    "account_not_yours": "Bu akkauntni faqat admin yoki uni ulagan odam oʻzgartira oladi.",
    "account_not_pausable": (
        "<b>{account}</b> akkauntini pauzaga qoʻyib boʻlmaydi: u allaqachon pauzada yoki avval "
        "qayta ulanishi kerak. Batafsil: /accounts"
    ),
    "account_not_paused": "<b>{account}</b> pauzada emas. Holati: /accounts",
    "account_bad_name": (
        "Koʻpi bilan {limit} belgili, raqam boʻlmagan nom yozing, masalan <code>/account 3 name "
        "Mening kanalim</code>."
    ),
    "account_name_taken": (
        "Shu platformaning {account_id}-akkaunti allaqachon “{name}” deb ataladi."
    ),
    "account_usage": (
        "Akkaunt raqamini yozing: <code>/account 3</code>. Oʻzgartirish uchun shulardan birini "
        "qoʻshing: <code>name Yangi nom</code>, <code>privacy private</code>, <code>tags bir, "
        "ikki</code>, <code>target on</code>, <code>pause</code>, <code>resume</code>, "
        "<code>check</code>, <code>disconnect</code> yoki <code>ai yes</code> kabi parametr. "
        "Qiymat oʻrniga chiziqcha odatiy qiymatni olib tashlaydi. Barchasi: /accounts"
    ),
    "account_bad_value": "{word} uchun “{given}” toʻgʻri kelmaydi. Mumkin: {known}.",
    "account_no_value": (
        "{word} dan keyin qiymat yozing: {known}; yoki odatiy qiymatni olib tashlash uchun "
        "chiziqcha."
    ),
    "account_no_option": "{platform}: “{word}” degan parametr yoʻq. Borlari: {known}.",
}

SENTENCES: Sentences = {**NEWS, **LIST, **PAGE, **BUTTONS, **REFUSALS}
