"""Russian sentences about files that do not fit and what is done about it."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

REFUSED: Sentences = {
    "fit_too_big": "Размер файла – {actual}, а {platform} принимает до {limit}. Уменьшите файл.",
    "fit_much_too_big": (
        "Длительность – {actual}: если ужать такое видео до {limit} (больше {platform} не "
        "принимает), смотреть его будет невозможно. Обрежьте его."
    ),
    "fit_too_long": "Длительность – {actual}, а {platform} принимает до {limit}. Обрежьте видео.",
    "fit_too_short": (
        "Длительность – {actual}, а {platform} требует не меньше {limit}. Пришлите видео "
        "подлиннее."
    ),
    "fit_frame_rate_high": "Частота – {actual} кадров/с, а {platform} принимает до {limit}.",
    "fit_frame_rate_low": "Частота – {actual} кадров/с, а {platform} требует от {limit}.",
    "fit_variable_rate": "Частота кадров непостоянна, а {platform} такое не принимает.",
    "fit_too_wide": "Ширина – {actual} px, а {platform} принимает до {limit}. Уменьшите кадр.",
    "fit_too_narrow": "Ширина – {actual} px, а {platform} требует от {limit}.",
    "fit_too_high": "Высота – {actual} px, а {platform} принимает до {limit}. Уменьшите кадр.",
    "fit_too_low": "Высота – {actual} px, а {platform} требует от {limit}.",
    "fit_aspect_wide": "Кадр слишком широкий для {platform} ({actual}, допустимо до {limit}).",
    "fit_aspect_tall": "Кадр слишком высокий для {platform} ({actual}, допустимо от {limit}).",
    "fit_side_long": (
        "Длинная сторона – {actual} px, а {platform} принимает до {limit}. Уменьшите кадр."
    ),
    "fit_side_short": "Короткая сторона – {actual} px, а {platform} требует от {limit}.",
    "fit_side_small": "Длинная сторона – {actual} px, а {platform} требует от {limit}.",
    "fit_container": "{platform} не принимает контейнер {actual}. Пришлите MP4.",
    "fit_video_codec": "{platform} не принимает видеокодек {actual}. Пришлите H.264.",
    "fit_audio_codec": "{platform} не принимает аудиокодек {actual}. Пришлите AAC.",
    "fit_audio_rate": "Частота звука – {actual} Гц, а {platform} принимает до {limit}.",
    "fit_audio_channels": "Каналов звука – {actual}, а {platform} принимает до {limit}.",
    "fit_no_audio": "В видео нет звука, а {platform} его требует.",
    "fit_pixel_format": "Формат цвета – {actual}, а {platform} его не принимает.",
    "fit_hdr": "Это видео в HDR, а {platform} принимает SDR.",
    "fit_bit_rate": "Битрейт – {actual}, а {platform} принимает до {limit}. Уменьшите его.",
    "fit_index_last": (
        "Индекс стоит в конце файла, а {platform} такое не принимает. Сохраните видео для веба "
        "(«fast start»)."
    ),
    "fit_edit_list": (
        "В файле есть список монтажа (edit list), а {platform} такое не принимает. Сохраните "
        "видео заново, без обрезки и сдвигов."
    ),
    "fit_empty_file": "Файл пустой. Пришлите его ещё раз.",
    "fit_unmeasured": (
        "В файле не указаны размер кадра или длительность. Сохраните его заново в MP4."
    ),
    "fit_other": "Файл не подходит для {platform} ({text}): {actual}, а допустимо {limit}.",
}

ADVICE: Sentences = {
    "fit_warn_aspect_wide": "{platform} советует вертикальный кадр ({limit}), а здесь – {actual}.",
    "fit_warn_aspect_tall": "{platform} советует кадр пошире ({limit}), а здесь – {actual}.",
    "fit_warn_container": "{platform} советует MP4, а здесь – {actual}.",
    "fit_warn_video_codec": "{platform} советует H.264, а здесь – {actual}.",
    "fit_warn_audio_codec": "{platform} советует для звука AAC, а здесь – {actual}.",
    "fit_warn_audio_rate": "{platform} советует частоту звука {limit} Гц, а здесь – {actual}.",
    "fit_warn_audio_channels": "{platform} советует каналов звука – {limit}, а здесь – {actual}.",
    "fit_warn_no_audio": "В видео нет звука, а {platform} советует дорожку, пусть и беззвучную.",
    "fit_warn_pixel_format": "{platform} советует цвет 4:2:0, а здесь – {actual}.",
    "fit_warn_variable_rate": "Частота кадров непостоянна, а {platform} советует постоянную.",
    "fit_warn_index_last": "Индекс стоит в конце файла: {platform} начнёт показ не сразу.",
    "fit_warn_edit_list": (
        "В файле есть список монтажа (edit list), {platform} может понять его иначе."
    ),
}

REMEDIES: Sentences = {
    "remedy_remux": "перепаковка без потерь",
    "remedy_cut": "обрезка конца",
    "remedy_speed": "ускорение",
    "remedy_shape": "другие пропорции кадра",
    "remedy_scale": "другой размер кадра",
    "remedy_smaller": "сжатие",
    "remedy_encode": "перекодирование",
    "remedy_sound": "перекодирование звука",
    "remedy_silence": "беззвучная дорожка",
    "remedy_loudness": "выравнивание громкости",
    "remedy_sdr": "перевод HDR в SDR",
    "remedy_frame_rate": "другая частота кадров",
}

ERRORS: Sentences = {
    "fit_error_disk_full": "Диск заполнен. Освободите место, и попытка повторится.",
    "fit_error_index_large": "Индекс оказался больше, чем ожидалось. Будет новая попытка.",
    "fit_error_no_memory": "Не хватает памяти. Уменьшите fit.at_once или fit.threads.",
    "fit_error_no_access": "Нет права записи в папку. Проверьте её права доступа.",
    "fit_error_no_filter": (
        "В этом ffmpeg нет нужного ({text}). Установите сборку с libzimg, libx264 и AAC."
    ),
    "fit_error_no_encoder": (
        "В этом ffmpeg нет нужного ({text}). Установите сборку с libzimg, libx264 и AAC."
    ),
    "fit_error_no_ffmpeg": "ffmpeg не найден: установите его или задайте KARVON_FFMPEG.",
    "fit_error_stalled": "Подгонка зависла и остановлена. Попытка повторится.",
    "fit_error_killed": "Подгонку прервали извне ({text}). Попытка повторится.",
    "fit_error_source_gone": "Видео больше нет на месте. Пришлите его ещё раз.",
    "fit_error_broken": (
        "Видео повреждено, подогнать его нельзя ({text}). Экспортируйте его заново."
    ),
    "fit_error_damaged": "Результат повреждён ({text}). Экспортируйте видео заново.",
}

COMMAND: Sentences = {
    "source_cut_off": "файл обрывается: конца нет",
    "fit_cut_off": "{path}: файл обрывается, конца нет. Скопируйте или скачайте его ещё раз.",
    "fit_line_ok": "✅ {platform}: принимает как есть",
    "fit_line_advice": "⚠️ {platform}: принимает как есть. {why}",
    "fit_line_fixable": "⚠️ {platform}: {why} → {remedies}",
    "fit_line_hopeless": "❌ {platform}: {why}",
    "fit_line_made": "   готово: {path} ({size})",
    "fit_line_failed": "   ❌ {why}",
    "fit_not_a_video": "{path}: это не видео, или оно не читается ({text}). Пришлите другой файл.",
    "fit_unknown_platform": "{name} – не платформа. Есть: {known}.",
}

SENTENCES: Sentences = {**REFUSED, **ADVICE, **REMEDIES, **ERRORS, **COMMAND}
