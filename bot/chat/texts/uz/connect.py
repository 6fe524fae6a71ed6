"""Uzbek sentences about connecting an account."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

ASKING: Sentences = {
    "cmd_connect": "kanal, sahifa yoki profilni ulash",
    "connect_ask": "Qaysi akkauntni ulamoqchisiz?",
    "connect_ask_none": (
        "Kirish orqali hozircha hech narsani ulab boʻlmaydi, faqat Telegram kanallarni. Nima "
        "yetishmaydi:"
    ),
    "connect_missing_apps": "Bu yerda hozircha mumkin emas:\n{lines}",
    "connect_missing_app": "• {login}: {why}",
    "connect_app_unset": (
        "<code>oauth.{app}.client_id</code> va <code>oauth.{app}.client_secret</code> ni kiriting"
    ),
    "connect_app_needs_https": (
        "<code>web.public_url</code> ga https manzil kiriting yoki ilovani desktop sifatida "
        "roʻyxatdan oʻtkazing"
    ),
    "connect_server_off": (
        "⚠️ Veb-server ishlamayapti: manzilini (<code>web.listen</code>) boshqa dastur band "
        "qilgan. Manzilni nusxalab baribir kirish mumkin, qandayligi har bir havola ostida "
        "yozilgan."
    ),
    "connect_in_private": "/connect ni menga shaxsiy chatda yozing: havola faqat siz uchun.",
    "login_google": "YouTube",
    "login_tiktok": "TikTok",
    "login_instagram": "Instagram",
    "login_instagram_facebook": "Facebook sahifasi orqali Instagram",
    "login_facebook": "Facebook sahifasi",
    "login_telegram": "Telegram kanal",
    "button_login": "{login}",
    "button_connect_again": "🔗 Yangi havola",
    "button_sign_in": "🔗 Kirish",
    "button_sign_in_elsewhere": "📱 Shu qurilmada",
    "connect_link": (
        "Tugma orqali kiring: <b>{login}</b>. Havola faqat siz uchun, bir marta va {until} gacha "
        "ishlaydi."
    ),
    "connect_link_again": (
        "U <b>{name}</b> akkauntini qayta ulaydi: aynan shu akkaunt bilan kiring."
    ),
    "connect_link_both": (
        "Kiring: <b>{login}</b>. Ikkala havola ham faqat siz uchun va {until} gacha "
        "ishlaydi.\n\n💻 <b>Karvon ishlayotgan kompyuterdagi</b> brauzerda: <a "
        'href="{url}">{url}</a>\n\n📱 <b>Boshqa istalgan qurilmada</b>: tugmani bosing va ruxsat '
        "bering. Oxirida sahifa ochilmaydi, shunday boʻlishi kerak. Brauzerdan manzilini toʻliq "
        "nusxalab, menga yuboring."
    ),
    "connect_link_paste": (
        "Tugma orqali kiring: <b>{login}</b>. Havola {until} gacha ishlaydi. Oxirida sahifa "
        "ochilmaydi, shunday boʻlishi kerak. Brauzerdan manzilini toʻliq nusxalab, menga yuboring."
    ),
    "connect_link_failed": "Havolani koʻrsatib boʻlmadi. Tugmani yana bosing.",
    "connect_telegram": (
        "Meni kanalga joylash huquqi bilan admin qiling, buni oʻzim sezaman. Allaqachon admin "
        "boʻlsam, {minutes} daqiqa ichida kanalning istalgan postini menga uzating."
    ),
}

OUTCOMES: Sentences = {
    "connected": "✅ <b>Ulandi: {name}</b> ({platform}). Endi u yerga video joylash mumkin.",
    "connected_partly": (
        "✅ <b>Ulandi: {name}</b> ({platform}). Endi u yerga video joylash mumkin. Hammasiga "
        "ruxsat berilmadi, shuning uchun bular ishlamaydi:\n{cannot}\nBuni oʻzgartirish uchun "
        "qayta ulang va barcha belgilarni qoldiring."
    ),
    "without_scope_edit": "sarlavha va tavsifni keyin oʻzgartirish",
    "without_scope_delete": "videoni oʻchirish",
    "without_scope_thumbnail": "muqovani almashtirish",
    "without_scope_visibility": (
        "videoni kim koʻrishini oʻzgartirish; boshqalar bilan bir daqiqada chiqish"
    ),
    "without_scope_check": "video joyidaligini tekshirish",
    "without_scope_statistics": "statistika",
    "without_scope_captions": "subtitr fayllari",
    "without_scope_playlist": "videoni pleylistga qoʻshish",
    "connect_choose": {
        "one": "Bu kirishda ({login}) {count} ta akkaunt bor. Ulaymi?",
        "other": (
            "Bu kirishda ({login}) {count} ta akkaunt bor. Qaysi biri? Bir nechtasini ketma-ket "
            "bossangiz ham boʻladi."
        ),
    },
    "connect_chosen_all": "Hammasi ulandi.",
    "connect_choose_more": "Ulandi. Yana birini ulash uchun uni bosing.",
    "connect_not_checked": (
        "Siz kirdingiz, lekin {login} oxirgi savolga javob bermadi, shuning uchun hali hech narsa "
        "ulanmadi. Yana soʻrash uchun nomini bosing."
    ),
    "page_connected": "Ulandi",
    "page_almost": "Deyarli tayyor",
    "page_not_connected": "Ulanmadi",
    "page_choose": {
        "one": "Chatga qayting: oxirgi qadam qoldi ({count} ta akkaunt).",
        "other": "Chatga qayting va u yerda {count} ta akkauntdan birini tanlang.",
    },
    "page_not_checked": (
        "Siz kirdingiz, lekin platforma oxirgi savolga javob bermadi. Chatga qayting va yana "
        "soʻrash uchun nomini bosing."
    ),
}

REFUSALS: Sentences = {
    "connect_unknown": "“{given}” degan kirish turi yoʻq. Borlari: {known}.",
    "connect_no_app": (
        "{login} hozircha ulanmaydi: config.py da <code>oauth.{app}.client_id</code> va "
        "<code>oauth.{app}.client_secret</code> ni kiriting, keyin Karvonni qayta ishga tushiring."
    ),
    "connect_needs_https": (
        "{login} faqat https manzilga qaytaradi. <code>web.public_url</code> ni kiriting yoki "
        "ilovani desktop sifatida roʻyxatdan oʻtkazib, <code>oauth.{app}.kind</code> ga desktop "
        "deb yozing."
    ),
    "connect_unknown_account": "Bu akkaunt endi ulanmagan. Qaytadan boshlash: /connect",
    "connect_bad_link": (
        "Bunday kirish havolasini bilmayman: u toʻliq emas yoki eskirgan. Yangisini oling: "
        "/connect"
    ),
    "connect_incomplete": (
        "Manzilning bir qismi yoʻq, shuning uchun hali hech narsa ulanmadi. Brauzerning manzil "
        "qatoridan toʻliq manzilni nusxalab, menga yuboring."
    ),
    "connect_expired": (
        "Bu kirish havolasining ({login}) muddati oʻtgan, hech narsa ulanmadi. Yangisini oling: "
        "/connect"
    ),
    "connect_used": (
        "Bu kirish havolasi ({login}) ishlatilgan, u bir marta ishlaydi. Chatda “Ulandi” "
        "yozilmagan boʻlsa, yangisini oling: /connect"
    ),
    "connect_other_user": (
        "Bu kirishni boshqa odam boshlagan, bu yerda ishlamaydi; hech narsa ulanmadi. Oʻz "
        "havolangizni oling: /connect"
    ),
    "connect_other_browser": (
        "Bu kirish ({login}) boshqa brauzerda boshlangan, shuning uchun hech narsa ulanmadi. "
        "Chatdagi havolani shu brauzerda oching yoki bu sahifa manzilini nusxalab, botga yuboring."
    ),
    "connect_denied": (
        "{login}: ruxsat berilmadi, hech narsa ulanmadi. Yana urinish uchun yangi havola oling va "
        "“Ruxsat berish” ni bosing."
    ),
    "connect_page_refused": (
        "{login} kirishni rad etdi ({why}), hech narsa ulanmadi. Yangi havola oling; yordam "
        "bermasa, egasi u yerdagi ilovani tekshirsin."
    ),
    "connect_missing_scope": (
        "Joylash uchun ({login}) bu ruxsatlar yetishmaydi: {scopes}. Hech narsa ulanmadi. Yangi "
        "havola oling va barcha belgilarni qoldiring."
    ),
    "connect_wrong_account": (
        "Siz kirdingiz ({login}): {found}. Lekin qayta ulanishi kerak boʻlgani: {wanted}. Hech "
        "narsa oʻzgarmadi. U yerdan chiqing, yangi havola oling va {wanted} bilan kiring."
    ),
    "connect_nothing_found": "Kirish ({login}) boʻldi, lekin {nothing}. Hech narsa ulanmadi.",
    "nothing_google": (
        "bu Google akkauntida YouTube kanali yoʻq; youtube.com da yarating, keyin yangi havola "
        "oling"
    ),
    "nothing_tiktok": "profil koʻrsatilmagan; yangi havola oling",
    "nothing_instagram": (
        "bu professional akkaunt emas; ilovada uni biznes yoki muallif turiga oʻtkazing, keyin "
        "yangi havola oling"
    ),
    "nothing_instagram_facebook": (
        "siz joylay oladigan sahifalarning hech biri professional Instagram akkauntiga "
        "bogʻlanmagan; ularni bogʻlang va kirishda sahifani belgilang"
    ),
    "nothing_facebook": (
        "siz joylay oladigan sahifa yoʻq; egasidan shu vazifani soʻrang va kirishda sahifani "
        "belgilang"
    ),
    "connect_not_lasting": (
        "Google faqat bir soatlik kirish berdi, hech narsa ulanmadi. "
        "myaccount.google.com/permissions sahifasida bu ilovani olib tashlang, keyin yangi havola "
        "oling."
    ),
    "connect_code_refused": (
        "{login} kirishni qabul qilmadi ({why}), hech narsa ulanmadi. Yangi havola oling."
    ),
    "connect_app_refused": (
        "{login} bu ilovani qabul qilmayapti ({why}), hech narsa ulanmadi. Egasi config.py dagi "
        "<code>oauth.{app}</code> ni u yerda roʻyxatdan oʻtgani bilan solishtirsin."
    ),
    "connect_platform_down": (
        "{login} hozir javob bermayapti, hech narsa ulanmadi. Oʻsha havola hali ishlaydi: bir "
        "daqiqadan keyin urinib koʻring."
    ),
    "connect_answer_lost": (
        "{login} kirish oʻrtasida javob bermay qoʻydi, hech narsa ulanmadi. Yangi havola oling va "
        "qaytadan kiring."
    ),
    "connect_check_failed": (
        "Kirish ({login}) boʻldi, lekin sinov soʻrovi rad etildi ({why}); hech narsa ulanmadi. "
        "Buni tuzatib, yangi havola oling."
    ),
    "connect_interrupted": (
        "Kirish ({login}) oʻrtasida Karvon toʻxtatildi, hech narsa ulanmadi. Yangi havola oling "
        "va qaytadan kiring."
    ),
    "connect_choice_expired": (
        "Bu tanlovning muddati oʻtgan, hech narsa ulanmadi. Yangi havola oling: /connect"
    ),
}

CHANNELS: Sentences = {
    "connect_channel_no_post": (
        "Men <b>{name}</b> adminiman, lekin joylash huquqim yoʻq. U yerda menga “Xabar joylash” "
        "huquqini bering, buni oʻzim sezaman."
    ),
    "connect_channel_not_admin": (
        "Men <b>{name}</b> admini emasman. Meni u yerga joylash huquqi bilan admin qiling, buni "
        "oʻzim sezaman."
    ),
    "connect_channel_unknown": (
        "<b>{name}</b> kanalini koʻrmayapman. Meni u yerga joylash huquqi bilan admin qiling."
    ),
    "connect_channel_not_yours": (
        "Siz <b>{name}</b> admini emassiz, shuning uchun uni ulay olmaysiz. Adminlaridan biridan "
        "soʻrang."
    ),
    "connect_channel_failed": (
        "Telegram <b>{name}</b> kanalini koʻrsatmadi ({why}), u ulanmadi. Yana urinish uchun "
        "uning postini uzating."
    ),
    "connect_channel_stranger": (
        "{who} (id <code>{user_id}</code>, foydalanuvchilar orasida yoʻq) meni <b>{name}</b> "
        "kanaliga admin qildi. Bu kanal ulansinmi?"
    ),
    "button_channel_yes": "Ulash",
    "button_channel_no": "Yoʻq",
    "connect_channel_ignored": "Yaxshi: {name} ulanmadi.",
    "channel_removed": "meni kanaldan chiqarishdi",
    "channel_no_admin": "men endi kanal admini emasman",
    "channel_no_post": "kanalga joylash huquqim olib qoʻyildi",
}

SENTENCES: Sentences = {**ASKING, **OUTCOMES, **REFUSALS, **CHANNELS}
