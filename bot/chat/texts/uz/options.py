"""Uzbek sentences about options of platforms in captions."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

REFUSALS: Sentences = {
    "bad_option": (
        "<b>{key}:</b> uchun “{given}” toʻgʻri kelmaydi. Mumkin: {known}.\n{help}\nQatorni "
        "tuzatib, yana yuboring."
    ),
    "option_nowhere": (
        "{targets}: bu yerda <b>{key}:</b> ishlamaydi. Faqat bular tushunadi: {owners}. Qatorni "
        "olib tashlang yoki <code>to:</code> bilan shunday platformani qoʻshing."
    ),
}

HELP: Sentences = {
    "help_options": (
        "<b>Izoh uchun yana qatorlar.</b> Har biridan keyin uni kim tushunishi yozilgan. "
        "Boshqalari eʼtibor bermaydi va kartochka buni aytadi."
    ),
    "help_option": "{line} <i>{owners}</i>",
    "option_category": "<code>category: Education</code> – turkum, nomi yoki raqami bilan",
    "option_playlist": "<code>playlist: PL…</code> – videoni shu pleylistingizga qoʻshadi",
    "option_kids": "<code>kids: yes</code> – bolalar uchun",
    "option_ai": "<code>ai: yes</code> – SI yordamida yaratilgan yoki oʻzgartirilganini bildiradi",
    "option_notify": "<code>notify: no</code> – obunachilarga xabar bermaydi",
    "option_language": "<code>language: en</code> – sarlavha va tavsif tili",
    "option_license": "<code>license: creativecommon</code> – yoki youtube",
    "option_embed": "<code>embed: no</code> – boshqa saytlar koʻrsata olmaydi",
    "option_title": "<code>title.de: …</code> – boshqa tildagi sarlavha",
    "option_text": "<code>text.de: …</code> – boshqa tildagi tavsif",
    "option_comments": "<code>comments: no</code> – hech kim izoh yoza olmaydi",
    "option_duet": "<code>duet: no</code> – hech kim duet qila olmaydi",
    "option_stitch": "<code>stitch: no</code> – hech kim stitch qila olmaydi",
    "option_brand": (
        "<code>brand: own</code> – oʻz brendingiz reklamasi; paid: hamkor toʻlaydi; yana both, "
        "none"
    ),
    "option_draft": "<code>draft: yes</code> – faqat qoralama, ilovada oʻzingiz joylaysiz",
    "option_cover": "<code>cover: 2.5</code> – shu soniyadagi kadr muqova boʻladi",
    "option_feed": "<code>feed: no</code> – faqat Reels ichida, lentada emas",
    "option_collaborators": (
        "<code>collaborators: ann, bob</code> – 3 tagacha hammuallif taklif qiladi"
    ),
    "option_together": "<code>together: yes</code> – hamma joyda bir daqiqada",
    "option_fit": (
        "<code>fit: auto</code> – platforma olmasa, videoni moslaydi; ask: avval soʻraydi; off: "
        "shu holicha qoldiradi"
    ),
    "option_onfail": (
        "<code>onfail: hold</code> – together bilan: bir joyda chiqmasa, qolganlari sizni kutadi; "
        "go: kutmaydi"
    ),
}

SENTENCES: Sentences = {**REFUSALS, **HELP}
