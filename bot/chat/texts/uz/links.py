"""Uzbek sentences about links and pages of links."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

LINKS: Sentences = {
    "link_private": (
        "{host} ichki tarmoqda, u yerdagi havolalarga kirmayman. Admin uni "
        "<code>sources.allowed_hosts</code> ga qoʻshishi mumkin."
    ),
    "link_folder": (
        "Bu havola papkaga olib boradi. Videoning oʻzini ulashib, oʻsha havolani yuboring."
    ),
    "bad_rights": (
        "“rights: {given}” ni tushunmadim. Videoni joylashga haqqingiz boʻlsa, <code>rights: "
        "mine</code> deb yozing, aks holda qatorni olib tashlang."
    ),
    "many_mirrors": "Zaxira havolalar juda koʻp. Koʻpi bilan {most} tasini yozing.",
    "source_link_private": (
        "havola ichki tarmoqqa olib boradi; admin uning serverini sources.allowed_hosts ga "
        "qoʻshishi mumkin"
    ),
    "source_link_folder": "havola papkaga olib boradi; videoning oʻzini ulashing",
    "source_link_share_page": (
        "bulut xizmati fayl oʻrniga sahifa koʻrsatyapti; faylni havolasi bor hammaga oching yoki "
        "bugun uni juda koʻp odam olgan boʻlsa, ertaga urinib koʻring"
    ),
    "source_link_no_host": "bunday nomli server yoʻq; havolani tekshiring",
    "source_link_certificate": (
        "server oʻzini tasdiqlay olmadi (sertifikati yaroqsiz); boshqa havola yuboring"
    ),
    "source_link_too_big": (
        "fayl havolalar uchun ruxsat etilganidan katta; admin sources.max_bytes ni oshirishi "
        "mumkin"
    ),
    "source_link_playlist": (
        "havola bitta faylga emas, boʻlaklangan oqimga (HLS yoki DASH) olib boradi; faylning "
        "oʻzini yuboring"
    ),
    "source_link_rights": (
        "havola sahifaga olib boradi; undagi videoni joylashga haqqingiz boʻlsa, ostiga “rights: "
        "mine” qatorini qoʻshib, havolani yana yuboring"
    ),
    "source_link_pages_off": (
        "havola sahifaga olib boradi; faylning oʻz manzilini yuboring yoki admin sources.yt_dlp "
        "ni yoqsin, shunda sahifalar ham oʻqiladi"
    ),
    "source_link_pages_missing": (
        "sahifalarni yt-dlp oʻqiydi, u esa oʻrnatilmagan; admin uni “pages” qoʻshimchasi bilan "
        "oʻrnatishi mumkin"
    ),
    "source_link_page_slow": "sahifani oʻqish juda choʻzilib ketdi",
    "source_link_no_video": "sahifada video topilmadi; faylning oʻz manzilini yuboring",
    "source_source_stalled": "server anchadan beri hech narsa yubormayapti",
    "source_source_damaged": "fayl server aytgan nazorat summasiga mos kelmadi",
}

PAGES: Sentences = {
    "cmd_scrape": "sahifadagi videolarni joylash",
    "scrape_usage": (
        "Sahifa, feed yoki sitemap manzilini yozing: <code>/scrape "
        "https://example.org/videos</code>. Ostiga <code>to: youtube</code> kabi qatorlar "
        "qoʻshsangiz ham boʻladi."
    ),
    "scrape_videos": {
        "one": "{count} ta video",
        "other": "{count} ta video",
    },
    "scrape_pages": {
        "one": "{count} ta sahifa",
        "other": "{count} ta sahifa",
    },
    "scrape_reading": "🔎 {host} koʻrilyapti: {pages} oʻqildi, hozircha {videos} topildi.",
    "scrape_reading_first": "🔎 {host} koʻrilyapti …",
    "scrape_failed": "⚠️ {host}: {why}",
    "scrape_nothing": (
        "🔎 {host}: olib boʻladigan video topmadim ({pages} oʻqildi). Boshqa sahifa manzilini "
        "yoki videoning oʻziga havola yuboring."
    ),
    "scrape_head": "🔎 <b>{host}</b>: {videos}, yangisi {new} ta ({pages} oʻqildi)",
    "scrape_titled": "🔎 <b>{title}</b> · {host}: {videos}, yangisi {new} ta ({pages} oʻqildi)",
    "scrape_row": "{mark} {number}. {title}{facts}",
    "scrape_picked_mark": "☑️",
    "scrape_free_mark": "▫️",
    "scrape_row_facts": " · {facts}",
    "scrape_row_seen": "✓ avval olingan",
    "scrape_row_no_size": "hajmi nomaʼlum",
    "scrape_page": "{page}/{pages}-sahifa",
    "scrape_streams": {
        "one": "{count} ta oqim (HLS yoki DASH) roʻyxatga kirmadi: u fayl emas.",
        "other": "{count} ta oqim (HLS yoki DASH) roʻyxatga kirmadi: ular fayl emas.",
    },
    "scrape_broken": {
        "one": "{count} ta havola roʻyxatga kirmadi: uni olib boʻlmaydi.",
        "other": "{count} ta havola roʻyxatga kirmadi: ularni olib boʻlmaydi.",
    },
    "scrape_picked": "<b>{videos}</b> tanlandi, {size}",
    "scrape_picked_some": "<b>{videos}</b> tanlandi: {size}, {unknown} tasining hajmi nomaʼlum",
    "scrape_picked_none": "Hali hech narsa tanlanmagan. Quyidan tanlab, 🚀 tugmasini bosing.",
    "scrape_sizes": "Eng katta hajmni tanlang. Faqat hajmi maʼlum yangi videolar olinadi.",
    "scrape_sizes_none": "Hajmi maʼlum yangi video yoʻq. Boshqa usulda tanlang.",
    "scrape_ask_pattern": (
        "Bu xabarga nomning bir qismi yoki <code>*trailer*.mp4</code> kabi andoza bilan javob "
        "bering. Har bir andozani yangi qatordan yozing."
    ),
    "scrape_pattern": "“{given}” andozasini tushunmadim. Nomning bir qismini yozing.",
    "scrape_size": "“{given}” hajmini tushunmadim. 200MB yoki 1.5GB kabi yozing.",
    "scrape_matched_none": "Mos video topilmadi. Boshqa andoza bilan javob bering.",
    "scrape_left": "🔎 {host}: shunday qoldi. Yana koʻrish: /scrape",
    "scrape_unknown": "Bu roʻyxat endi saqlanmagan. Yana koʻrish: /scrape",
    "scrape_closed": "Bu roʻyxat yopilgan. Yana koʻrish: /scrape",
    "scrape_nothing_picked": "Hech narsa tanlanmagan. Avval videolarni tanlang.",
    "scrape_many": (
        "Siz uchun allaqachon {most} ta sahifani koʻryapman. Birortasi tugashini kuting."
    ),
    "button_scrape_number": "{number}",
    "button_scrape_number_on": "✓ {number}",
    "button_scrape_all": "Hammasi",
    "button_scrape_new": "Faqat yangilari",
    "button_scrape_none": "Hech biri",
    "button_scrape_size": "Hajmi boʻyicha",
    "button_scrape_match": "Nomi boʻyicha",
    "button_scrape_up_to": "≤ {size} ({videos})",
    "button_scrape_back": "◀ Orqaga",
    "button_scrape_earlier": "◀",
    "button_scrape_later": "▶",
    "button_scrape_parallel": "⇉ Bir vaqtda",
    "button_scrape_sequential": "→ Ketma-ket",
    "button_scrape_go": "🚀 Joylash ({videos})",
    "button_scrape_leave": "Shunday qolsin",
    "button_scrape_cancel": "✖ Qolganini bekor qilish",
    "button_scrape_again": "🔎 Yana koʻrish",
}

PULLS: Sentences = {
    "pull_head_pulling": "⬇️ <b>{host}</b>: {links}, {ended} tasi tugadi",
    "pull_head_cancelling": "✖ <b>{host}</b>: bekor qilinmoqda ({links}, {ended} tasi tugadi)",
    "pull_head_done": "✅ <b>{host}</b>: {links}, {ended} tasi tugadi",
    "pull_head_mixed": "⚠️ <b>{host}</b>: {links}, {ended} tasi tugadi",
    "pull_head_cancelled": "✖ <b>{host}</b>: bekor qilindi ({links}, {ended} tasi tugadi)",
    "pull_head_failed": "⚠️ <b>{host}</b>: toʻxtab qoldi ({links}, {ended} tasi tugadi)",
    "pull_live": "{count} tasi joylandi",
    "pull_partly": "{count} tasi faqat ayrim joylarga joylandi",
    "pull_there": {
        "one": "{count} tasi avvaldan bor edi",
        "other": "{count} tasi avvaldan bor edi",
    },
    "pull_running": "{count} tasi jarayonda",
    "pull_waiting": "{count} tasi hali boshlanmagan",
    "pull_failed": "{count} tasi chiqmadi – qayta urinish: /retry failed",
    "pull_cancelled": "{count} tasi bekor qilindi",
    "pull_refused": "{count} tasi olinmadi",
    "pull_left": "{count} tasi chetda qoldi",
    "pull_asking": {
        "one": "{count} ta savol javobingizni kutyapti – koʻrish: /waiting",
        "other": "{count} ta savol javobingizni kutyapti – koʻrish: /waiting",
    },
    "pull_bytes": "{size} dan {fetched} olindi, {sent} yuborildi",
    "pull_bytes_open": "{fetched} olindi, {sent} yuborildi",
    "pull_refusal": "• {title}: {why}",
    "pull_note": "Toʻxtash sababi: {why}",
    "pull_place": (
        "Izohdagi {given} belgisini bilmayman. Bilganlarim: {known}, har biri figurali qavs "
        "ichida."
    ),
    "pull_internal": "ichki xato; batafsil jurnalda",
}

FINDINGS: Sentences = {
    "scrape_finding_page_bad_url": "bu veb-manzil emas",
    "scrape_finding_page_private": (
        "u ichki tarmoqqa olib boradi, u yerdagi havolalarga kirmayman; admin serverga "
        "<code>sources.allowed_hosts</code> da ruxsat berishi mumkin"
    ),
    "scrape_finding_page_gone": "sahifa (endi) yoʻq",
    "scrape_finding_page_forbidden": "sahifa hammaga ochiq emas",
    "scrape_finding_page_status": "sahifa oʻrniga {status} javobi keldi",
    "scrape_finding_page_unavailable": "serverda nosozlik bor ({status}); keyinroq urinib koʻring",
    "scrape_finding_page_unreachable": "server bilan bogʻlanib boʻlmadi; manzilni tekshiring",
    "scrape_finding_page_busy": "server {wait} s kutishni soʻrayapti; keyin urinib koʻring",
    "scrape_finding_page_slow": "sahifa juda sekin ochilyapti",
    "scrape_finding_page_broken": "sahifa buzilgan",
    "scrape_finding_page_redirects": "sahifa toʻxtovsiz boshqa manzillarga oʻtkazyapti",
    "scrape_finding_page_type": "bu sahifa emas, {type}; sahifa manzilini yuboring",
    "scrape_finding_page_encoded": "sahifa men oʻqiy olmaydigan usulda siqilgan",
    "scrape_finding_page_entities": (
        "feed oʻz belgilarini (entity) eʼlon qilgan, xavfsizlik uchun bundaylarni oʻqimayman"
    ),
    "scrape_finding_page_cut": "sahifa juda katta yoki uzilib qolgan; faqat boshini oʻqidim",
    "scrape_finding_robots_forbid": "sayt dasturlarga kirishni taqiqlagan (robots.txt)",
    "scrape_finding_robots_unknown": (
        "saytning robots.txt faylini oʻqib boʻlmadi, shuning uchun u yerda hech narsa oʻqilmaydi; "
        "keyinroq urinib koʻring"
    ),
    "scrape_finding_look_pages": (
        "yana sahifalar bor; admin <code>scrape.pages</code> ni oshirishi mumkin"
    ),
    "scrape_finding_look_links": "videolar bir martada saqlay oladiganimdan koʻp",
    "scrape_finding_look_long": "vaqt tugadi; shu paytgacha topilgani shu yerda",
    "scrape_finding_look_stopped": (
        "ketma-ket bir nechta sahifa oʻqilmadi, shuning uchun toʻxtadim"
    ),
}

SENTENCES: Sentences = {**LINKS, **PAGES, **PULLS, **FINDINGS}
