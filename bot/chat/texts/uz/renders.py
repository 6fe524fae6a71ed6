"""Uzbek sentences about renders and their cards."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

CARD: Sentences = {
    "render_head_pending": "⏳ <b>Navbatda turibdi</b> · {render_id}-render",
    "render_head_processing": "🎬 <b>Tayyorlanmoqda</b> · {render_id}-render",
    "render_head_ready": "✅ <b>Tayyor</b> · {render_id}-render",
    "render_head_failed": "❌ <b>Chiqmadi</b> · {render_id}-render",
    "render_head_cancelled": "🚫 <b>Bekor qilindi</b> · {render_id}-render",
    "render_head_preview": "👁 <b>Uch soniyalik namuna</b> · {render_id}-render",
    "render_name": "{name}",
    "render_next": "Keyingi navbat shuniki.",
    "render_place": "Navbatda {place}-oʻrinda.",
    "render_waits_disk": "💾 Disk toʻlgan; joy boʻshasa, davom etadi.",
    "render_waits_retry": "🔁 Yana uriniladi.",
    "render_looks_again": "{until} da yana qaraladi.",
    "render_begun": "🎬 Boshlandi",
    "render_stage_looking": "🔎 Boʻlaklar tekshirilyapti",
    "render_stage_preparing": "🧩 Shablon tayyorlanyapti",
    "render_stage_rendering": "🎞 Video yigʻilyapti",
    "render_stage_checking": "✔️ Natija tekshirilyapti",
    "render_stage_keeping": "📚 Kutubxonaga qoʻshilyapti",
    "render_progress": "{stage} · {percent}",
    "render_progress_left": "{stage} · {percent} · {eta} qoldi",
    "render_progress_speed": "{stage} · {percent} · tezligi {speed}×",
    "render_progress_all": "{stage} · {percent} · tezligi {speed}× · {eta} qoldi",
    "render_made": "{length} · {width}×{height} · tayyorlashga {seconds} ketdi",
    "render_made_size": "{length} · {width}×{height} · {size} · tayyorlashga {seconds} ketdi",
    "render_what_now": (
        "Ortidan hech narsa qolmadi. “Qayta urinish” uni yana tayyorlaydi; boshqasini yigʻish: "
        "/mashup"
    ),
    "render_publishes": "📣 Imkon boʻlishi bilan joylanadi.",
    "render_post": "📣 {post_id}-post sifatida joylanyapti; borishini oʻz kartochkasi koʻrsatadi.",
    "render_not_published": "⚠️ Joylanmadi: {why}",
    "render_blocked": "qoidalar ruxsat bermaydi.",
}

BATCH: Sentences = {
    "render_batch_moving": (
        "🎬 <b>Mashuplar, {batch_id}-buyurtma</b>: {total} tadan {ended} tasi tugadi"
    ),
    "render_batch_done": (
        "🏁 <b>Mashuplar, {batch_id}-buyurtma</b>: {total} tadan {ended} tasi tugadi"
    ),
    "render_count_pending": {
        "one": "⏳ {count} tasi kutyapti",
        "other": "⏳ {count} tasi kutyapti",
    },
    "render_count_processing": {
        "one": "🎞 {count} tasi tayyorlanmoqda",
        "other": "🎞 {count} tasi tayyorlanmoqda",
    },
    "render_count_ready": {
        "one": "✅ {count} tasi tayyor",
        "other": "✅ {count} tasi tayyor",
    },
    "render_count_failed": {
        "one": "❌ {count} tasi chiqmadi",
        "other": "❌ {count} tasi chiqmadi",
    },
    "render_count_cancelled": {
        "one": "🚫 {count} tasi bekor qilindi",
        "other": "🚫 {count} tasi bekor qilindi",
    },
    "render_now": "Hozir: {name}",
    "render_batch_list": "Har birini koʻrish: /renders",
}

NEWS: Sentences = {
    "render_shown": (
        "🎬 {name} · {render_id}-render\nJoylash uchun shu xabarga izoh yozib javob bering."
    ),
    "render_shown_publishing": (
        "🎬 {name} · {render_id}-render\nJoylash qanday borayotgani oʻz kartochkasida."
    ),
    "render_shown_post": "🎬 {name} · {render_id}-render\nJoylash haqida: /post {post_id}",
    "render_preview_shown": (
        "👁 {name}: kichik oʻlchamdagi uch soniyasi. Videoning oʻzi tiniqroq chiqadi."
    ),
    "render_publish_how": (
        "{name} uchun izoh yozib, shu xabarga javob bering. Qayerga joylanishini <code>to: "
        "youtube, tiktok</code> kabi qator belgilaydi; usiz hamma joyga joylanadi."
    ),
    "render_again": (
        "{render_id}-render qaytadan tayyorlanadi. Qayerga yetganini kartochkasi koʻrsatadi."
    ),
    "render_again_kept": (
        "{render_id}-render qaytadan tayyorlanadi. {post_id}-post shunday qoladi; hech narsa "
        "ikkinchi marta joylanmaydi."
    ),
    "render_log": "{render_id}-render jurnali:\n{log}",
}

LISTS: Sentences = {
    "cmd_renders": "tayyor videolar va tayyorlanayotganlar",
    "render_head_list": "<b>Renderlar</b>, yangisi birinchi",
    "render_line": "<b>{render_id}</b> · {name} · {state}",
    "render_state_pending": "navbatda",
    "render_state_processing": "tayyorlanmoqda",
    "render_state_ready": "tayyor",
    "render_state_failed": "chiqmadi",
    "render_state_cancelled": "bekor qilindi",
    "render_none": "Hali hech narsa tayyorlanmagan. Boʻlaklardan video yigʻish: /mashup",
    "render_some_open": "🎬 Tugallanmagan: {renders}. Koʻrish: /renders",
    "count_renders": {
        "one": "{count} ta render",
        "other": "{count} ta render",
    },
}

REFUSALS: Sentences = {
    "render_unknown": "{render_id}-render yoʻq. Sizniki: /renders",
    "render_not_yours": "Bu boshqa odamning renderi. Sizniki: /renders",
    "render_ended": "{render_id}-render allaqachon tugagan. Natijasi: /renders",
    "render_open": "{render_id}-render hali tugamagan.",
    "render_not_waiting": "{render_id}-render endi navbatda emas.",
    "render_no_result": (
        "{render_id}-renderda joylaydigan video yoʻq. Tayyor boʻlishini kuting yoki uni qaytadan "
        "tayyorlang."
    ),
    "render_no_log": (
        "{render_id}-renderning jurnali hali yoʻq yoki eskirgani uchun oʻchirilgan."
    ),
    "render_not_allowed": "Uni u yerga joylab boʻlmaydi:\n{why}",
    "renders_no_caption": "Joylash uchun tavsifni ham yozing: --caption.",
    "renders_no_place": "Qayerga joylashni ayting: --to yoki tavsifdagi “to: …” qatori.",
    "render_twins": (
        "Qabul qilindi: {render_id}-render bir xil fayl boʻlib bir nechta akkauntga chiqishi "
        "mumkin. Tavsif bilan yana javob yozing."
    ),
    "button_render_twins": "Ataylab bir xil fayl",
}

SOURCES: Sentences = {
    "source_render_waits": "u hali tayyorlanyapti",
    "source_render_failed": "uni tayyorlab boʻlmadi",
    "source_render_cancelled": "uni tayyorlash bekor qilingan",
}

BUTTONS: Sentences = {
    "button_render_cancel": "✖ Bekor qilish",
    "button_render_first": "⏫ Navbat boshiga",
    "button_render_again": "🔁 Qaytadan tayyorlash",
    "button_render_retry": "🔁 Qayta urinish",
    "button_render_log": "📜 Jurnal",
    "button_render_publish": "📣 Joylash …",
    "button_render_show": "{render_id}",
    "button_render_newer": "‹ Yangiroq",
    "button_render_older": "Eskiroq ›",
    "button_render_cancel_rest": "✖ Qolganini bekor qilish",
    "button_render_retry_failed": "🔁 Chiqmaganiga qayta urinish",
}

SENTENCES: Sentences = {
    **CARD,
    **BATCH,
    **NEWS,
    **LISTS,
    **REFUSALS,
    **SOURCES,
    **BUTTONS,
}
