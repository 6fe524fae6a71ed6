"""Uzbek sentences about files that do not fit and what is done about it."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

REFUSED: Sentences = {
    "fit_too_big": "Fayl hajmi {actual}, {platform} esa {limit} gacha oladi. Uni kichraytiring.",
    "fit_too_long": (
        "Davomiyligi {actual}, {platform} esa {limit} gacha oladi. Videoni qisqartiring."
    ),
    "fit_too_short": (
        "Davomiyligi {actual}, {platform} esa kamida {limit} soʻraydi. Uzunroq video yuboring."
    ),
    "fit_frame_rate_high": "Sekundiga {actual} kadr, {platform} esa {limit} gacha oladi.",
    "fit_frame_rate_low": "Sekundiga {actual} kadr, {platform} esa kamida {limit} soʻraydi.",
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
    "fit_container": "{platform} {actual} konteynerini olmaydi. MP4 yuboring.",
    "fit_video_codec": "{platform} {actual} video kodekini olmaydi. H.264 yuboring.",
    "fit_audio_codec": "{platform} {actual} ovoz kodekini olmaydi. AAC yuboring.",
    "fit_index_last": (
        "Indeksi fayl oxirida turibdi, {platform} buni olmaydi. Videoni veb uchun saqlang (“fast "
        "start”)."
    ),
    "fit_empty_file": "Fayl boʻsh. Uni yana yuboring.",
    "fit_other": "Fayl {platform} uchun mos emas ({text}): {actual}, ruxsat etilgani {limit}.",
}

ADVICE: Sentences = {}

REMEDIES: Sentences = {}

ERRORS: Sentences = {}

COMMAND: Sentences = {}

SENTENCES: Sentences = {**REFUSED, **ADVICE, **REMEDIES, **ERRORS, **COMMAND}
