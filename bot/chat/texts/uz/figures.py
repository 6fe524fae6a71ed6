"""Uzbek sentences about diagnostics."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

SENTENCES: Sentences = {
    "figures_head": "<b>Diagnostika · {period}</b>",
    "figures_today": "bugun",
    "figures_7d": "7 kun",
    "figures_30d": "30 kun",
    "figures_run": "ishga tushgandan beri",
    "button_figures_today": "Bugun",
    "button_figures_7d": "7 kun",
    "button_figures_30d": "30 kun",
    "figures_bad_period": (
        "{given} degan davrni bilmayman. /diagnostics today, 7d yoki 30d deb yoki post raqami "
        "bilan yozing."
    ),
    "figures_nothing": "Bu davrda hech narsa yakunlanmagan.",
    "figures_posts": "{posts} qabul qilindi",
    "figures_counts": (
        "{uploads} yakunlandi: {live} tasi joylandi, {failed} tasi chiqmadi, {cancelled} tasi "
        "bekor qilindi"
    ),
    "figures_rate": "Muvaffaqiyat {rate}, {tries}",
    "figures_rate_before": "Muvaffaqiyat {rate} (avval {before}), {tries}",
    "count_tries": {
        "one": "{count} ta urinish",
        "other": "{count} ta urinish",
    },
    "figures_time": "Qabuldan joylanguncha oʻrtacha {mean}, 100 tadan 95 tasida {p95} gacha",
    "figures_time_before": (
        "Qabuldan joylanguncha oʻrtacha {mean} (avval {before}), 100 tadan 95 tasida {p95} gacha"
    ),
    "figures_sent": "Yuborildi: {size}",
    "figures_sent_speed": "Yuborildi: {size}, tezligi {speed}",
    "figures_fetched": "Olindi: {size}, tezligi {speed}",
    "figures_resumed": {
        "one": (
            "{count} ta qayta urinish toʻxtagan joyidan davom etdi: {size} ikkinchi marta "
            "yuborilmadi"
        ),
        "other": (
            "{count} ta qayta urinish toʻxtagan joyidan davom etdi: {size} ikkinchi marta "
            "yuborilmadi"
        ),
    },
    "figures_stages": "<b>Vaqt nimaga ketdi</b>",
    "figures_stage": "• {stage}: oʻrtacha {mean}, 100 tadan 95 tasida {p95} gacha, ulushi {share}",
    "figures_slowest": "Eng sekini: {stage}",
    "figures_waits": "Nima kutildi: {waits}",
    "figures_wait": "{reason} {time}",
    "stage_fetch": "videoni olish",
    "stage_probe": "videoni tekshirish",
    "stage_describe": "matn tuzish",
    "stage_fit": "videoni moslash",
    "stage_wait": "kutish",
    "stage_begin": "yuklashni ochish",
    "stage_send": "yuborish",
    "stage_resume": "davom etish joyini aniqlash",
    "stage_commit": "joylash",
    "stage_processing": "platformadagi ishlov",
    "reason_media": "video",
    "reason_turn": "navbat",
    "reason_time": "belgilangan vaqt",
    "reason_quota": "kvota",
    "reason_cooldown": "platforma soʻragan tanaffus",
    "reason_retry": "keyingi urinish",
    "reason_account": "akkaunt",
    "reason_platform": "platforma",
    "reason_person": "qaror",
    "reason_disk": "diskdagi joy",
    "reason_outcome": "natija",
    "reason_source": "videoning kelishi",
    "reason_fit": "moslangan fayl",
    "reason_text": "matn",
    "reason_other": "boshqa sabab",
    "figures_errors": "<b>Xatolar</b>",
    "figures_error": "• {kind}, {count} ×. Oxirgisi: {post_id}-post, {place}: {what}",
    "figures_places": "<b>Platformalar</b>",
    "figures_accounts": "<b>Akkauntlar</b>",
    "figures_place": "• {place}: {live} tasi joylandi, {failed} tasi chiqmadi",
    "figures_place_time": (
        "• {place}: {live} tasi joylandi, {failed} tasi chiqmadi, oʻrtacha {mean}"
    ),
    "figures_left": "• va yana {count} ta",
    "figures_renders": (
        "<b>Mashuplar</b>: {made} ta tayyor (video {time}), {failed} ta chiqmadi, "
        "{cancelled} ta bekor qilindi"
    ),
    "figures_render_cause": "Koʻpincha chiqmagan ({count} ×): {what}",
    "figures_now": "<b>Hozir</b>: {waiting} tasi jarayonda, {unknown} tasining natijasi nomaʼlum",
    "figures_quota": "Kvota: {quotas}",
    "figures_quota_item": "{account}: {used}/{limit} ({quota})",
    "figures_disk": "Disk: {room} joy bor, videolar {spool} egallagan",
    "figures_session": "Ishga tushganiga {time} boʻldi",
    "figures_advice": "<b>Nima yordam beradi</b>",
    "figures_well": "Hammasi joyida, hech narsa qilish shart emas.",
    "figures_caption": "Muvaffaqiyat va davomiylik · {period}",
    "figures_axis_uploads": "yuklashlar",
    "figures_axis_live": "joylandi",
    "figures_axis_failed": "chiqmadi",
    "figures_axis_seconds": "joylanguncha, soniya",
    "figures_post_head": "<b>{post_id}-post</b>: {state}",
    "figures_post_total": "Qabuldan joylanguncha: {time}",
    "figures_post_nothing": "Bu post boʻyicha hali hech narsa oʻlchanmagan.",
    "figures_post_place": "<b>{place}</b>: {state}",
    "figures_post_step": "• {stage}: {time}",
    "figures_post_bytes": "• {stage}: {time}, {size}",
    "figures_post_speed": "• {stage}: {time}, {size}, tezligi {speed}",
    "figures_post_wait": "• kutildi ({reason}): {time}",
    "figures_post_resume": "• toʻxtagan joyidan davom etdi: {size} ikkinchi marta yuborilmadi",
    "figures_post_error": "• {at} da chiqmadi: {what}",
    "figures_post_tries": "• {tries}, {size} yuborildi",
    "figures_state_waiting": "kutyapti",
    "figures_state_uploading": "yuklanmoqda",
    "figures_state_committing": "joylanmoqda",
    "figures_state_processing": "platformada ishlov berilyapti",
    "figures_state_live": "joylandi",
    "figures_state_failed": "chiqmadi",
    "figures_state_cancelled": "bekor qilindi",
    "figures_state_unknown": "natijasi nomaʼlum",
    "advice_sign_in": (
        "{platform} · {account}: {failed} ta xatodan {refused} tasida kirish rad etilgan. "
        "Akkauntni qayta ulang: /accounts"
    ),
    "advice_disk": (
        "Diskda {room} joy qoldi, videolar {spool} egallagan. Joy boʻshating yoki temp_dir ni "
        "kattaroq diskka oʻtkazing."
    ),
    "advice_quota": (
        "{platform} · {account}: {limit} tadan {used} ishlatildi ({quota}). Videolarni akkauntlar "
        "guruhiga taqsimlang (/groups) yoki kuting, qachongacha: /limits"
    ),
    "advice_crashes": (
        "{crashed} ta urinish dastur toʻxtab qolgani uchun uzildi. karvon doctor ni ishga "
        "tushiring va mashinada xotira yetarlimi, qarang."
    ),
    "advice_unsteady": (
        "{platform}: {tries} ta urinishdan {failed} tasi yoʻlda uzildi. Tarmoqni va platformaning "
        "holat sahifasini tekshiring; upload_workers ni kamaytirish yordam berishi mumkin."
    ),
    "advice_rate_limited": (
        "{platform}: {tries} ta urinishdan {failed} tasida sekinlashish soʻraldi. "
        "rotation.post_gap_seconds ni belgilang yoki koʻproq akkaunt qoʻshing."
    ),
    "advice_rejected": (
        "{platform} {uploads} ta yuklashdan {rejected} tasini rad etdi. Quyidagi oxirgi xatoga "
        "qarang; faylga nima yetishmasligini karvon fit koʻrsatadi."
    ),
    "advice_resume_vain": (
        "{platform}: davom ettirilgan {resumes} ta yuklashning birortasida ham yuborilgani "
        "saqlanib qolmagan. Uzoq yuklashlarni uzadigan proksi yoki fayrvol bormi, qarang."
    ),
    "advice_turns": (
        "Yuklashlar navbatda {waited} turdi, ishning hammasi esa {worked} oldi. upload_workers ni "
        "oshiring (hozir {upload_workers})."
    ),
    "advice_slow_source": (
        "Yuklashlar videoni {waited} kutdi, yuborishga esa {sent} ketdi. Sekinlatayotgani – "
        "videoni olish: tezroq aloqa yoki oʻz Bot API serveringiz yordam beradi."
    ),
    "advice_fallback": (
        "{texts} ta matndan {fallback} tasi modelsiz tuzildi. groq.api_key va groq.model ni "
        "tekshiring yoki groq.timeout_seconds ni oshiring."
    ),
    "advice_slower": (
        "Hozir oʻrtacha {mean} ketyapti, avval {before} ketardi. Eng koʻp vaqt oladigani: {stage}."
    ),
}
