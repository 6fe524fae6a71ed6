"""Uzbek sentences about the library of media."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

ADD: Sentences = {
    "cmd_add": "kutubxonaga fayl qoʻshish",
    "help_library": (
        "/add – faylni kutubxonangizga qoʻshish: izohida yoki unga javob qilib yozing\n"
        "/library – kutubxonangizni koʻrish"
    ),
    "add_usage": (
        "Menga <code>/add</code> izohi bilan video, ovoz yoki rasm yuboring, faylga javob qilib "
        "<code>/add</code> yozing yoki <code>/add</code> dan keyin havola qoʻying.\n"
        "Shu qatorning oʻzida koʻproq yozsa ham boʻladi: <code>/add template #tag mood:upbeat "
        "platform:tiktok name:Tungi yoʻl</code>. Yana bular bor: <code>category:</code>, "
        "<code>licence:</code>, <code>origin:</code>, <code>attribution:</code> va "
        "<code>rights:</code>."
    ),
    "add_next": "Endi faylni yuboring yoki uzating, shunda u kutubxonaga qoʻshiladi.",
    "add_unknown_word": (
        "“{given}:” ni bilmayman. Balki <code>{suggestion}:</code>? Bilganlarim: {known}."
    ),
    "add_bad_platform": "“{given}” degan platformani bilmayman. Bilganlarim: {known}.",
    "add_bad_rights": (
        "“rights: {given}” ni tushunmadim. <code>rights: mine</code> yoki <code>rights: "
        "licensed</code> deb yozing yoki olib tashlang, keyin oʻzim soʻrayman."
    ),
    "add_not_media": (
        "“{name}” video ham, ovoz ham, rasm ham emas. Media fayl yuboring, hujjat qilib "
        "yuborsangiz ham boʻladi."
    ),
    "add_too_big_for_cloud": (
        "Telegram botlarga faqat {limit} gacha fayl beradi. <code>/add</code> dan keyin faylga "
        "havola qoʻying, faylni men kuzatadigan papkaga soling yoki oʻz Bot API serveringizni "
        "ulang."
    ),
    "add_too_big": (
        "Fayl hajmi {size}, koʻpi bilan {limit} olinadi. Kichikrogʻini yuboring yoki admin "
        "<code>library.max_bytes</code> ni oshirsin."
    ),
    "add_many": (
        "Qoʻshilayotgan fayllaringiz allaqachon {most} ta. Avval ayrimlariga javob bering yoki "
        "bekor qiling."
    ),
    "add_unknown": "Bu fayl endi esimda yoʻq. Uni /add bilan yana yuboring.",
    "add_press": "Savol ostidagi tugmalardan birini bosing.",
    "add_not_yours": "Bu faylni boshqa odam qoʻshyapti; faqat u yoki admin hal qila oladi.",
    "add_closed": (
        "Bu allaqachon hal qilingan. Qaytadan hal qilish uchun faylni /add bilan yana yuboring."
    ),
    "add_ask_kind": "📥 <b>{name}</b>\nU nima uchun kerak?",
    "add_ask_rights": (
        "📥 <b>{name}</b> · {kind}\nUndan foydalanishga haqqingiz bormi? Javobingizni fayl bilan "
        "birga saqlayman va fayldan faqat shundan keyin foydalanaman."
    ),
    "add_ask_licence": (
        "📥 <b>{name}</b> · {kind}\nLitsenziyasi qanday? Birini tanlang yoki nomini yozib, shu "
        "xabarga javob bering."
    ),
    "add_ask_attribution": (
        "📥 <b>{name}</b> · {kind}\nMuallif sifatida kim koʻrsatilishi kerak? Shu xabarga videoda "
        "turishi shart boʻlgan qator bilan javob bering, masalan <code>Music: Jane Doe (CC BY "
        "4.0)</code>."
    ),
    "add_fetching": "📥 <b>{name}</b> · {kind}\nQoʻshilyapti …",
    "add_fetching_some": "📥 <b>{name}</b> · {kind}\n{total} dan {done} olindi ({percent})",
    "add_fetching_open": "📥 <b>{name}</b> · {kind}\n{done} olindi",
    "add_waiting": "⏳ <b>{name}</b> · {kind}\n{why}\nOʻzim yana urinib koʻraman.",
    "add_added": "✅ <b>{name}</b> kutubxonangizga qoʻshildi.\n{facts}",
    "add_there": "✅ Bu fayl kutubxonada bor, nomi <b>{name}</b>.\n{facts}",
    "add_there_gone": "✅ <b>{name}</b> qoʻshilgan edi, keyin kutubxonadan oʻchirilgan.",
    "add_failed": "⚠️ <b>{name}</b> qoʻshilmadi.\n{why}",
    "add_cancelled": "✖ <b>{name}</b>: qoʻshilmadi.",
    "add_source": "Uni ololmadim: {why}.",
    "add_internal": "Men xato qildim, batafsil jurnalda. Yana bir marta urinib koʻring.",
    "button_add_mine": "Oʻzimniki",
    "button_add_licensed": "Litsenziyam bor",
    "button_add_unnamed": "Hech kimni koʻrsatish shart emas",
    "button_add_permission": "Ruxsat berishgan",
    "button_add_bought": "Sotib olganman",
    "button_add_cancel": "✖ Bekor qilish",
    "button_add_again": "🔁 Qayta urinish",
    "button_add_open": "🗂 Koʻrish",
    "add_licence_permission": "yozma ruxsat",
    "add_licence_bought": "sotib olingan litsenziya",
}

KINDS: Sentences = {
    "library_kind_source": "shaxsiy klip",
    "library_kind_template": "shablon",
    "library_kind_hot": "trend video",
    "library_kind_audio": "musiqa",
    "library_kind_product": "mahsulot",
    "library_kind_mashup": "tayyor mashup",
    "library_kind_thumbnail": "muqova",
    "library_kinds_source": {
        "one": "{count} ta shaxsiy klip",
        "other": "{count} ta shaxsiy klip",
    },
    "library_kinds_template": {
        "one": "{count} ta shablon",
        "other": "{count} ta shablon",
    },
    "library_kinds_hot": {
        "one": "{count} ta trend video",
        "other": "{count} ta trend video",
    },
    "library_kinds_audio": {
        "one": "{count} ta musiqa",
        "other": "{count} ta musiqa",
    },
    "library_kinds_product": {
        "one": "{count} ta mahsulot",
        "other": "{count} ta mahsulot",
    },
    "library_kinds_mashup": {
        "one": "{count} ta tayyor mashup",
        "other": "{count} ta tayyor mashup",
    },
    "library_kinds_thumbnail": {
        "one": "{count} ta muqova",
        "other": "{count} ta muqova",
    },
    "library_media_video": "videofayl",
    "library_media_audio": "ovoz",
    "library_media_image": "rasm",
    "library_mark_video": "🎬",
    "library_mark_audio": "🎵",
    "library_mark_image": "🖼",
}

LIST: Sentences = {
    "cmd_library": "kutubxonangizni koʻrish",
    "library_head": {
        "one": "🗂 <b>Kutubxona</b> · {count} ta fayl",
        "other": "🗂 <b>Kutubxona</b> · {count} ta fayl",
    },
    "library_filtered": {
        "one": "🗂 <b>Kutubxona</b> · {filters}: {count} ta fayl",
        "other": "🗂 <b>Kutubxona</b> · {filters}: {count} ta fayl",
    },
    "library_empty": (
        "🗂 Kutubxonangiz boʻsh. Menga <code>/add</code> izohi bilan video, ovoz yoki rasm "
        "yuboring."
    ),
    "library_nothing": (
        "🗂 <b>Kutubxona</b> · {filters}: hech narsa yoʻq\nFiltrni olib tashlang yoki boshqa soʻz "
        "yozib javob bering."
    ),
    "library_filter_words": "“{text}”",
    "library_row": "{number}. {mark} <b>{name}</b> · {facts}",
    "library_page": "{page}/{pages}-sahifa",
    "library_hint": (
        "Batafsil koʻrish uchun raqamni bosing. Qidirish uchun shu xabarga soʻz yozib javob "
        "bering."
    ),
    "library_uses": {
        "one": "{count} marta ishlatilgan",
        "other": "{count} marta ishlatilgan",
    },
    "library_unused": "hali ishlatilmagan",
    "library_other_list": "Bu boshqa odamning roʻyxati. Oʻzingizniki: /library",
    "library_not_yours": (
        "Bu faylni boshqa odam qoʻshgan; uni faqat oʻsha odam yoki admin oʻzgartira oladi."
    ),
    "library_closed": "Bu roʻyxat endi saqlanmagan. Yangisini ochish: /library",
    "library_choose_kind": "🗂 Qaysi turini koʻrmoqchisiz?",
    "library_choose_mood": "🗂 Qaysi kayfiyat?",
    "library_choose_platform": "🗂 Qaysi platforma uchun?",
    "library_choose_tag": "🗂 Qaysi teg?",
    "library_no_words": "Hozircha yoʻq.",
    "library_stats": "📊 <b>Kutubxona</b>",
    "library_stats_row": "{kinds} · {size}{length} · {uses}",
    "library_stats_length": " · davomiyligi {length}",
    "library_stats_total": {
        "one": "<b>Jami</b>: {count} ta fayl, {size}",
        "other": "<b>Jami</b>: {count} ta fayl, {size}",
    },
    "library_picture_row": "{number}. {name}",
    "library_no_pictures": "Bularning hech birida rasm yoʻq.",
    "button_library_kind": "Turi",
    "button_library_kind_on": "✓ Turi",
    "button_library_mood": "Kayfiyati",
    "button_library_mood_on": "✓ Kayfiyati",
    "button_library_platform": "Platforma",
    "button_library_platform_on": "✓ Platforma",
    "button_library_tag": "Teg",
    "button_library_tag_on": "✓ Teg",
    "button_library_clear": "✖ Hammasini koʻrsatish",
    "button_library_stats": "📊 Raqamlar",
    "button_library_pictures": "🖼 Rasmlar",
    "button_library_number": "{number}",
    "button_library_earlier": "◀",
    "button_library_later": "▶",
    "button_library_any": "Farqi yoʻq",
    "button_library_word": "{word}",
    "button_library_back": "◀ Orqaga",
}

ASSET: Sentences = {
    "library_asset": "{mark} <b>{name}</b>\n{facts}",
    "library_asset_tags": "Teglari: {tags}",
    "library_asset_mood": "Kayfiyati: {mood}",
    "library_asset_platform": "{platform} uchun",
    "library_asset_category": "Turkumi: {category}",
    "library_asset_rights_mine": "Huquqi: oʻzingizniki",
    "library_asset_rights_licensed": "Huquqi: litsenziya bor",
    "library_asset_rights_unsaid": (
        "⚠️ Undan foydalanish mumkinligini hech kim aytmagan. “Huquqi” tugmasini bosib ayting."
    ),
    "library_asset_licence": "Litsenziyasi: {licence}",
    "library_asset_no_licence": (
        "⚠️ Litsenziyasi yozilmagan. <code>licence: CC BY 4.0</code> kabi qator bilan javob bering."
    ),
    "library_asset_origin": "Manbasi: {origin}",
    "library_asset_attribution": "Muallif qatori: {attribution}",
    "library_asset_used": {
        "one": "{count} marta ishlatilgan: {last}",
        "other": "{count} marta ishlatilgan, oxirgisi: {last}",
    },
    "library_asset_use": "• {what}, {at}",
    "library_use_render": "{number}-render",
    "library_use_post": "{number}-post",
    "library_use_other": "{holder}",
    "library_asset_added": "Qoʻshilgan: {at}",
    "library_asset_added_by": "Qoʻshilgan: {at}, foydalanuvchi {user}",
    "library_asset_going": (
        "🗑 Uni ishlatayotgan ish tugashi bilan oʻchiriladi. Tanlash uchun endi taklif qilinmaydi."
    ),
    "library_asset_hint": (
        "Oʻzgartirish uchun <code>licence: CC BY 4.0</code>, <code>origin: …</code> yoki "
        "<code>attribution: …</code> kabi qatorlar bilan javob bering."
    ),
    "library_ask_rename": "✏️ <b>{name}</b> uchun yangi nom yozib, shu xabarga javob bering.",
    "library_ask_tags": (
        "# <b>{name}</b> uchun teglar yozib, shu xabarga javob bering. Ular eskilarining oʻrnini "
        "egallaydi: {tags}."
    ),
    "library_ask_no_tags": "# <b>{name}</b> uchun teglar yozib, shu xabarga javob bering.",
    "library_ask_mood": (
        "<b>{name}</b> qanday kayfiyatda? Birini tanlang yoki oʻz soʻzingizni yozib javob bering."
    ),
    "library_ask_platform": "<b>{name}</b> qaysi platforma uchun?",
    "library_ask_rights": "<b>{name}</b> faylidan foydalanishga haqqingiz bormi?",
    "library_ask_delete": "🗑 <b>{name}</b> butunlay oʻchirilsinmi?",
    "library_ask_delete_used": (
        "🗑 <b>{name}</b> oʻchirilsinmi? Hozir u bilan nimadir tayyorlanyapti: u darrov taklif "
        "qilinmay qoʻyadi, oʻsha ish tugagach esa oʻchiriladi."
    ),
    "library_deleted": "🗑 <b>{name}</b> oʻchirildi.",
    "library_deleted_later": (
        "🗑 <b>{name}</b> endi taklif qilinmaydi. U bilan tayyorlanayotgan ish tugagach, "
        "oʻchiriladi."
    ),
    "library_gone": "Bu fayl endi kutubxonada yoʻq.",
    "library_what_to_change": (
        "Buni tushunmadim. Avval fayl ostidagi tugmani bosing yoki <code>licence: CC BY "
        "4.0</code> kabi qator bilan javob bering."
    ),
    "library_play_asked": "Yuborilyapti …",
    "library_play_many": "Hozir bir nechta fayl yuboryapman. Birozdan keyin yana bosing.",
    "library_play_large": (
        "“{name}” hajmi {size}, botlar esa koʻpi bilan {limit} yubora oladi. Mana uning rasmi."
    ),
    "library_play_large_only": (
        "“{name}” hajmi {size}, botlar esa koʻpi bilan {limit} yubora oladi."
    ),
    "library_play_failed": (
        "“{name}” faylini hozir yuborib boʻlmadi. Birozdan keyin yana urinib koʻring."
    ),
    "button_library_play": "▶️ Ijro etish",
    "button_library_show": "🖼 Koʻrsatish",
    "button_library_rename": "✏️ Nomi",
    "button_library_tags": "# Teglari",
    "button_library_set_mood": "Kayfiyati",
    "button_library_set_platform": "Platformasi",
    "button_library_rights": "Huquqi",
    "button_library_delete": "🗑 Oʻchirish",
    "button_library_delete_yes": "🗑 Ha, oʻchirilsin",
    "button_library_keep": "Yoʻq, qolsin",
    "button_library_none": "Hech biri",
}

TROUBLE: Sentences = {
    "studio_not_media": (
        "Faylni video, ovoz yoki rasm sifatida oʻqiy olmadim. Uni MP4, MP3, JPEG yoki PNG qilib "
        "saqlab, yana yuboring."
    ),
    "studio_broken_media": "Fayl buzilgan. Uni qaytadan eksport qilib, yana yuboring.",
    "studio_cut_off": "Fayl chala: oxiri yoʻq. Uni qaytadan nusxalab, yana yuboring.",
    "studio_empty_file": "Fayl boʻsh. Uni yana yuboring.",
    "studio_not_a_file": "Bu fayl emas, papka yoki qurilma.",
    "studio_cannot_read": "Faylni oʻqib boʻlmadi ({reason}).",
    "studio_cannot_write": (
        "Maʼlumotlar papkasiga yozib boʻlmayapti ({reason}). Yozib boʻlganda davom etadi; admin "
        "qarashi kerak."
    ),
    "studio_changed_meanwhile": "Oʻqilayotganda fayl oʻzgardi.",
    "studio_look_too_long": "Faylni tekshirish juda choʻzilib ketdi.",
    "studio_no_ffmpeg": (
        "Birorta faylni tekshirib boʻlmayapti, ffmpeg yoʻq; admin uni oʻrnatishi mumkin."
    ),
    "studio_large_picture": (
        "Rasm juda katta ({width} × {height}). Uni kichraytirib, yana yuboring."
    ),
    "studio_too_big": (
        "Fayl ruxsat etilganidan ({limit}) katta. Kichikrogʻini yuboring yoki admin "
        "<code>library.max_bytes</code> ni oshirsin."
    ),
    "studio_disk_full": (
        "Disk toʻlgan. Joy boʻshasa, davom etadi: keraksizini oʻchiring yoki adminga ayting."
    ),
    "studio_no_name": "Nomda koʻrinadigan kamida bitta belgi boʻlishi kerak.",
    "studio_wrong_media": "Bu {media}, “{kind}” uchun esa shulardan biri kerak: {taken}.",
    "studio_nothing_to_pick": (
        "“{kind}” turidan hozir hech narsani tanlab boʻlmaydi: mosi yoʻq yoki hammasi yaqinda "
        "ishlatilgan. /add bilan yana qoʻshing yoki oʻzingiz tanlang."
    ),
    "studio_no_asset": "Bu fayl kutubxonada (endi) yoʻq.",
    "studio_text_too_long": "“{text}” juda uzun; koʻpi bilan {limit} belgi saqlanadi.",
    "studio_too_many_tags": "Teglar juda koʻp; koʻpi bilan {limit} tasi saqlanadi.",
    "studio_unknown_field": "“{field}” ni bilmayman. Bilganlarim: {known}.",
    "studio_unknown_kind": "“{kind}” degan turni bilmayman. Bilganlarim: {known}.",
    "studio_unknown_rights": "“{rights}” degan huquqni bilmayman. Bilganlarim: {known}.",
}

WATCH: Sentences = {
    "library_watch_refused": {
        "one": (
            "📂 {folder} papkasidagi {count} ta faylni kutubxonaga qoʻshib boʻlmadi. U joyida "
            "qoldi."
        ),
        "other": (
            "📂 {folder} papkasidagi {count} ta faylni kutubxonaga qoʻshib boʻlmadi. Ular joyida "
            "qoldi."
        ),
    },
    "library_watch_row": "• <b>{name}</b>: {why}",
    "library_watch_more": {
        "one": "… va yana {count} ta",
        "other": "… va yana {count} ta",
    },
    "library_watch_waiting": (
        "📂 {folder} papkasidagi yangi fayllar kutib turadi: {why} Keyin ular oʻzi qoʻshiladi."
    ),
    "library_watch_missing": (
        "📂 Kuzatiladigan {folder} papkasini oʻqib boʻlmadi ({reason}). U oʻz-oʻzidan yana "
        "tekshiriladi; endi kerak boʻlmasa, <code>library.watch</code> dan olib tashlang."
    ),
}

STORAGE: Sentences = {
    "studio_storage_unreachable": (
        "{storage} media ombori toʻgʻri javob bermayapti ({reason}). Birozdan keyin yana urinib "
        "koʻring."
    ),
    "studio_storage_busy": (
        "{storage} media ombori hozircha boshqa hech narsa olmayapti. Keyinroq urinib koʻring."
    ),
    "studio_storage_refused": "{storage} media ombori buni rad etdi: {reason}.",
    "studio_storage_sign_in": (
        "{storage} media ombori kalitlarimizni qabul qilmayapti ({reason}). Admin "
        "<code>storage.key_id</code> va <code>storage.secret</code> ni hamda ularga berilgan "
        "ruxsatlarni tekshirsin."
    ),
    "studio_storage_clock": (
        "{storage} media ombori soatimiz notoʻgʻri deyapti. Admin shu mashina soatini "
        "toʻgʻrilasin."
    ),
    "studio_storage_full": (
        "{storage} media ombori toʻlgan. Keraksizini oʻchiring yoki admindan joy soʻrang."
    ),
    "studio_storage_too_large": (
        "Fayl {storage} media ombori oladiganidan katta. Kichikrogʻini yuboring yoki adminga "
        "ayting."
    ),
    "studio_storage_gone": (
        "Kutubxonadagi fayl joyida yoʻq ({key}). Uni qaytadan qoʻshing yoki adminga ayting."
    ),
    "studio_storage_damaged": (
        "Kutubxonadagi fayl omborda buzilgan ({sha256}). Uni oʻchirib, qaytadan qoʻshing."
    ),
    "studio_storage_changed": (
        "Saqlanayotganda fayl oʻzgardi, shuning uchun hech narsa saqlanmadi. U toʻliq tayyor "
        "boʻlgach, qaytadan qoʻshing."
    ),
    "studio_storage_bad_key": "“{key}” nomi bilan fayl saqlab boʻlmaydi.",
    "studio_storage_url": (
        "“{url}” media ombori manzili emas. file:///folder, s3://bucket/folder yoki "
        "cloudinary://cloud kabi yozing, kalitlarni esa <code>storage.key_id</code> va "
        "<code>storage.secret</code> ga kiriting."
    ),
    "studio_storage_keys": (
        "{storage} media omboriga kalitlar kerak. Admin <code>storage.key_id</code> va "
        "<code>storage.secret</code> ni kiritsin."
    ),
    "studio_storage_address": (
        "{storage} media ombori fayllarni {host} orqali beradi. Admin "
        "<code>storage.public_url</code> ga shu manzilni kiritsin."
    ),
    "studio_storage_unknown": (
        "Fayllar {storage} media omborida, unga qanday ulanishni esa endi hech kim bilmaydi. "
        "Admindan maʼlumotlar bazasini zaxira nusxadan tiklashni soʻrang."
    ),
    "studio_storage_sealed": (
        "{storage} media ombori kalitlarini ochib boʻlmaydi, chunki ularni shifrlagan kalit "
        "yoʻqolgan. Admin uni <code>karvon keys restore</code> bilan qaytarishi mumkin."
    ),
    "studio_storage_moving": "Kutubxona allaqachon koʻchirilyapti. Tugashini kuting.",
    "studio_storage_change_setting": (
        "Endi <code>storage.url</code> ga {storage} ni, agar bor boʻlsa, endpoint va kalitlarini "
        "ham kiriting va Karvonni qayta ishga tushiring. Ungacha yangi fayllar ham oʻsha yerga "
        "boradi, chunki koʻchirish eslab qolingan."
    ),
}

SENTENCES: Sentences = {**ADD, **KINDS, **LIST, **ASSET, **TROUBLE, **WATCH, **STORAGE}
