"""Uzbek sentences about videos, the queue and the bot itself."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

FIRST_CONTACT: Sentences = {
    "start": (
        "👋 Menga izohli video yuboring, men uni shu yerlarga joylayman: {targets}.\n\nSarlavha, "
        "tavsif va teglar izohdan tuziladi. Izohda yana nimalar yozish mumkin: /help"
    ),
    "start_no_account": (
        "👋 Menga izohli video yuboring, men uni joylayman.\n\nHozircha birorta kanal ulanmagan. "
        "Ulash: /connect"
    ),
    "help": (
        "<b>Izohli video yuboring</b>: video, fayl, dumaloq video yoki albom koʻrinishida. Video "
        "faylga havola ham boʻladi. Izohda quyidagi qatorlarni tushunaman:\n\n<code>to: youtube, "
        "tiktok</code> – faqat oʻsha yerga\n<code>title: …</code> – aynan shu "
        "sarlavha\n<code>privacy: private</code> – yoki public, unlisted, followers, "
        "friends\n<code>at: 18:30</code> – qachon; <code>at: tomorrow 9:00</code> ham "
        "mumkin\n<code>channel: @name</code> – qaysi Telegram kanalga\n<code>tags: a, b</code> – "
        "teglar; #heshteglar ham saqlanadi\n/help options – ayrim platformalar uchun boshqa "
        "qatorlar\n\n/scrape URL – sahifadagi videolarni chiqarish\n"
        "/status – hozir nima boʻlyapti\n/queue – navbat, tugmalari bilan\n/post 12 – "
        "bitta post haqida hammasi\n/cancel 12 – postni toʻxtatish\n/retry 12 – chiqmaganiga "
        "qayta urinish\n/failed – nimalar chiqmagani, sabablari boʻyicha\n/waiting – javobingizni "
        "kutayotganlar\n/diagnostics – qanday oʻtdi va nima yordam beradi\n\n/connect – kanal, "
        "sahifa yoki profilni ulash\n/accounts – ulangan akkauntlar va ularning "
        "sozlamalari\n/groups – bitta nom ostida bir nechta akkaunt\n/limits – qancha ishlatildi, "
        "qancha qoldi va kutayotganlar qachon chiqadi"
    ),
    "help_admin": (
        "/doctor – nima notoʻgʻri va nima qilish kerak (adminlar uchun)\n/clear – navbatni yoki "
        "jurnallarni tozalash (adminlar uchun)"
    ),
    "stranger": (
        "Kechirasiz, bu bot faqat bir necha kishi uchun ishlaydi. Foydalanish uchun egasidan ID "
        "raqamingiz <code>{user_id}</code> ni <code>telegram.users</code> ga qoʻshishni soʻrang."
    ),
    "nobody_allowed": (
        "👋 Bu botdan hozircha hech kim foydalana olmaydi. ID raqamingiz: <code>{user_id}</code>. "
        "Bot sizniki boʻlsa, uni config.py dagi <code>telegram.admins</code> ga yozing yoki "
        "Karvonni <code>KARVON_TELEGRAM__ADMINS=[{user_id}]</code> bilan ishga tushiring."
    ),
    "admins_only": "Buni faqat admin qila oladi. Adminlarni egasi config.py da qoʻshadi.",
    "cmd_start": "bu bot nima qila oladi",
    "cmd_help": "izohda nimalar yozish mumkin",
    "cmd_status": "hozir nima boʻlyapti",
    "cmd_queue": "navbat, tugmalari bilan",
    "cmd_post": "bitta post haqida hammasi",
    "cmd_cancel": "postni toʻxtatish",
    "cmd_retry": "chiqmaganiga qayta urinish",
    "cmd_diagnostics": "qanday oʻtdi va nima yordam beradi",
    "cmd_clear": "navbat yoki jurnallarni tozalash",
}

REFUSALS: Sentences = {
    "not_a_video": "Bu video emas. MP4, MOV yoki WebM fayl yoki unga havola yuboring.",
    "photo_only": "Bu rasm. Video yuboring, matnini esa izohga yozing.",
    "audio_only": "Bu tasvirsiz ovoz. Video yuboring.",
    "text_only": (
        "Menga izohli video yuboring. Savolga javob berish uchun oʻsha xabarga javob yozing. "
        "Batafsil: /help"
    ),
    "other_only": "Buni joylay olmayman. Izohli video yuboring.",
    "many_drafts": "Bir nechta videongiz matn kutyapti. Keraklisining xabariga javob yozing.",
    "unknown_command": "Bunday buyruqni bilmayman. Buyruqlar: /help",
    "empty_file": "Fayl boʻsh (0 bayt). Uni yana yuboring.",
    "too_big_for_cloud": (
        "Fayl hajmi {size}, Telegram esa botlarga faqat {limit} gacha fayl beradi. Uch yoʻli bor: "
        "kichikroq nusxasini yuboring, faylga havola yuboring yoki Karvonga mahalliy Bot API "
        "serverini ulang (<code>telegram.api_base</code> va <code>telegram.local_files</code>)."
    ),
    "fits_nowhere": (
        "Bu video hech qaysi platformaga toʻgʻri kelmadi:\n{reasons}\nVideoni oʻzgartirib, yana "
        "yuboring."
    ),
    "disk_full": (
        "Karvon diskida bu video uchun joy yoʻq. Joy boʻshating yoki <code>min_free_disk</code> "
        "ni kamaytiring, keyin yana yuboring."
    ),
    "no_account": (
        "Joylash uchun kanal ulanmagan. Uni /connect bilan ulang (terminalda <code>karvon account "
        "connect</code>), keyin videoni yana yuboring."
    ),
    "no_account_there": (
        "{platform} akkaunti ulanmagan. Uni <code>to:</code> qatoridan olib tashlang yoki "
        "akkauntni ulang: /connect"
    ),
    "unknown_target": (
        "<b>{target}</b> degan platforma, akkaunt yoki guruh yoʻq. Borlari: {known}. "
        "<code>to:</code> qatorini tuzatib, yana yuboring."
    ),
    "unknown_channel": "<b>{channel}</b> degan kanalni bilmayman. Ulanganlari: {known}.",
    "privacy_not_offered": (
        "{platform}: “{privacy}” yoʻq, borlari: {known}. <code>privacy:</code> ni oʻzgartiring "
        "yoki <code>to:</code> qatori bilan {platform} ni chetda qoldiring."
    ),
    "unknown_line": (
        "“{line}” qatorini tushunmadim. Balki <b>{suggestion}:</b>? Tuzatib, yana "
        "yuboring. Izohda nimalar yozish mumkin: /help"
    ),
    "unknown_word": (
        "“{line}” qatorini hozircha bajara olmayman. Uni olib tashlab, yana yuboring. "
        "Izohda nimalar yozish mumkin: /help"
    ),
    "bad_time": (
        "“{given}” vaqtini tushunmadim. <code>at: 18:30</code>, <code>at: tomorrow 9:00</code> "
        "yoki <code>at: 2026-12-01 18:30</code> deb yozing."
    ),
    "time_in_past": (
        "{given} oʻtib ketgan (hozir {now}, {zone}). Keyinroq vaqtni yozing yoki qatorni olib "
        "tashlang."
    ),
    "time_twice": (
        "Oʻsha kecha soat orqaga suriladi va {given} ikki marta keladi. Farqi bilan yozing, "
        "masalan <code>at: 2026-10-25 02:30+02:00</code>."
    ),
    "time_skipped": "{given} degan vaqt boʻlmaydi: soat oldinga suriladi. Boshqa vaqt yozing.",
    "bad_privacy": "“{given}” degan variant yoʻq. Borlari: {known}.",
    "empty_value": (
        "<b>{word}:</b> qatorida hech narsa yozilmagan. Qiymatini yozing yoki qatorni olib "
        "tashlang."
    ),
    "not_allowed": "Bu boshqa odamning posti. Sizniki: /queue",
    "unknown_post": "{post_id}-post yoʻq. Postlaringiz: /queue",
    "already_final": "{post_id}-post allaqachon tugagan. Natijasi: /post {post_id}",
    "not_failed": "{post_id}-postda xato yoʻq. Holati: /post {post_id}",
    "not_unknown": "Bu allaqachon hal qilingan. Keyin nima boʻlgani: /post {post_id}",
    "nothing_left": (
        "Unda joylaydigan narsa qolmaydi. “Yana joylash” yoki “Shunday qolsin” ni tanlang."
    ),
    "already_there": (
        "Bu fayl u yerda bor ({post_id}-post). Yana joylash uchun --again ni qoʻshing."
    ),
    "no_such_file": "{path}: bunday fayl yoʻq. Yoʻlni tekshiring.",
    "bad_url": (
        "Bu havola toʻgʻri kelmaydi. http:// yoki https:// bilan boshlanadiganini yuboring."
    ),
    "refused": "Buni qilib boʻlmaydi: {what} {facts}. Nimalar mumkin: /help",
    "bad_id": "“{given}” post raqami emas. <code>/post 12</code> kabi yozing. Raqamlar: /queue",
    "place_reason": "• {platform}: {why}",
    "internal": (
        "Karvon ichida nimadir buzildi, jurnaldagi raqami: <code>{id}</code>. Hech narsa "
        "yoʻqolmadi. Yana urinib koʻring, yordam bermasa, shu raqamni egasiga ayting."
    ),
    "old_button": "Bu tugma eskirgan. Hozir nima qilish mumkin: /queue",
}

QUESTIONS: Sentences = {
    "ask_caption": "Bu video nima haqida? Izoh yozib javob bering yoki fayl nomini qoʻying.",
    "ask_duplicate": "Bu fayl allaqachon bor:\n{places}\nYana joylaymi?",
    "place": "{platform} · {account}",
    "title": "{title}",
    "place_live": "• {platform} · {account}: {url}",
    "place_there": "• {platform} · {account}: joylangan",
    "place_running": "• {platform} · {account}: joylanmoqda",
    "button_nocaption": "Fayl nomini qoʻyish",
    "button_again": "Yana joylash",
    "button_skip": "Faqat yoʻq joylarga",
    "button_cancel": "Shunday qolsin",
    "button_stop": "✖️ Bekor qilish",
    "button_retry": "🔁 Qayta urinish",
    "button_force": "⏩ Hozir",
    "button_live": "✅ {platform}: u yerda bor",
    "button_resend": "🔁 {platform}: yana yuborish",
    "button_next": "Keyingi ›",
    "button_back": "‹ Orqaga",
    "button_clear_queue": "Navbat",
    "button_clear_logs": "Jurnallar",
    "button_clear_both": "Ikkalasi",
    "draft_cancelled": "Shunday qoldi, hech narsa joylanmaydi.",
}

CARD: Sentences = {
    "card_accepted": "✅ <b>Qabul qilindi</b> · {post_id}-post",
    "card_draft": "❔ <b>Javobingizni kutyapman</b> · {post_id}-post",
    "card_running": "▶️ <b>Qabul qilindi, ishlanyapti</b> · {post_id}-post",
    "card_done": "🎉 <b>Hamma joyga joylandi</b> · {post_id}-post",
    "card_partly_failed": "⚠️ <b>Joylandi, lekin hamma joyga emas</b> · {post_id}-post",
    "card_failed": "❌ <b>Joylanmadi</b> · {post_id}-post",
    "card_cancelled": "🚫 <b>Bekor qilindi</b> · {post_id}-post",
    "card_scheduled": "🕒 <b>Yuklandi, vaqti kelganda ochiladi</b> · {post_id}-post",
    "card_first": "✅ <b>Qabul qilindi</b>, shu orada esa:",
    "card_fetch": "⬇️ Olinmoqda: {size} dan {percent} · {speed}",
    "card_fetch_left": "⬇️ Olinmoqda: {size} dan {percent} · {speed} · {eta} qoldi",
    "card_fetch_unsized": "⬇️ Olinmoqda, hozircha {done} · {speed}",
    "card_more": {
        "one": "… yana {count} ta qator: /post {post_id}",
        "other": "… yana {count} ta qator: /post {post_id}",
    },
    "card_fetch_wait": "⏳ {why}, keyingi urinish: {until}",
    "card_fallback": "✏️ Matnlar izohingizdan tuzildi: {why}",
    "ai_no_key": "SI kaliti berilmagan",
    "ai_slow": "SI vaqtida javob bermadi",
    "ai_error": "SI bilan bogʻlanib boʻlmadi",
    "ai_junk": "SI yaroqli javob bermadi",
    "upload_uploading": "⬆️ {place}: yuklanmoqda{progress}",
    "upload_committing": "⬆️ {place}: oxirgi baytlar ketyapti, joylanmoqda",
    "upload_waiting": "⏳ {place}: qabul qilindi",
    "upload_stopping": "🚫 {place}: bekor qilinmoqda",
    "upload_processing": "⚙️ {place}: yuklandi, {platform} ishlov beryapti{progress}",
    "upload_live": "✅ {place}: joylandi{visibility}",
    "upload_live_link": '✅ {place}: <a href="{url}">joylandi</a>{visibility}\n{url}',
    "upload_failed": "❌ {place}: chiqmadi. {why}",
    "upload_cancelled": "🚫 {place}: bekor qilindi, hech narsa joylanmadi",
    "upload_unknown": "❓ {place}: javob yoʻqoldi; yana soʻralyapti: {platform}{until}",
    "upload_unknown_person": (
        "❓ {place}: javob yoʻqoldi va soʻrab boʻlmaydi. Oʻzingiz qarang: video joylanganmi?"
    ),
    "wait_media": "⏳ {place}: videoni kutyapti",
    "wait_turn": "⏳ {place}: navbatini kutyapti",
    "wait_time": "🕒 {place}: {until} da boshlanadi",
    "wait_quota": "⏳ {place}: kvota tugadi, {until} da davom etadi",
    "wait_cooldown": "⏳ {place}: {platform} {until} gacha tanaffus soʻrayapti",
    "wait_retry": "🔁 {place}: {until} da yana urinadi. {why}",
    "wait_account": "🔑 {place}: akkauntni qayta ulash kerak, keyin oʻzi davom etadi",
    "wait_platform": "⚙️ {place}: yuklandi, {platform} tayyorlayapti",
    "wait_person": "❔ {place}: qaroringizni kutyapti",
    "wait_disk": "💾 {place}: disk toʻlgan, {until} da yana qaraladi",
    "progress": " {percent} · {speed} · {eta} qoldi",
    "progress_slow": " {percent}",
    "resumed": " ({percent} dan davom etdi)",
    "visibility": ", {visibility}",
    "visibility_public": "hammaga ochiq",
    "visibility_private": "yopiq: faqat siz koʻrasiz",
    "visibility_unlisted": "havola orqali: havolasi borlar koʻradi",
    "visibility_followers": "faqat obunachilarga",
    "visibility_friends": "faqat doʻstlarga",
    "visibility_draft": "qoralama sifatida: oʻzingiz joylang",
    "visibility_unchecked": "qabul qilindi; hamma koʻra olishini tekshirib boʻlmadi",
    "visibility_moderation": "moderatsiyada: havolasi keyinroq chiqadi",
    "visibility_inbox": "kiruvchilarda: ilovada yakunlang",
    "visibility_members": "kanal aʼzolari uchun",
}

ERRORS: Sentences = {
    "error_transient": "Aloqa uzildi ({text}).",
    "error_rate_limited": "Soʻrovlar juda koʻp ({text}), oʻzi davom etadi.",
    "error_quota_exhausted": "Kunlik kvota tugadi ({text}).",
    "error_auth_expired": "Kirish muddati tugadi ({text}).",
    "error_auth_revoked": "Kirish endi qabul qilinmayapti ({text}). Akkauntni qayta ulang.",
    "error_rejected": "{platform} rad etdi: {text}. Shuni tuzatib, yana yuboring.",
    "error_session_lost": "{platform} bu yuklashni unutgan ({text}), boshidan boshlanadi.",
    "error_unknown_outcome": "Natijasi nomaʼlum ({text}).",
    "error_bug": "Karvon ichida nimadir buzildi ({text}), jurnalga yozildi.",
    "error_source": "Videoni olib boʻlmadi: {text}.",
    "error_duplicate": "Shu video u yerda bor: {text}. “Qayta urinish” uni baribir yana joylaydi.",
    "source_too_big_for_cloud": "Telegram botlarga faqat 20 MB gacha fayl beradi",
    "source_telegram_token": "Telegram bot tokenini qabul qilmayapti",
    "source_telegram_refused": "Telegram faylni endi bermayapti, uni yana yuboring",
    "source_telegram_local_path": (
        "mahalliy Bot API serverining papkasini bu yerdan oʻqib boʻlmayapti"
    ),
    "source_bad_url": "havola toʻgʻri kelmaydi",
    "source_too_many_redirects": (
        "havola bir joydan boshqasiga toʻxtovsiz oʻtyapti; oxirgi manzilni yuboring"
    ),
    "source_not_a_file": (
        "havola video faylga emas, sahifaga olib boradi; faylning oʻz manzilini yuboring"
    ),
    "source_not_a_video": "fayl video emas",
    "source_source_encoded": "server faylni siqib beryapti; oddiysini soʻrang",
    "source_source_forbidden": "server kirishni talab qilyapti",
    "source_source_gone": "fayl endi u yerda yoʻq",
    "source_source_status": "server xato bilan javob berdi",
    "source_source_unavailable": "server javob bermayapti",
    "source_source_interrupted": "aloqa qayta-qayta uzilyapti",
    "source_source_truncated": "fayl oxirigacha yetmay uzilib qolgan",
    "source_source_changed": "oʻqilayotganda fayl oʻzgaryapti",
    "source_empty_file": "fayl boʻsh",
    "source_spool_lost": "Karvon diskidagi fayl oʻchirilgan",
    "source_disk_full": "disk toʻlgan",
    "source_ffmpeg": "ffprobe topilmadi yoki ishlamadi (batafsil: karvon doctor)",
    "source_internal": "ichki xato",
}

COMMANDS: Sentences = {
    "status_idle": "Hozir hech narsa yuklanmayapti, navbat ham boʻsh. Video yuboring.",
    "status_head": "<b>Ochiq: {open}</b>, hozir yuklanyapti: {running}",
    "status_more": {
        "one": "… yana {count} ta post: /queue",
        "other": "… yana {count} ta post: /queue",
    },
    "count_posts": {
        "one": "{count} ta post",
        "other": "{count} ta post",
    },
    "count_uploads": {
        "one": "{count} ta yuklash",
        "other": "{count} ta yuklash",
    },
    "count_files": {
        "one": "{count} ta jurnal fayli",
        "other": "{count} ta jurnal fayli",
    },
    "untitled": "Video",
    "tomorrow": "ertaga {time}",
    "queue_head": "<b>Navbat</b> · {open}, {page}/{pages}-sahifa",
    "queue_empty": "Navbat boʻsh. Video yuboring.",
    "queue_line": "<b>{post_id}</b> · {title} · {state}",
    "state_until": "{state}, koʻpi bilan {until} gacha kutadi",
    "state_draft": "javobingizni kutyapti",
    "state_accepted": "qabul qilindi",
    "state_preparing": "olinmoqda",
    "state_publishing": "joylanmoqda",
    "state_done": "hamma joyga joylandi",
    "state_partly_failed": "joylandi, lekin hamma joyga emas",
    "state_failed": "joylanmadi",
    "state_cancelled": "bekor qilindi",
    "post_usage": "Post raqamini yozing: /post 12. Raqamlar: /queue",
    "cancel_usage": "Post raqamini yozing: /cancel 12. Raqamlar: /queue",
    "retry_usage": (
        "Post raqamini yozing: /retry 12, yoki hammasi uchun: /retry failed. Nima chiqmagani va "
        "sababi: /failed"
    ),
    "timeline_head": "<b>Voqealar</b>",
    "timeline_line": "{at} {what}",
    "timeline_cut": {
        "one": "… oldinroq yana {count} ta qator",
        "other": "… oldinroq yana {count} ta qator",
    },
    "cancelled_draft": "{post_id}-post shunday qoldi, hech narsa joylanmaydi.",
    "cancel_nothing": "Bekor qilinadigan narsa yoʻq. Navbat: /queue",
    "cancelled_some": "{post_id}-post: toʻxtatildi – {stopped}. Joylangani joyida qoladi.",
    "cancel_removable": "Bular platformada rejada qoladi, oʻchirish: /delete {post_id}\n{places}",
    "cancel_too_late": "{post_id}-postni endi toʻxtatib boʻlmaydi: u joylanmoqda.",
    "retried": "{post_id}-post: yana urinilmoqda – {retried}.",
    "nothing_failed": "Soʻnggi paytda xato boʻlmadi.",
    "forced": "{post_id}-post navbat boshiga oʻtdi.",
    "decided_live": "Yaxshi, joylangan deb hisoblayman.",
    "decided_resend": "Yana yuborilmoqda.",
    "kind_transient": "aloqa yoʻq",
    "kind_rate_limited": "sekinlashish soʻraldi",
    "kind_quota_exhausted": "kvota tugadi",
    "kind_auth_expired": "kirish muddati tugadi",
    "kind_auth_revoked": "kirish bekor qilindi",
    "kind_rejected": "rad etildi",
    "kind_session_lost": "yuklash uzilib qoldi",
    "kind_unknown_outcome": "natija nomaʼlum",
    "kind_bug": "ichki nosozlik",
    "kind_source": "video olinmadi",
    "clear_ask": (
        "Nimani tozalaymiz? Navbat: {open} toʻxtatiladi, joylangani joyida qoladi. Jurnallar: "
        "barcha fayllar oʻchiriladi."
    ),
    "cleared_queue": "Navbat boʻshatildi, toʻxtatildi: {cleared}.",
    "cleared_logs": "Tozalandi: {files}.",
    "cleared_nothing": "Hech narsa tozalanmadi.",
}

EVENTS: Sentences = {
    "event_accepted": "qabul qilindi",
    "event_fetch_started": "olish boshlandi",
    "event_fetched": "video keldi",
    "event_probed": "video tekshirildi",
    "event_described": "matnlar tayyor",
    "event_session_opened": "{place}: yuklash ochildi",
    "event_upload_resumed": "{place}: davom etdi",
    "event_uploading": "{place}: yuklanmoqda",
    "event_intent": "{place}: joylanmoqda",
    "event_committed": "{place}: hammasi yuborildi",
    "event_processing": "{place}: u yerda ishlov berilyapti",
    "event_live": "{place}: joylandi",
    "event_failed": "{place}: chiqmadi {error}",
    "event_unknown": "{place}: javob yoʻqoldi",
    "event_waiting": "{place}: kutyapti: {reason} {error}",
    "event_cancelled": "{place}: bekor qilindi",
    "event_stop_wanted": "{place}: toʻxtatish soʻraldi",
    "event_decided": "{place}: siz hal qildingiz",
    "event_retry": "{place}: yana urinildi",
    "event_forced": "navbat boshiga oʻtkazildi",
    "event_other": "{place} {what}",
    "event_asked": "sizdan soʻraldi",
    "event_committing": "{place}: joylanmoqda",
}

SENTENCES: Sentences = {
    **FIRST_CONTACT,
    **REFUSALS,
    **QUESTIONS,
    **CARD,
    **ERRORS,
    **COMMANDS,
    **EVENTS,
}
