"""Uzbek sentences about live."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

REFUSALS: Sentences = {
    "nothing_live": "{post_id}-postdan hech narsa joylanmagan. Holati: /post {post_id}",
    "nothing_live_yet": "Hali hech narsa joylanmagan. Video yuboring.",
    "edit_empty": (
        "{post_id}-post: yangi matn topmadim. Matn yoki <code>title: …</code>, <code>tags: "
        "…</code>, <code>privacy: …</code> bilan javob bering."
    ),
    "edit_line": (
        "Post qabul qilingach, <b>{line}:</b> qatorini oʻzgartirib boʻlmaydi. Uni olib tashlang "
        "yoki postni bekor qilib (/cancel {post_id}), videoni yana yuboring."
    ),
    "edit_option": (
        "Bu postning hech qaysi platformasida <b>{option}:</b> yoʻq. Qatorni olib tashlang."
    ),
    "file_too_big": "Fayl juda katta. Koʻpi bilan {limit_mb} MB yuboring.",
    "captions_language": (
        "Subtitrlar qaysi tilda? Faylni <code>video.de.srt</code> kabi nomlang yoki "
        "<code>language: de</code> soʻzi bilan yuboring."
    ),
    "frames_no_file": (
        "{post_id}-post videosini endi olib boʻlmaydi. Oʻrniga kartochkasiga rasm bilan javob "
        "bering."
    ),
    "frames_too_large": (
        "{post_id}-post videosi endi bu yerda yoʻq, {limit_mb} MB dan kattasini esa kadrlar uchun "
        "qayta olmayman. Oʻrniga kartochkasiga rasm bilan javob bering."
    ),
    "frames_no_room": (
        "{post_id}-post videosini qayta olish uchun diskda joy yoʻq. Joy boʻshating yoki "
        "kartochkasiga rasm bilan javob bering."
    ),
    "frames_not_now": (
        "{post_id}-post videosini hozir qayta olib boʻlmaydi. Bir daqiqadan keyin /thumbnail "
        "{post_id} deb yozing yoki kartochkasiga rasm bilan javob bering."
    ),
    "frames_nowhere": (
        "{post_id}-postning hech qaysi platformasi muqovani almashtirishga ruxsat bermaydi."
    ),
    "frames_old": "Bu kadrlar endi yoʻq. Yana /thumbnail {post_id} deb yozing.",
    "frames_busy": "Telegram hozir rasmlarni olmayapti. Bir daqiqadan keyin buyruqni takrorlang.",
    "delete_usage": "Post raqamini yozing: /delete 12. Raqamlar: /queue va /stats",
    "thumbnail_usage": (
        "Post raqamini yozing: /thumbnail 12. Yoki kartochkasiga rasm bilan javob bering."
    ),
}

WISHES: Sentences = {
    "edit_head": "✏️ {post_id}-post, yangi matn:\n{lines}",
    "thumbnail_head": "🖼 {post_id}-post, yangi muqova:\n{lines}",
    "captions_head": "💬 {post_id}-post, subtitrlar:\n{lines}",
    "delete_head": "🗑 {post_id}-post:\n{lines}",
    "wish_nowhere": "{post_id}-post: buni hech qayerda qilib boʻlmaydi.\n{lines}",
    "wish_asked": "• {place}: oʻzgartirilmoqda",
    "wish_removed": "• {place}: oʻchirilmoqda",
    "wish_later": "• {place}: joylangach oʻzgartiriladi",
    "wish_fresh": "• {place}: shu holda joylanadi",
    "wish_cannot": "• {place}: {why}",
    "cannot_edit": "joylangan videoni tahrirlab boʻlmaydi; oʻchirib, qayta joylang",
    "cannot_visibility": (
        "joylangan videoni kim koʻrishini bu yerdan oʻzgartirib boʻlmaydi; ilovada qiling"
    ),
    "cannot_privacy": "“{privacy}” yoʻq, faqat {known}",
    "cannot_option": "“{option}” yuklashda belgilanadi, keyin oʻzgartirib boʻlmaydi",
    "cannot_scope": "akkaunt bu huquqsiz ulangan; qayta ulang: /connect",
    "cannot_sign_in": "bunday kirish buni hech qachon bermaydi; ilovada qiling. {url}",
    "cannot_delete": "botlar videoni oʻchira olmaydi; ilovada qiling. {url}",
    "cannot_thumbnail": "joylangan video muqovasini oʻzgartirib boʻlmaydi",
    "cannot_own_picture": "rasm olmaydi, faqat videoning oʻzidan kadr",
    "cannot_cover": (
        "rasm olmaydi, faqat videoning oʻzidan kadr; 2,5-soniyadagi kadr uchun kartochkaga "
        "<code>cover: 2.5</code> deb javob bering"
    ),
    "cannot_captions": "subtitr fayllari olinmaydi",
    "cannot_playlist": "pleylistlar yoʻq",
    "cannot_unseen": "javobi yoʻqolgan, manzilini bilmayman; ilovada qiling",
    "delete_ask": "{post_id}-post oʻchirilsinmi? Oʻchirilganini qaytarib boʻlmaydi.\n{lines}",
    "delete_place": "• {place}: oʻchiriladi. {url}",
    "delete_left": "Hech narsa oʻchirilmaydi.",
    "frames_choose": (
        "{post_id}-postga qaysi muqova qoʻyilsin? Kartochkasiga rasm bilan javob bersangiz ham "
        "boʻladi."
    ),
    "frames_left": "Muqova oʻzgarmaydi.",
    "finding_asked": "Tekshiryapman.",
    "finding_show": "Soʻrov yuborilmoqda.",
    "finding_publish": "U yerga yana joylanmoqda.",
    "button_delete_all": "🗑 Hamma joydan oʻchirish",
    "button_delete_yes": "🗑 Ha, oʻchirilsin",
    "button_frame": "{number}",
}

OUTCOMES: Sentences = {
    "outcome_edit": "✏️ <b>Oʻzgartirildi</b> · {post_id}-post\n{lines}",
    "outcome_visibility": "👁 <b>Kim koʻrishi oʻzgartirildi</b> · {post_id}-post\n{lines}",
    "outcome_delete": "🗑 <b>Oʻchirildi</b> · {post_id}-post\n{lines}",
    "outcome_thumbnail": "🖼 <b>Yangi muqova</b> · {post_id}-post\n{lines}",
    "outcome_captions": "💬 <b>Subtitrlar qoʻshildi</b> · {post_id}-post\n{lines}",
    "outcome_playlist": "📃 <b>Pleylistga qoʻshildi</b> · {post_id}-post\n{lines}",
    "outcome_partly": "⚠️ <b>Bajarildi, lekin hamma joyda emas</b> · {post_id}-post\n{lines}",
    "outcome_failed": "❌ <b>Bajarilmadi</b> · {post_id}-post\n{lines}",
    "outcome_done_line": "✅ {place}",
    "outcome_failed_line": "❌ {place}: {why}",
    "error_gone": "Video endi u yerda yoʻq.",
    "error_no_picture": "Bu fayl JPEG yoki PNG rasm emas. Rasm bilan javob bering.",
    "finding_gone": (
        "⚠️ {place}: {post_id}-post videosi endi u yerda yoʻq, uni men oʻchirmadim. Ilovada "
        "xabarnoma bormi, qarang. Yana joylay olaman."
    ),
    "finding_blocked": (
        "⚠️ {place}: {post_id}-post videosi bloklangan: {why}. Nima qilish mumkinligini u yerdan "
        "qarang, keyin yana tekshiraman."
    ),
    "finding_visibility": (
        "⚠️ {place}: {post_id}-post “{wanted}” boʻlishi kerak edi, hozir esa “{why}”. Platforma "
        "cheklaganmi, u yerdan qarang."
    ),
    "finding_fine": "✅ {place}: {post_id}-post joyida va kerakli odamlarga koʻrinadi.",
    "button_publish_live": "🔁 Yana joylash",
    "button_check_live": "🔁 Yana tekshirish",
    "button_show_live": "🔧 Toʻgʻrilash",
    "button_look": "👁 Ochish",
    "upload_removed": "🗑 {place}: oʻchirildi",
    "upload_gone": "⚠️ {place}: endi u yerda yoʻq",
    "card_removed": "🗑 <b>Oʻchirildi</b> · {post_id}-post",
    "card_partly_removed": "🗑 <b>Oʻchirildi, lekin hamma joydan emas</b> · {post_id}-post",
}

FIGURES: Sentences = {
    "figures_post": "<b>{post_id}</b> · {title}",
    "figures_line": (
        "• {place}: koʻrishlar {views} · layklar {likes} · izohlar {comments} · ulashishlar "
        "{shares}{age}"
    ),
    "figures_none": "• {place}: hali raqamlar yoʻq",
    "figures_none_why": "• {place}: raqamlar yoʻq: {why}",
    "figures_never": "bu yerda botlarga raqamlar aytilmaydi; ilovada qarang",
    "figures_grown": "{now} (+{more})",
    "figures_shrunk": "{now} (−{less})",
    "figures_age": " ({span} oldin)",
    "figures_trouble": " – yangirogʻi yoʻq: {why}",
    "figures_more": {
        "one": "… yana {count} ta post: raqami bilan /stats",
        "other": "… yana {count} ta post: raqami bilan /stats",
    },
    "help_live": (
        "<b>Video joylangach</b>: kartochkaga yangi matn, rasm yoki subtitr (.srt) bilan javob "
        "bering\n/stats 12 – koʻrishlar va layklar\n/thumbnail 12 – muqova tanlash\n/delete 12 – "
        "hamma joydan oʻchirish"
    ),
    "cmd_stats": "koʻrishlar va layklar",
    "cmd_thumbnail": "muqova tanlash",
    "cmd_delete": "postni hamma joydan oʻchirish",
}

EVENTS: Sentences = {
    "event_rewritten": "yangi matn yozildi",
    "event_edit_done": "{place}: oʻzgartirildi",
    "event_edit_failed": "{place}: oʻzgartirilmadi. {error}",
    "event_visibility_done": "{place}: kim koʻrishi oʻzgartirildi",
    "event_visibility_failed": "{place}: kim koʻrishi oʻzgarmadi. {error}",
    "event_delete_done": "{place}: oʻchirildi",
    "event_delete_failed": "{place}: oʻchirilmadi. {error}",
    "event_thumbnail_done": "{place}: yangi muqova",
    "event_thumbnail_failed": "{place}: muqova oʻzgarmadi. {error}",
    "event_captions_done": "{place}: subtitrlar qoʻshildi",
    "event_captions_failed": "{place}: subtitrlar qoʻshilmadi. {error}",
    "event_playlist_done": "{place}: pleylistda",
    "event_playlist_failed": "{place}: pleylistga qoʻshilmadi. {error}",
    "event_check_done": "{place}: tekshirildi",
    "event_check_failed": "{place}: tekshirib boʻlmadi. {error}",
}

SENTENCES: Sentences = {**REFUSALS, **WISHES, **OUTCOMES, **FIGURES, **EVENTS}
