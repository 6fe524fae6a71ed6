"""Uzbek sentences about doctor."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

CHAT: Sentences = {
    "cmd_doctor": "nima notoʻgʻri va nima qilish kerak (adminlar)",
    "doctor_head_ok": "🩺 <b>Hammasi joyida</b>",
    "doctor_head_warning": "🩺 <b>Ishlayapti, lekin bunga qarang</b>",
    "doctor_head_broken": "🩺 <b>Nimadir buzilgan</b>",
    "doctor_line_ok": "✅ {text}",
    "doctor_line_warning": "⚠️ {text}\n→ {remedy}",
    "doctor_line_broken": "❌ {text}\n→ {remedy}",
    "doctor_more": {
        "one": "… yana {count} ta qator; hammasini <code>karvon doctor</code> koʻrsatadi.",
        "other": "… yana {count} ta qator; hammasini <code>karvon doctor</code> koʻrsatadi.",
    },
    "button_doctor_connect": "🔑 Ulash: {account}",
    "button_doctor_resume": "▶️ Davom ettirish: {account}",
    "button_doctor_retry": "🔁 Chiqmaganiga qayta urinish",
    "button_doctor_drop_webhook": "✂️ Vebhukni oʻchirish",
    "button_doctor_backup": "💾 Nusxa olish",
    "button_doctor_again": "🩺 Yana tekshirish",
    "button_doctor_report": "📄 Ulashish uchun hisobot",
    "doctor_resumed": "▶️ {account} davom etyapti.",
    "doctor_webhook_dropped": "✂️ Vebhuk oʻchirildi, yangilanishlar endi soʻrab olinadi.",
    "doctor_backed_up": (
        "💾 Nusxa olindi: <code>{path}</code> ({size}). Undagi tokenlar shifrlangan, kalitlarning "
        "oʻzi unda yoʻq. <code>keys.json</code> va <code>keys.retired.json</code> ni boshqa joyda "
        "saqlang."
    ),
    "doctor_backup_failed": "Nusxa olib boʻlmadi: {why}",
    "doctor_report": "Sirlar, nomlar va raqamlarsiz hisobot. Ulashishdan oldin koʻrib chiqing.",
    "doctor_report_failed": (
        "Telegram hisobotni olmadi ({why}). Uni <code>karvon doctor --report FILE</code> bilan "
        "oling."
    ),
    "key_lost": (
        "🔑 <b>{key}</b> kaliti yoʻqolgan, u bilan shu akkauntlarning tokenlari shifrlangan: "
        "{accounts}. Ular kutadi, qolgani ishlayveradi. Kalitni <code>karvon keys restore "
        "FILE</code> bilan qaytaring (eski keys.json dan) yoki akkauntlarni qayta ulang."
    ),
}

MACHINE: Sentences = {
    "doctor_tools": "Media vositalari: {ffmpeg}, {ffprobe}",
    "doctor_no_tools": "Media vositalari yoʻq: {why}",
    "doctor_no_tools_do": "ffmpeg oʻrnating yoki KARVON_FFMPEG va KARVON_FFPROBE ni kiriting.",
    "doctor_disk": "Disk: {free} boʻsh, {kept} zaxirada turadi",
    "doctor_disk_narrow": "Disk deyarli toʻlgan: {free} boʻsh, {kept} zaxirada turadi",
    "doctor_disk_narrow_do": "Joy boʻshating: zaxiradan kam qolsa, hech narsa olinmaydi.",
    "doctor_disk_full": "Disk toʻlgan: {free} boʻsh, {kept} esa zaxirada turishi kerak",
    "doctor_disk_full_do": (
        "Joy boʻshating yoki min_free_disk ni kamaytiring; yuklashlar shu orada kutadi."
    ),
    "doctor_blind": "Tekshirib boʻlmadi: {part} ({why})",
    "doctor_blind_do": "Bu dastur xatosi: jurnal bilan birga xabar bering.",
    "doctor_running": {
        "one": "Karvon ishlayapti, {count} ta post ochiq",
        "other": "Karvon ishlayapti, {count} ta post ochiq",
    },
    "doctor_not_running": "Karvon ishlamayapti",
    "doctor_not_running_do": "Ishga tushiring: karvon run",
    "doctor_process_silent": "Karvon ishlayapti, lekin javob bermayapti: {why}",
    "doctor_process_silent_do": "Jurnaliga qarang, toʻxtatib, qayta ishga tushiring.",
}

KEYS: Sentences = {
    "doctor_keys": {
        "one": "Kalitlar: {current} shifrlaydi, {count} ta qiymat shifrlangan",
        "other": "Kalitlar: {current} shifrlaydi, {count} ta qiymat shifrlangan",
    },
    "doctor_keys_readable": "Kalitlar: oʻqiladi, {current} shifrlaydi",
    "doctor_no_keys": "Kalitlar: birinchi ishga tushishda yaratiladi",
    "doctor_keys_gone": "keys.json yoʻq, tokenlar esa shu kalitlar bilan shifrlangan: {keys}",
    "doctor_keys_gone_do": (
        "Keyingi ishga tushishdan oldin keys.json ni maʼlumotlar papkasiga qaytaring yoki barcha "
        "akkauntlarni qayta ulang."
    ),
    "doctor_bad_keys": "Kalitlarni oʻqib boʻlmadi: {why}",
    "doctor_bad_keys_do": "Maʼlumotlar papkasiga yaroqli keys.json ni qoʻying.",
    "doctor_lost_key": "{key} kaliti yoʻqolgan: {accounts} tokenlarini ochib boʻlmaydi",
    "doctor_lost_key_do": (
        "Uni qaytaring: karvon keys restore FILE (eski keys.json dan). Yoki bu akkauntlarni qayta "
        "ulang."
    ),
    "doctor_damaged_tokens": "{accounts}: shifrlangan tokenlar oʻzgartirilgan",
    "doctor_damaged_tokens_do": "Bu akkauntlarni qayta ulang.",
    "doctor_older_keys": "{keys} hali nimanidir shifrlab turibdi, joriy kalit esa {current}",
    "doctor_older_keys_do": "Almashtirishni tugating: karvon keys rotate",
    "doctor_open_keys": "Bu mashinadagi boshqalar {path} faylini oʻqiy oladi",
    "doctor_open_keys_do": (
        "Uni yoping (chmod 600), keyin kalitlarni almashtiring: karvon keys rotate"
    ),
    "doctor_stray_keys": "{folder} papkasidagi bu fayllar kalit nusxalariga oʻxshaydi: {files}",
    "doctor_stray_keys_do": (
        "Ularni bu mashinadan tashqaridagi xavfsiz joyga koʻchiring yoki oʻchiring."
    ),
}

DATABASE: Sentences = {
    "doctor_database": {
        "one": "Maʼlumotlar bazasi: soz, {size}, jurnali {wal}, {count} ta post",
        "other": "Maʼlumotlar bazasi: soz, {size}, jurnali {wal}, {count} ta post",
    },
    "doctor_no_database": "Maʼlumotlar bazasi: birinchi ishga tushishda yaratiladi",
    "doctor_bad_database": "Maʼlumotlar bazasi buzilgan: {why}",
    "doctor_bad_database_do": "Nusxadan tiklang: karvon restore FILE",
    "doctor_swollen_database": {
        "one": "Baza jurnali {wal} ga yetdi ({size}, {count} ta post)",
        "other": "Baza jurnali {wal} ga yetdi ({size}, {count} ta post)",
    },
    "doctor_swollen_database_do": (
        "Bazani ochib turgan boshqa dasturlarni yoping, keyin Karvonni qayta ishga tushiring."
    ),
    "doctor_backup": "Zaxira nusxa: {age} oldin olingan",
    "doctor_no_backup": "Zaxira nusxa yoʻq",
    "doctor_no_backup_do": "Nusxa oling: karvon backup FILE, va uni cron takrorlasin.",
    "doctor_old_backup": "Oxirgi zaxira nusxa {age} oldin olingan",
    "doctor_old_backup_do": "Nusxa oling: karvon backup FILE, va uni cron takrorlasin.",
}

OUTSIDE: Sentences = {
    "doctor_no_token": "Bot tokeni berilmagan",
    "doctor_no_token_do": "Uni @BotFather dan oling va telegram.token ga kiriting.",
    "doctor_bot_api_down": "{base} manzilidagi Bot API javob bermayapti ({why})",
    "doctor_bot_api_down_do": "Tarmoqni va telegram.api_base ni tekshiring.",
    "doctor_bot_api_refuses": "{base} manzilidagi Bot API rad etyapti: {why}",
    "doctor_bot_api_refuses_do": "telegram.token va telegram.api_base ni tekshiring.",
    "doctor_bot_cloud": "Telegram: {bot}, 20 MB gacha fayllar (mahalliy Bot API serverisiz)",
    "doctor_bot_local": "Telegram: {bot} mahalliy Bot API serverida, 2000 MB gacha fayllar",
    "doctor_wrong_mode": (
        "telegram.local_files yoqilgan, lekin {bot} Telegramning oʻz serveridan foydalanyapti"
    ),
    "doctor_wrong_mode_do": (
        "telegram.api_base ga mahalliy Bot API serveringizni kiriting yoki local_files ni "
        "oʻchiring."
    ),
    "doctor_no_webhook_info": "Yangilanishlar qanday kelishini soʻrab boʻlmadi ({why})",
    "doctor_no_webhook_info_do": "Birozdan keyin yana tekshiring.",
    "doctor_webhook_in_the_way": (
        "Vebhuk oʻrnatilgan, shuning uchun yangilanishlarni soʻrab olib boʻlmayapti"
    ),
    "doctor_webhook_in_the_way_do": (
        "Vebhukni oʻchiring yoki Karvonni qayta ishga tushiring, oʻzi oʻchiradi."
    ),
    "doctor_webhook_elsewhere": (
        "Telegram yangilanishlarni web.public_url ga emas, boshqa manzilga yuboryapti"
    ),
    "doctor_webhook_elsewhere_do": (
        "Karvonni qayta ishga tushiring, oʻzinikini oʻrnatadi; botdan boshqa dastur foydalansa, "
        "unga boshqa bot bering."
    ),
    "doctor_no_webhook": "Vebhuk oʻrnatilmagan, yangilanishlar kelmayapti",
    "doctor_no_webhook_do": (
        "Karvonni qayta ishga tushiring, oʻrnatadi; yordam bermasa, jurnaliga qarang."
    ),
    "doctor_webhook_fails": "{ago} oldin Telegram vebhukka yetolmadi: {why}",
    "doctor_webhook_fails_do": (
        "web.public_url, uning sertifikati va Karvonga olib boradigan yoʻlni tekshiring."
    ),
    "doctor_many_updates": {
        "one": "Telegramda {count} ta yangilanish kutyapti",
        "other": "Telegramda {count} ta yangilanish kutyapti",
    },
    "doctor_many_updates_do": "Bir daqiqa kutib, yana tekshiring; kamaymasa, jurnalga qarang.",
    "doctor_updates_polling": {
        "one": "Yangilanishlar: soʻrab olinadi, {count} ta kutyapti",
        "other": "Yangilanishlar: soʻrab olinadi, {count} ta kutyapti",
    },
    "doctor_updates_webhook": {
        "one": "Yangilanishlar: vebhuk orqali, {count} ta kutyapti",
        "other": "Yangilanishlar: vebhuk orqali, {count} ta kutyapti",
    },
    "doctor_clock": "Soat: toʻgʻri",
    "doctor_no_clock": "Soatni solishtirib boʻlmadi: hech kim javob bermadi",
    "doctor_no_clock_do": "Tarmoqni tekshiring.",
    "doctor_skewed_clock": "Soat {skew} {way}",
    "clock_ahead": "oldinda",
    "clock_behind": "orqada",
    "doctor_skewed_clock_do": "Tizim vaqtni tarmoqdan olsin (NTP).",
    "doctor_wrong_clock": (
        "Soat {skew} {way}: muddati oʻtgan tokenlar yaroqli koʻrinadi, kirish boʻlmaydi, postlar "
        "notoʻgʻri vaqtda chiqadi"
    ),
    "doctor_wrong_clock_do": (
        "Tizim vaqtni tarmoqdan olsin (NTP), keyin Karvonni qayta ishga tushiring."
    ),
    "doctor_no_public_url": "Veb: faqat shu mashinada (web.public_url yoʻq)",
    "doctor_public_url_not_asked": "Veb: {url}, faqat Karvon ishlab turganda soʻraladi",
    "doctor_reached": "Veb: {url} orqali yetib boriladi",
    "doctor_not_reached": "Veb: {url} Karvonga olib bormayapti ({why})",
    "doctor_not_reached_do": (
        "Uni {listen} ga yoʻnaltiring (web.listen) yoki web.public_url ni tuzating."
    ),
    "doctor_no_https": "Veb: {url} https manzil emas; Telegram boshqa vebhukni chaqirmaydi",
    "doctor_no_https_do": (
        "Karvonni https ortiga qoʻying yoki telegram.webhook_secret ni olib tashlang."
    ),
}

BUSINESS: Sentences = {
    "doctor_accounts": {
        "one": "Akkauntlar: {count} ta ulangan",
        "other": "Akkauntlar: {count} ta ulangan",
    },
    "doctor_accounts_set": {
        "one": "Akkauntlar: sozlamalarda {count} ta",
        "other": "Akkauntlar: sozlamalarda {count} ta",
    },
    "doctor_no_accounts": "Birorta akkaunt ulanmagan",
    "doctor_no_accounts_do": "Ulang: chatda /connect yoki karvon account connect.",
    "doctor_accounts_to_connect": "Qayta ulanishi kerak boʻlgan akkauntlar: {accounts}",
    "doctor_accounts_to_connect_do": "Ularni ulang: chatda /connect yoki karvon account connect.",
    "doctor_accounts_broken": {
        "one": "Yagona akkaunt joylay olmayapti",
        "other": "{count} ta akkauntdan baʼzilari joylay olmayapti",
    },
    "doctor_accounts_broken_do": "Ularning oʻz qatorlariga qarang.",
    "doctor_account_out": "{platform} · {account}: qayta ulash kerak ({why})",
    "doctor_account_out_do": "Uni ulang: /connect. Yuklashlari kutadi va oʻzi davom etadi.",
    "doctor_account_paused": "{platform} · {account}: pauzada",
    "doctor_account_paused_do": "Yana joylashi kerak boʻlganda davom ettiring.",
    "doctor_account_scopes": "{platform} · {account}: joylay olmaydi, yetishmaydi: {scopes}",
    "doctor_account_scopes_do": "Qayta ulang va soʻralgan hamma narsaga ruxsat bering.",
    "doctor_account_operations": "{platform} · {account}: ruxsat yoʻq: {operations}",
    "doctor_account_operations_do": "Qayta ulang va soʻralgan hamma narsaga ruxsat bering.",
    "doctor_account_ended": "{platform} · {account}: kirishi {ago} oldin tugagan",
    "doctor_account_ended_do": "Qayta ulang: /connect",
    "doctor_account_ends": "{platform} · {account}: kirishi {left} dan keyin tugaydi",
    "doctor_account_ends_do": "Ungacha qayta ulang: /connect",
    "doctor_account_not_renewed": (
        "{platform} · {account}: tokeni {ago} oldin tugagan va uzaytirilmagan"
    ),
    "doctor_account_not_renewed_do": "Keyingi yuklashda yana uriniladi; boʻlmasa, qayta ulang.",
    "doctor_quotas": "Kvotalar: hamma joyda yetarli",
    "doctor_quota_low": "{platform} · {account}: {limit} tadan {used} ishlatildi ({what})",
    "doctor_quota_low_do": "Joy {until} da boʻshaydi; videolarni koʻproq akkauntga taqsimlang.",
    "doctor_quota_out": "{platform} · {account}: kvota tugadi ({what}: {used}/{limit})",
    "doctor_quota_out_do": "Yuklashlar kutadi va {until} da davom etadi.",
    "doctor_outbox": "Xabarlar: kechikayotgani yoʻq",
    "doctor_late_outbox": {
        "one": "{count} ta xabar Telegramni {age} kutyapti",
        "other": "{count} ta xabar Telegramni kutyapti, eng eskisi {age}",
    },
    "doctor_late_outbox_do": "Ular oʻzi ketadi; ketmasa, jurnalga qarang.",
    "doctor_no_decisions": "Qarorlar: kutilayotgani yoʻq",
    "doctor_decisions": {
        "one": "{count} ta yuklash qaror kutyapti",
        "other": "{count} ta yuklash qaror kutyapti",
    },
    "doctor_decisions_do": "U yerga qarang va kartochka tugmasini bosing: /post {post_id}",
    "doctor_no_failures": "Yuklashlar: 24 soatda xato yoʻq",
    "doctor_failures": {
        "one": "24 soatda {count} ta yuklash chiqmadi",
        "other": "24 soatda {count} ta yuklash chiqmadi",
    },
    "doctor_failures_do": "Sababi: /queue va /post. Tuzatib, qayta urining.",
    "doctor_renders": "Mashuplar: navbatdan boshqa kutish yoʻq, 24 soatda xato yoʻq",
    "doctor_late_renders": {
        "one": "{count} ta mashup kutyapti: disk toʻla yoki xatodan keyin yana urinib koʻriladi",
        "other": "{count} ta mashup kutyapti: disk toʻla yoki xatodan keyin yana urinib koʻriladi",
    },
    "doctor_late_renders_do": "Qaysi biri va sababi: /renders. Diskda joy boʻshating.",
    "doctor_failed_renders": {
        "one": "24 soatda {count} ta mashup chiqmadi",
        "other": "24 soatda {count} ta mashup chiqmadi",
    },
    "doctor_failed_renders_do": "Sababi: /renders. Tuzatib, qayta urining.",
    "doctor_library": {
        "one": "Kutubxona: {count} ta fayl ({size}), joyi {storage}",
        "other": "Kutubxona: {count} ta fayl ({size}), joyi {storage}",
    },
    "doctor_library_unmoved": {
        "one": (
            "Kutubxonaning {count} ta fayli ({size}) hali {storage} da emas, "
            "yangilari oʻsha yerga tushadi"
        ),
        "other": (
            "Kutubxonaning {count} ta fayli ({size}) hali {storage} da emas, "
            "yangilari oʻsha yerga tushadi"
        ),
    },
    "doctor_library_unmoved_do": "Hozir koʻchirish ketmayotgan boʻlsa, davom ettiring: {command}",
    "doctor_library_bad_setting": "storage.url media uchun joyni koʻrsatmayapti: {url}",
    "doctor_library_bad_setting_do": (
        "file:///PAPKA, s3://BUCKET/PREFIX yoki cloudinary://CLOUD/PAPKA deb kiriting."
    ),
}

SENTENCES: Sentences = {**CHAT, **MACHINE, **KEYS, **DATABASE, **OUTSIDE, **BUSINESS}
