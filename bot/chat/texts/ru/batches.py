"""Russian sentences about batches."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

FILE: Sentences = {
    "batch_file_large": "Размер файла – {size_bytes}, а принимается не больше {limit_bytes}.",
    "batch_file_large_do": "Разделите его на несколько файлов.",
    "batch_file_empty": "Файл пустой.",
    "batch_file_empty_do": "Сохраните и пришлите его ещё раз.",
    "batch_encoding": "Текст не в UTF-8 (байт {position}).",
    "batch_encoding_do": "Сохраните файл в UTF-8.",
    "batch_entries_many": "Клипов в файле – {count}, а принимается не больше {limit}.",
    "batch_entries_many_do": "Разделите его на несколько файлов.",
    "batch_no_entries": "В файле нет ни одного клипа.",
    "batch_no_entries_do": "Добавьте хотя бы один клип с путём.",
    "batch_bad_json": "Это не JSON (позиция {column}): {why}.",
    "batch_bad_json_do": "Исправьте файл в этом месте.",
    "batch_bad_config": "Настройки – не JSON (позиция {column}): {why}.",
    "batch_bad_config_do": "Исправьте настройки в этом месте.",
    "batch_clips_no_list": "«clips» – не список: {given}.",
    "batch_clips_no_list_do": "Запишите клипы списком в квадратных скобках.",
    "batch_no_clips": "В файле нет списка «clips».",
    "batch_no_clips_do": "Пришлите файл с «video_id» и «clips», таблицу или JSON по строкам.",
    "batch_entry_no_object": "Этот клип – не объект JSON: {given}.",
    "batch_entry_no_object_do": "Запишите клип в фигурных скобках, вместе с путём.",
    "batch_bad_table": "С этого места таблица не читается: {why}.",
    "batch_bad_table_do": "Поищите незакрытую кавычку.",
    "batch_column_twice": "Столбец «{name}» встречается дважды.",
    "batch_column_twice_do": "Дайте каждому столбцу своё имя.",
    "batch_no_path_column": "В таблице нет столбца «path» или «filename»; есть: {names}.",
    "batch_no_path_column_do": "Назовите столбец с файлами «path».",
    "batch_row_long": "Ячеек в строке – {cells}, а в заголовке – {columns}.",
    "batch_row_long_do": "Возьмите в кавычки значения, в которых есть разделитель.",
    "batch_bad_value": "«{field}» не может быть «{given}»: {why}.",
    "batch_bad_value_do": "Исправьте это значение.",
    "batch_more_findings": "Замечаний, которых нет в списке, – ещё {count}.",
    "batch_more_findings_do": "Исправьте те, что выше, и проверьте ещё раз.",
}

TEMPLATES: Sentences = {
    "batch_unknown_placeholder": "Поля «{name}» для {field} нет.{near}",
    "batch_unknown_placeholder_do": "Возьмите одно из этих полей: {known}.",
    "batch_near": " Может быть, {near}?",
    "batch_empty_placeholder": "У этого клипа нет «{name}», поэтому в {field} останется пропуск.",
    "batch_empty_placeholder_do": "Добавьте клипу «{name}» или уберите это поле из шаблона.",
    "batch_template_syntax": "{field} не читается: {why}.",
    "batch_template_syntax_do": "Пишите имя поля между { и }, каждую скобку по одному разу.",
    "batch_template_forbidden": "{field} не только называет поле ({what}).",
    "batch_template_forbidden_do": "Можно только имена полей и простые фильтры.",
    "batch_template_filter": "{field}: фильтра «{name}» нет.",
    "batch_template_filter_do": "Возьмите один из этих фильтров: {known}.",
    "batch_template_long": "{field}: знаков получается больше, чем можно ({limit}).",
    "batch_template_long_do": "Сократите текст.",
    "batch_template_value": "{field} не подходит к полям этого клипа: {why}.",
    "batch_template_value_do": "Исправьте поле или уберите фильтр.",
    "batch_text_long": (
        "{platform}: {what} слишком длинное, {unit}: {actual}, а можно не больше {limit}."
    ),
    "batch_text_long_do": "Сократите {field} или уберите {platform}.",
    "batch_tags_long": (
        "{platform}: теги слишком длинные, знаков: {actual}, а можно не больше {limit}."
    ),
    "batch_tags_long_do": "Часть тегов не войдёт; чтобы выбрать какая, оставьте меньше тегов.",
    "batch_title": "название",
    "batch_description": "описание",
    "batch_unit_characters": "знаков",
    "batch_unit_utf16": "знаков",
    "batch_unit_bytes": "байт",
}

FILES: Sentences = {
    "batch_no_path": "Для клипа не указан файл.",
    "batch_no_path_do": "Добавьте клипу поле «path» или «filename».",
    "batch_bad_path": "Это не путь к файлу: {given}.",
    "batch_bad_path_do": "Исправьте путь.",
    "batch_path_outside": "Файл лежит вне разрешённых папок: {given}.",
    "batch_path_outside_do": "Перенесите его туда или добавьте его папку в batches.folders.",
    "batch_missing_file": "Такого файла нет: {given}.",
    "batch_missing_file_do": "Исправьте путь или создайте клип заново.",
    "batch_no_file": "Это папка или устройство, а не файл: {given}.",
    "batch_no_file_do": "Укажите само видео.",
    "batch_file_forbidden": "Файл нельзя прочитать, нет доступа: {given}.",
    "batch_file_forbidden_do": (
        "Дайте к нему доступ пользователю, от имени которого работает Karvon."
    ),
    "batch_file_changed": "После проверки файл изменился: {given}.",
    "batch_empty_file": "Файл пустой: {given}.",
    "batch_empty_file_do": "Создайте клип заново.",
    "batch_not_a_video": "Это не видео, или оно не читается: {given}.",
    "batch_not_a_video_do": "Создайте клип заново или уберите его из списка.",
    "batch_cut_off": "Видео обрывается, конца нет: {given}.",
    "batch_cut_off_do": "Скопируйте или создайте клип заново.",
    "batch_probe_slow": "Проверка видео заняла слишком много времени: {given}.",
    "batch_probe_slow_do": "Посмотрите, воспроизводится ли оно; если нет, создайте клип заново.",
    "batch_no_ffprobe": "Проверить видео нечем: {why}.",
    "batch_no_ffprobe_do": "Установите ffmpeg и проверьте: karvon doctor.",
    "batch_no_folders": "Для пакетов не разрешена ни одна папка.",
    "batch_no_folders_do": "Добавьте папку в batches.folders в настройках.",
    "batch_file_twice": "Тот же файл для того же аккаунта уже есть: клип {first}.",
    "batch_file_twice_do": "Уберите один из двух.",
    "batch_content_twice": "То же видео для того же аккаунта уже есть: клип {first}.",
    "batch_content_twice_do": "Этот клип пропускается; уберите из файла один из двух.",
    "batch_duplicate": "Такое видео там уже есть: {places}.",
    "batch_duplicate_do": "Ещё раз туда не отправится.",
    "batch_done_before": "Этот клип уже опубликован.",
    "batch_done_before_do": "Ещё раз не отправится.",
    "batch_duration_differs": "В файле указано {written} с, а видео длится {actual} с.",
    "batch_duration_differs_do": "Проверьте, тот ли это клип.",
}

TARGETS: Sentences = {
    "batch_bad_target": "Эти площадки не подходят. {why}",
    "batch_bad_target_do": "Исправьте «platforms» или подключите аккаунт.",
    "batch_target_refuses": "Там так нельзя. {why}",
    "batch_target_refuses_do": "Выберите что-нибудь другое или уберите эту площадку.",
    "batch_does_not_fit": "{platform} не принимает это видео. {why}",
    "batch_does_not_fit_do": "Создайте другой клип или уберите {platform}.",
    "batch_is_fitted": "{platform} не принимает это видео как есть. {why}",
    "batch_is_fitted_do": "Видео будет подогнано: {remedies}.",
    "batch_over_quota": (
        "{platform} ({account}): скоро выйдут {soon} из {count} видео, начало последнего – "
        "{until}."
    ),
    "batch_over_quota_do": (
        "Ничего не пропадёт: остальные подождут. Чтобы вышло быстрее, возьмите больше аккаунтов."
    ),
    "batch_over_quota_never": "{platform} ({account}): столько видео не выйдет никогда: {count}.",
    "batch_over_quota_never_do": "Посмотрите /limits или уберите этот аккаунт.",
    "batch_chunk_unused": "{platform}: chunk_size ни на что не влияет.",
    "batch_chunk_unused_do": "Делать ничего не нужно: видео отправляется целиком.",
    "batch_chunk_changed": "{platform}: части будут по {taken} байт, а не по {asked}.",
    "batch_chunk_changed_do": "Делать ничего не нужно.",
}

CHAT: Sentences = {
    "batch_at_entry": "Клип {entry}, строка {line}: {what}",
    "batch_at_number": "Клип {entry}: {what}",
    "batch_at_line": "Строка {line}: {what}",
    "batch_received": (
        "Проверяю <b>{name}</b>. Без вашего согласия ничего не публикую.\nЕщё можно прислать "
        "документом настройки публикации."
    ),
    "batch_received_config": (
        "Проверяю <b>{name}</b> с вашими настройками. Без вашего согласия ничего не публикую."
    ),
    "batch_config_kept": "Настройки принял. Теперь в течение часа пришлите список клипов.",
    "batch_config_used": "Проверяю <b>{name}</b> заново, уже с этими настройками.",
    "batch_config_late": "Пакет {batch_id} уже публикуется, его настройки не изменить.",
    "batch_checked": (
        "<b>{name}</b>: клипов можно опубликовать – {planned} из {entries}.{done}{counts}"
    ),
    "batch_checked_none": (
        "<b>{name}</b>: опубликовать нельзя ни один клип (всего {entries}).{done}{counts}"
    ),
    "batch_checked_done": "\nУже опубликовано раньше: {count}.",
    "batch_checked_counts": "\n⛔ проблем: {blocks}, ⚠️ требуют внимания: {warns}",
    "batch_checked_more": "… и ещё {count} – в документе ниже.",
    "batch_finding_block": "⛔ {what} <i>{remedy}</i>",
    "batch_finding_warn": "⚠️ {what} <i>{remedy}</i>",
    "batch_finding_note": "• {what} <i>{remedy}</i>",
    "batch_findings": "Всё, что найдено в <b>{name}</b>.",
    "batch_refused": "Не могу прочитать этот файл. {what}\n{remedy}",
    "batch_fetch": "Не удалось скачать этот файл: {why}. Пришлите его ещё раз.",
    "batch_unknown": "Пакета {batch_id} нет.",
    "batch_line": "Для пакета строка <code>{line}:</code> не подходит. Уберите её из подписи.",
    "batch_kind": (
        "{name} – не список клипов. Подойдут .json с «clips», .csv или .jsonl, где каждый клип – "
        "на своей строке."
    ),
    "batch_broken": (
        "Проверить <b>{name}</b> не удалось. Посмотрите, в чём дело (/doctor), и пришлите пакет "
        "снова."
    ),
    "batch_left": "Из <b>{name}</b> ничего не публикую.",
    "batch_result": (
        "Пакет {batch_id} (<b>{name}</b>) завершён: опубликовано – {live}, не удалось – {failed}, "
        "отменено – {cancelled}."
    ),
    "batch_card": "<b>Пакет {batch_id}</b>: {name}",
    "batch_card_stopping": "<b>Пакет {batch_id}</b>: {name} – останавливаю",
    "batch_card_done": "<b>Пакет {batch_id}</b>: {name} – готово",
    "batch_card_progress": "{percent} – загрузок завершено {ended} из {total}",
    "batch_state_live": "✅ опубликовано: {count}",
    "batch_state_processing": "⚙️ обрабатывается: {count}",
    "batch_state_uploading": "⬆️ загружается: {count}",
    "batch_state_waiting": "⏳ ждёт: {count}",
    "batch_state_unknown": "❓ исход неизвестен: {count}",
    "batch_state_failed": "❌ не удалось: {count}",
    "batch_state_cancelled": "🚫 отменено: {count}",
    "batch_state_planned": "… не начато: {count}",
    "batch_state_bad": "⛔ пропущено из-за проблем: {count}",
    "batch_state_left": "– пропущено: {count}",
    "batch_state_refused": "⛔ не принято: {count}",
    "batch_cause": "{count} × {platform}: {why}",
    "batch_cause_plain": "{count} × {platform}",
    "batch_asks": "Ждут вашего ответа: {posts}",
    "batch_failed_posts": "Посмотрите: {posts}",
    "button_batch_all": "Опубликовать все",
    "button_batch_good": "Только те, что без ⚠️",
    "button_batch_leave": "Не публиковать",
    "button_batch_cancel": "Остановить пакет",
    "button_batch_retry": "Повторить неудавшееся",
}

SENTENCES: Sentences = {**FILE, **TEMPLATES, **FILES, **TARGETS, **CHAT}
