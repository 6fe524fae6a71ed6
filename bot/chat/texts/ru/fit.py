"""Russian sentences about files that do not fit and what is done about it."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

REFUSED: Sentences = {
    "fit_too_big": "Размер файла – {actual}, а {platform} принимает до {limit}. Уменьшите его.",
    "fit_too_long": "Длительность – {actual}, а {platform} принимает до {limit}. Укоротите видео.",
    "fit_too_short": (
        "Длительность – {actual}, а {platform} требует не меньше {limit}. Пришлите видео "
        "подлиннее."
    ),
    "fit_frame_rate_high": "Частота – {actual} кадров/с, а {platform} принимает до {limit}.",
    "fit_frame_rate_low": "Частота – {actual} кадров/с, а {platform} требует от {limit}.",
    "fit_too_wide": "Ширина – {actual} px, а {platform} принимает до {limit}. Уменьшите картинку.",
    "fit_too_narrow": "Ширина – {actual} px, а {platform} требует от {limit}.",
    "fit_too_high": "Высота – {actual} px, а {platform} принимает до {limit}. Уменьшите картинку.",
    "fit_too_low": "Высота – {actual} px, а {platform} требует от {limit}.",
    "fit_aspect_wide": "Слишком широкий кадр для {platform} ({actual}, допустимо до {limit}).",
    "fit_aspect_tall": "Слишком высокий кадр для {platform} ({actual}, допустимо от {limit}).",
    "fit_side_long": (
        "Длинная сторона – {actual} px, а {platform} принимает до {limit}. Уменьшите картинку."
    ),
    "fit_side_short": "Короткая сторона – {actual} px, а {platform} требует от {limit}.",
    "fit_container": "{platform} не принимает контейнер {actual}. Пришлите MP4.",
    "fit_video_codec": "{platform} не принимает видеокодек {actual}. Пришлите H.264.",
    "fit_audio_codec": "{platform} не принимает аудиокодек {actual}. Пришлите AAC.",
    "fit_index_last": (
        "Индекс стоит в конце файла, такое {platform} не принимает. Сохраните видео для веба "
        "(«fast start»)."
    ),
    "fit_empty_file": "Файл пустой. Пришлите его ещё раз.",
    "fit_other": "Файл не подходит для {platform} ({text}): {actual}, допустимо {limit}.",
}

ADVICE: Sentences = {}

REMEDIES: Sentences = {}

ERRORS: Sentences = {}

COMMAND: Sentences = {}

SENTENCES: Sentences = {**REFUSED, **ADVICE, **REMEDIES, **ERRORS, **COMMAND}
