"""Uzbek sentences about files that do not fit and what is done about it."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

REFUSED: Sentences = {
    "fit_too_big": "Fayl hajmi {actual}, {platform} esa {limit} gacha oladi. Uni kichraytiring.",
    "fit_much_too_big": (
        "Davomiyligi {actual}: shuncha uzun video {platform} oladigan {limit} ga sigʻdirilsa, "
        "tasviri yaroqsiz boʻladi. Uni qisqartiring."
    ),
    "fit_too_long": (
        "Davomiyligi {actual}, {platform} esa {limit} gacha oladi. Videoni qisqartiring."
    ),
    "fit_too_short": (
        "Davomiyligi {actual}, {platform} esa kamida {limit} soʻraydi. Uzunroq video yuboring."
    ),
    "fit_frame_rate_high": "Sekundiga {actual} kadr, {platform} esa {limit} gacha oladi.",
    "fit_frame_rate_low": "Sekundiga {actual} kadr, {platform} esa kamida {limit} soʻraydi.",
    "fit_variable_rate": "Kadrlari bir tekis emas, {platform} bundayini olmaydi.",
    "fit_too_wide": "Eni {actual} px, {platform} esa {limit} gacha oladi. Uni kichraytiring.",
    "fit_too_narrow": "Eni {actual} px, {platform} esa kamida {limit} soʻraydi.",
    "fit_too_high": "Boʻyi {actual} px, {platform} esa {limit} gacha oladi. Uni kichraytiring.",
    "fit_too_low": "Boʻyi {actual} px, {platform} esa kamida {limit} soʻraydi.",
    "fit_aspect_wide": "{platform} uchun kadr juda keng ({actual}, koʻpi bilan {limit}).",
    "fit_aspect_tall": "{platform} uchun kadr juda baland ({actual}, kamida {limit}).",
    "fit_side_long": (
        "Uzun tomoni {actual} px, {platform} esa {limit} gacha oladi. Uni kichraytiring."
    ),
    "fit_side_short": "Qisqa tomoni {actual} px, {platform} esa kamida {limit} soʻraydi.",
    "fit_side_small": "Uzun tomoni {actual} px, {platform} esa kamida {limit} soʻraydi.",
    "fit_container": "{platform} {actual} konteynerini olmaydi. MP4 yuboring.",
    "fit_video_codec": "{platform} {actual} video kodekini olmaydi. H.264 yuboring.",
    "fit_audio_codec": "{platform} {actual} ovoz kodekini olmaydi. AAC yuboring.",
    "fit_audio_rate": "Ovoz chastotasi {actual} Hz, {platform} esa {limit} gacha oladi.",
    "fit_audio_channels": "Ovozi {actual} kanalli, {platform} esa {limit} tagacha kanal oladi.",
    "fit_no_audio": "Ovozi yoʻq, {platform} esa ovozsiz video olmaydi.",
    "fit_pixel_format": "Ranglari {actual} formatida, {platform} bundayini olmaydi.",
    "fit_hdr": "Bu HDR video, {platform} esa SDR oladi.",
    "fit_bit_rate": "Bitreyti {actual}, {platform} esa {limit} gacha oladi. Uni kichraytiring.",
    "fit_index_last": (
        "Indeksi fayl oxirida turibdi, {platform} buni olmaydi. Videoni veb uchun saqlang (“fast "
        "start”)."
    ),
    "fit_edit_list": (
        "Unda tahrir roʻyxati (edit list) bor, {platform} bundayini olmaydi. Videoni kesmasdan va "
        "surmasdan qaytadan saqlang."
    ),
    "fit_empty_file": "Fayl boʻsh. Uni yana yuboring.",
    "fit_unmeasured": (
        "Faylda oʻlchami yoki davomiyligi yozilmagan. Uni qaytadan MP4 qilib saqlang."
    ),
    "fit_other": "Fayl {platform} uchun mos emas ({text}): {actual}, ruxsat etilgani {limit}.",
}

ADVICE: Sentences = {
    "fit_warn_aspect_wide": "{platform} tik kadrni tavsiya qiladi ({limit}), buniki {actual}.",
    "fit_warn_aspect_tall": "{platform} kengroq kadrni tavsiya qiladi ({limit}), buniki {actual}.",
    "fit_warn_container": "{platform} MP4 ni tavsiya qiladi, bu esa {actual}.",
    "fit_warn_video_codec": "{platform} H.264 ni tavsiya qiladi, bu esa {actual}.",
    "fit_warn_audio_codec": "{platform} ovoz uchun AAC ni tavsiya qiladi, bu esa {actual}.",
    "fit_warn_audio_rate": "{platform} ovoz uchun {limit} Hz ni tavsiya qiladi, buniki {actual}.",
    "fit_warn_audio_channels": (
        "{platform} {limit} kanalli ovozni tavsiya qiladi, buniki {actual} kanalli."
    ),
    "fit_warn_no_audio": (
        "Ovozi yoʻq; {platform} jim boʻlsa ham ovoz yoʻlagi boʻlishini tavsiya qiladi."
    ),
    "fit_warn_pixel_format": "{platform} 4:2:0 ranglarni tavsiya qiladi, buniki {actual}.",
    "fit_warn_variable_rate": "Kadrlari bir tekis emas; {platform} uchun bir tekisi yaxshiroq.",
    "fit_warn_index_last": "Indeksi fayl oxirida: {platform} uni kechroq koʻrsata boshlaydi.",
    "fit_warn_edit_list": (
        "Unda tahrir roʻyxati (edit list) bor, {platform} uni boshqacha oʻqishi mumkin."
    ),
}

REMEDIES: Sentences = {
    "remedy_remux": "sifatini yoʻqotmay qayta yozish",
    "remedy_cut": "oxirini kesish",
    "remedy_speed": "tezlashtirish",
    "remedy_shape": "kadr shaklini moslash",
    "remedy_scale": "oʻlchamini oʻzgartirish",
    "remedy_smaller": "hajmini kichraytirish",
    "remedy_encode": "qayta kodlash",
    "remedy_sound": "ovozini qayta kodlash",
    "remedy_silence": "jim ovoz yoʻlagi qoʻshish",
    "remedy_loudness": "ovoz balandligini tekislash",
    "remedy_sdr": "HDR dan SDR ga oʻtkazish",
    "remedy_frame_rate": "kadr tezligini oʻzgartirish",
}

ERRORS: Sentences = {
    "fit_error_disk_full": "Disk toʻlgan. Joy boʻshating, yana uriniladi.",
    "fit_error_index_large": "Indeksi kutilganidan katta chiqdi. Yana uriniladi.",
    "fit_error_no_memory": "Xotira yetmadi. fit.at_once yoki fit.threads ni kamaytiring.",
    "fit_error_no_access": "Papkaga yozib boʻlmadi. Huquqlarini tekshiring.",
    "fit_error_no_filter": (
        "Bu ffmpeg da keraklisi yoʻq ({text}). libzimg, libx264 va AAC borini oʻrnating."
    ),
    "fit_error_no_encoder": (
        "Bu ffmpeg da keraklisi yoʻq ({text}). libzimg, libx264 va AAC borini oʻrnating."
    ),
    "fit_error_no_ffmpeg": "ffmpeg topilmadi: uni oʻrnating yoki KARVON_FFMPEG ni kiriting.",
    "fit_error_stalled": "Moslash qotib qoldi va toʻxtatildi. Yana uriniladi.",
    "fit_error_killed": "Moslash tashqaridan toʻxtatildi ({text}). Yana uriniladi.",
    "fit_error_source_gone": "Video endi joyida yoʻq. Uni yana yuboring.",
    "fit_error_broken": (
        "Video buzilgan, uni moslab boʻlmaydi ({text}). Uni qaytadan eksport qiling."
    ),
    "fit_error_damaged": (
        "Moslangan video butun chiqmadi ({text}). Videoni qaytadan eksport qiling."
    ),
}

COMMAND: Sentences = {
    "source_cut_off": "fayl chala: oxiri yoʻq",
    "fit_cut_off": "{path} chala: oxiri yoʻq. Uni qaytadan nusxalang yoki yuklab oling.",
    "fit_line_ok": "✅ {platform}: shu holicha oladi",
    "fit_line_advice": "⚠️ {platform}: shu holicha oladi. {why}",
    "fit_line_fixable": "⚠️ {platform}: {why} → {remedies}",
    "fit_line_hopeless": "❌ {platform}: {why}",
    "fit_line_made": "   tayyor: {path} ({size})",
    "fit_line_failed": "   ❌ {why}",
    "fit_not_a_video": (
        "{path} faylini video sifatida oʻqib boʻlmadi ({text}). Boshqa fayl yuboring."
    ),
    "fit_unknown_platform": "{name} degan platforma yoʻq. Borlari: {known}.",
}

SENTENCES: Sentences = {**REFUSED, **ADVICE, **REMEDIES, **ERRORS, **COMMAND}
