"""Russian sentences about making mashups."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

WIZARD: Sentences = {
    "cmd_mashup": "собрать видео из частей",
    "help_mashup": (
        "/mashup – собрать видео из частей, шаг за шагом; /mashup 20 upbeat – сразу много\n"
        "/renders – готовые видео и те, что в работе"
    ),
    "mashup_head": "🎬 <b>Мэшап</b> · шаг {number} из {of}",
    "mashup_step_source": (
        "<b>Какое видео будет главным?</b> Выберите его, пришлите мне видео или картинку без "
        "подписи или ответьте ими на это сообщение. Чтобы искать в списке, напишите слова."
    ),
    "mashup_step_template": (
        "<b>Что показать рядом?</b> Выберите шаблон или пришлите его без подписи. Пропустите этот "
        "шаг, и будет только ваше видео."
    ),
    "mashup_step_music": (
        "<b>Какую музыку взять?</b> Послушать: ▶; можно прислать и свою. Пропустите этот шаг, "
        "чтобы оставить звук видео."
    ),
    "mashup_step_layout": "<b>Как расположить части в кадре?</b>",
    "mashup_step_words": (
        "<b>Нужен текст на видео?</b> Напишите его или пришлите файл SRT или ASS. Строка вроде "
        "<code>watermark: @name</code> добавит водяной знак в углу, а <code>credit: …</code> "
        "назовёт автора внизу."
    ),
    "mashup_step_targets": (
        "<b>Куда публиковать?</b> Выберите площадки и напишите подпись; строки в ней – обычные, "
        "например <code>to: youtube</code>. Если ничего не выбрать, я только соберу видео."
    ),
    "mashup_step_review": "<b>Всё готово.</b> Посмотрите три секунды или собирайте сразу.",
    "mashup_nearly": "<b>Почти готово.</b> Чего не хватает, сказано ниже.",
    "mashup_chosen_source": "Видео: {name}",
    "mashup_chosen_template": "Рядом: {name}",
    "mashup_chosen_no_source": "Видео: ещё не выбрано",
    "mashup_chosen_no_template": "Рядом: ничего",
    "mashup_chosen_music": "Музыка: {name}",
    "mashup_chosen_no_music": "Музыка: нет",
    "mashup_chosen_layout": "Кадр: {layout}, {aspect}, {length}",
    "mashup_chosen_words": "Текст: {text}",
    "mashup_chosen_file": "Текст: из {name}",
    "mashup_chosen_no_words": "Текст: нет",
    "mashup_chosen_watermark": "Водяной знак: {text}",
    "mashup_chosen_foot": "Внизу: {text}",
    "mashup_chosen_targets": "Куда: {names}",
    "mashup_chosen_no_targets": "Куда: никуда, только собрать",
    "mashup_chosen_post": "Подпись: {text}",
    "mashup_drawn": "🎲 {line}",
    "mashup_seed": "🎲 Случайный выбор {seed}",
    "mashup_unnamed": "без названия",
    "mashup_layout_side": "бок о бок",
    "mashup_layout_stack": "одно над другим",
    "mashup_layout_full": "во весь кадр",
    "mashup_layout_corner": "маленькое в углу",
    "mashup_layout_sequence": "друг за другом",
    "mashup_length": "{length}",
    "mashup_as_source": "по длине видео",
    "mashup_row": "▫️ {number}. {name} · {facts}",
    "mashup_row_on": "☑️ {number}. {name} · {facts}",
    "mashup_picture": "картинка",
    "mashup_uses": {
        "one": "использовано {count} раз",
        "few": "использовано {count} раза",
        "many": "использовано {count} раз",
        "other": "использовано {count} раза",
    },
    "mashup_page": "Страница {page} из {pages}",
    "mashup_none_source": (
        "В вашей библиотеке ещё нет видео. Пришлите видео сейчас или добавьте командой /add."
    ),
    "mashup_none_template": (
        "В вашей библиотеке ещё нет шаблонов. Добавьте шаблон (/add) или пропустите этот шаг."
    ),
    "mashup_none_music": (
        "В вашей библиотеке ещё нет музыки. Добавьте её (/add) или пропустите этот шаг."
    ),
    "mashup_none_found": "Такого здесь нет. Напишите другие слова или выберите что-нибудь другое.",
    "mashup_no_accounts": (
        "Не подключён ни один канал, поэтому видео я только соберу. Подключить канал: /connect"
    ),
    "mashup_only_made": "Площадки не выбраны: видео я только соберу, опубликовать можно и потом.",
    "mashup_needs_post": "⚠️ Напишите подпись, с которой публиковать видео.",
    "mashup_more_findings": {
        "one": "… и ещё {count} замечание",
        "few": "… и ещё {count} замечания",
        "many": "… и ещё {count} замечаний",
        "other": "… и ещё {count} замечания",
    },
    "mashup_blocked": "Так собрать нельзя. Вернитесь и исправьте то, что названо выше.",
}

NOTES: Sentences = {
    "mashup_note_deleted": "⚠️ Того, что вы здесь выбрали, в библиотеке больше нет.",
    "mashup_note_added": "«{name}» теперь в вашей библиотеке.",
    "mashup_note_known": "«{name}» уже есть в вашей библиотеке, беру оттуда.",
    "mashup_note_fetching": "⬇️ Ваш файл в пути. Как только он будет здесь, я его выберу.",
    "mashup_note_not_added": "⚠️ Ваш файл не взят. Почему, сказано в его сообщении.",
    "mashup_note_searched": "Показано найденное по запросу «{search}».",
    "mashup_note_words": "Текст сохранён.",
    "mashup_note_captions": "Текст из «{name}» сохранён.",
    "mashup_note_post": "Подпись сохранена.",
    "mashup_note_preview": "👁 Три секунды уже собираются, скоро пришлю.",
}

ENDS: Sentences = {
    "mashup_again": (
        "У вас есть незаконченный мэшап (шаг {number} из {of}). Продолжить его или начать заново?"
    ),
    "mashup_goes_on": (
        "🎬 Выбрано: «{name}». Мэшап продолжается в сообщении, на которое отвечает это."
    ),
    "mashup_left": "🎬 Ничего не собираю. Начать новый мэшап: /mashup",
    "mashup_expired": "🎬 Этот мэшап ждал слишком долго и закрыт. Начать новый: /mashup",
    "mashup_sent": "🎬 Рендер {render_id} отправлен в работу. Как он идёт, видно в его карточке.",
    "mashup_sent_many": {
        "one": "🎬 {count} мэшап отправлен в работу. Как он идёт, видно в его карточке.",
        "few": "🎬 {count} мэшапа отправлены в работу. Как они идут, видно в их карточке.",
        "many": "🎬 {count} мэшапов отправлены в работу. Как они идут, видно в их карточке.",
        "other": "🎬 {count} мэшапа отправлены в работу. Как они идут, видно в их карточке.",
    },
    "mashup_closed": "Этот мэшап закрыт. Начать новый: /mashup",
    "mashup_not_yours": "Это чужой мэшап. Начать свой: /mashup",
    "mashup_moved": "Это кнопка прежнего шага. Где вы сейчас, видно в сообщении.",
    "mashup_write_post": "Сначала напишите подпись или нажмите «Только собрать».",
    "mashup_not_fetched": "Не удалось скачать ваш файл: {why}.",
    "mashup_no_source": "Сначала выберите видео.",
    "mashup_caption_long": ("Слишком длинно: можно не больше {limit} знаков. Напишите короче."),
    "mashup_not_captions": ("Это не файл субтитров. Пришлите файл с окончанием .srt или .ass."),
    "mashup_captions_big": "Для субтитров файл слишком большой ({size}). Можно до {limit}.",
    "mashup_not_yet": "Ваш файл ещё в пути. Подождите, пока он будет здесь.",
    "mashup_not_here": (
        "Для этого шага это не подходит. Выберите из списка или пришлите то, о чём он просит."
    ),
    "mashup_press": "Для этого шага это не подходит. Нажмите одну из кнопок под сообщением.",
    "mashup_all_chosen": (
        "Вы всё выбрали сами. Вернитесь к шагу, который нужно выбрать случайно."
    ),
    "mashup_unclear_place": (
        "«{place}» нельзя указать отдельно: так называется ещё один аккаунт, или в имени есть "
        "запятая. Переименуйте его: /accounts"
    ),
    "mashup_asset_gone": "Этого в библиотеке больше нет. Выберите другое.",
}

MANY: Sentences = {
    "mashup_many_head": {
        "one": (
            "🎬 <b>{count} мэшап</b>: {sources}, {templates}, {music}; общая длительность – "
            "{seconds}.\n🎲 План {seed}"
        ),
        "few": (
            "🎬 <b>{count} мэшапа</b>: {sources}, {templates}, {music}; общая длительность – "
            "{seconds}.\n🎲 План {seed}"
        ),
        "many": (
            "🎬 <b>{count} мэшапов</b>: {sources}, {templates}, {music}; общая длительность – "
            "{seconds}.\n🎲 План {seed}"
        ),
        "other": (
            "🎬 <b>{count} мэшапа</b>: {sources}, {templates}, {music}; общая длительность – "
            "{seconds}.\n🎲 План {seed}"
        ),
    },
    "mashup_many_sources": {
        "one": "{count} видео",
        "few": "{count} видео",
        "many": "{count} видео",
        "other": "{count} видео",
    },
    "mashup_many_templates": {
        "one": "{count} шаблон",
        "few": "{count} шаблона",
        "many": "{count} шаблонов",
        "other": "{count} шаблона",
    },
    "mashup_many_music": {
        "one": "{count} трек",
        "few": "{count} трека",
        "many": "{count} треков",
        "other": "{count} трека",
    },
    "mashup_many_example": "• {names} · ♪ {music}",
    "mashup_many_example_plain": "• {names}",
    "mashup_many_more": {
        "one": "… и ещё {count} мэшап",
        "few": "… и ещё {count} мэшапа",
        "many": "… и ещё {count} мэшапов",
        "other": "… и ещё {count} мэшапа",
    },
    "mashup_many_changed": (
        "⚠️ За это время библиотека изменилась. Вот что получится теперь; нажмите ещё раз."
    ),
    "mashup_many_usage": (
        "Напишите, сколько мэшапов собрать (не больше {most}), и настроение музыки: "
        "<code>/mashup 20 upbeat</code>. Строки ниже называют части: <code>from: beach, #cats, "
        "12</code>, <code>templates: …</code>, <code>music: …</code>. А просто /mashup собирает "
        "один, шаг за шагом."
    ),
    "mashup_many_mood": (
        "Музыки с настроением «{mood}» нет. Есть: {known}. Напишите одно из этих или никакого."
    ),
    "mashup_many_no_moods": (
        "Ни у одного трека в библиотеке не указано настроение. Напишите просто <code>/mashup "
        "{count}</code> или добавьте музыку командой /add."
    ),
    "mashup_many_key": (
        "Строки «{given}:» я не знаю. Части для многих мэшапов называют так: {known}. Подпись "
        "пишется потом."
    ),
    "mashup_many_from_source": "Только эти видео: {names}",
    "mashup_many_from_template": "Только эти шаблоны: {names}",
    "mashup_many_from_music": "Только эта музыка: {names}",
    "mashup_many_mooded": "Настроение музыки: {mood}",
    "mashup_many_choose_source": {
        "one": (
            "🎬 <b>Из каких видео</b> собрать {count} мэшап? Нажимайте их номера; слова, которые "
            "вы напишете, ищут по списку."
        ),
        "few": (
            "🎬 <b>Из каких видео</b> собрать {count} мэшапа? Нажимайте их номера; слова, которые "
            "вы напишете, ищут по списку."
        ),
        "many": (
            "🎬 <b>Из каких видео</b> собрать {count} мэшапов? Нажимайте их номера; слова, "
            "которые вы напишете, ищут по списку."
        ),
        "other": (
            "🎬 <b>Из каких видео</b> собрать {count} мэшапа? Нажимайте их номера; слова, которые "
            "вы напишете, ищут по списку."
        ),
    },
    "mashup_many_choose_template": (
        "🎬 <b>Какие шаблоны</b> поставить рядом? Нажимайте их номера; слова, которые вы "
        "напишете, ищут по списку."
    ),
    "mashup_many_choose_music": (
        "🎬 <b>Какую музыку</b> взять? Нажимайте номера; слова, которые вы напишете, ищут по "
        "списку."
    ),
    "mashup_many_chosen": {
        "one": "Выбрано: {count}.",
        "few": "Выбрано: {count}.",
        "many": "Выбрано: {count}.",
        "other": "Выбрано: {count}.",
    },
    "mashup_many_chosen_none": "Ничего не выбрано – значит, подойдёт всё из библиотеки.",
    "mashup_many_chosen_most": "Больше {most} выбрать нельзя. Сначала уберите что-нибудь.",
    "mashup_no_such_source": (
        "Среди ваших видео нет ни названия «{name}», ни таких слов. Напишите название, слова, "
        "номер или #тег из /library."
    ),
    "mashup_no_such_template": (
        "Среди ваших шаблонов нет ни названия «{name}», ни таких слов. Напишите название, слова, "
        "номер или #тег из /library."
    ),
    "mashup_no_such_music": (
        "Среди вашей музыки нет ни названия «{name}», ни таких слов. Напишите название, слова, "
        "номер или #тег из /library."
    ),
}

BUTTONS: Sentences = {
    "button_mashup_number": "{number}",
    "button_mashup_on": "✓ {words}",
    "button_mashup_listen": "▶ {number}",
    "button_mashup_pictures": "🖼 Картинки",
    "button_mashup_earlier": "◀",
    "button_mashup_later": "▶",
    "button_mashup_kind_source": "Видео",
    "button_mashup_kind_template": "Шаблоны",
    "button_mashup_kind_hot": "Тренды",
    "button_mashup_kind_product": "Товары",
    "button_mashup_any_mood": "Любое настроение",
    "button_mashup_mood": "{mood}",
    "button_mashup_layout_side": "◧ Бок о бок",
    "button_mashup_layout_stack": "⬒ Одно над другим",
    "button_mashup_layout_full": "▢ Во весь кадр",
    "button_mashup_layout_corner": "◳ Маленькое в углу",
    "button_mashup_layout_sequence": "⇥ Друг за другом",
    "button_mashup_aspect": "{aspect}",
    "button_mashup_length": "{length}",
    "button_mashup_look_outline": "Буквы: с обводкой",
    "button_mashup_look_box": "Буквы: на плашке",
    "button_mashup_place_top": "Место: вверху",
    "button_mashup_place_middle": "Место: в центре",
    "button_mashup_place_bottom": "Место: внизу",
    "button_mashup_no_words": "Без текста",
    "button_mashup_no_mark": "Без знака",
    "button_mashup_no_credit": "Без автора внизу",
    "button_mashup_all": "✖ Показать всё",
    "button_mashup_target": "{platform} · {name}",
    "button_mashup_target_group": "👥 {name}",
    "button_mashup_only_make": "Только собрать",
    "button_mashup_back": "‹ Назад",
    "button_mashup_skip": "Пропустить",
    "button_mashup_next": "Дальше ›",
    "button_mashup_surprise": "🎲 Удиви меня",
    "button_mashup_another": "🎲 Другой вариант",
    "button_mashup_cancel": "✖ Отменить",
    "button_mashup_preview": "👁 Показать три секунды",
    "button_mashup_go": "🚀 Собрать",
    "button_mashup_go_many": "🚀 Собрать {count}",
    "button_mashup_go_on": "▶ Продолжить",
    "button_mashup_anew": "Начать заново",
    "button_mashup_choose_source": "☑ Видео",
    "button_mashup_choose_template": "☑ Шаблоны",
    "button_mashup_choose_music": "☑ Музыка",
    "button_mashup_everything": "Взять все",
    "button_mashup_chosen": "‹ Готово",
    "button_mashup_twins": "Один и тот же файл намеренно",
}

STUDIO: Sentences = {
    "studio_policy": (
        "Этого не разрешают правила. Какие именно, /mashup показывает ещё до начала работы."
    ),
    "studio_crashed": (
        "Пока видео собиралось, Karvon падал снова и снова. Могут помочь части покороче или "
        "пресет попроще; «Повторить» соберёт его заново."
    ),
    "studio_internal": (
        "Внутренняя ошибка. Подробности в журнале рендера; «Повторить» соберёт видео заново."
    ),
    "studio_other": "Это сделать нельзя: {what}.",
    "studio_no_glyph": (
        "Этих знаков нет ни в одном шрифте: {characters}. Уберите их или положите шрифт с ними в "
        "папку, указанную в настройке studio.fonts."
    ),
    "studio_unknown_font": (
        "Шрифта {font} нет. Есть: {known}. Выберите один из них или положите свой в папку, "
        "указанную в настройке studio.fonts."
    ),
    "studio_music_start": (
        "Музыка должна начаться с {start} с, а длится она {length} с. Укажите начало раньше."
    ),
    "studio_captions_too_large": (
        "«{name}»: для субтитров файл слишком большой, можно до {limit}. Пришлите сам файл SRT "
        "или ASS."
    ),
    "studio_captions_charset": (
        "«{name}»: кодировку определить нельзя. Сохраните файл в UTF-8 и пришлите снова."
    ),
    "studio_captions_broken": (
        "«{name}»: субтитров, которые можно прочитать, нет. Пришлите файл SRT, WebVTT или ASS с "
        "текстом и временем."
    ),
    "studio_bad_count": "Столько мэшапов не собрать: {count}. Напишите число от 1 до {limit}.",
    "studio_missing_kinds": "В библиотеке нет ничего из этого: {kinds}. Добавьте: /add",
    "studio_missing_parts": (
        "В библиотеке совсем нет: {kinds}. Добавьте командой /add или выберите другое настроение."
    ),
    "studio_too_few_parts": (
        "Разных мэшапов нужно {count}, а из того, что есть ({kinds}), получится только {room}. "
        "Добавьте ещё {more} ({kind}) или попросите меньше."
    ),
}

RENDER: Sentences = {
    "studio_unknown_layout": "Макета {layout} нет. Есть: {known}.",
    "studio_unknown_profile": "Профиля {profile} нет. Есть: {known}.",
    "studio_unknown_aspect": "Пропорций {aspect} нет. Есть: {known}.",
    "studio_parts_missing": (
        "Частей в макете {layout} – {wanted}, а дано только {given}. Добавьте недостающее или "
        "выберите другой макет."
    ),
    "studio_parts_many": (
        "Частей в макете {layout} – {wanted}, а дано {given}. Уберите лишнее или выберите другой "
        "макет."
    ),
    "studio_missing": "Файла «{name}» нет.",
    "studio_empty": "Файл «{name}» пустой. Возьмите другую его копию.",
    "studio_no_access": "Нет доступа к файлу или папке: {text}.",
    "studio_unreadable": (
        "«{name}» не читается: файл повреждён, или это не видео, не звук и не картинка."
    ),
    "studio_cut_off_input": ("Файл «{name}» обрывается, конца нет. Возьмите другую его копию."),
    "studio_too_small": "У «{name}» слишком маленький кадр ({size}).",
    "studio_too_many_pixels": "Картинка «{name}» слишком большая ({size}). Уменьшите её.",
    "studio_zero_length": "У «{name}» нулевая длительность: ни показать, ни услышать нечего.",
    "studio_changed": (
        "«{name}» – не тот файл, который имелся в виду. Возьмите нужный или уберите его "
        "контрольную сумму."
    ),
    "studio_replaced": (
        "«{name}» изменился, пока из него делалось видео. Сделайте его ещё раз, когда файл больше "
        "не будет меняться."
    ),
    "studio_busy": (
        "«{name}» уже делается. Подождите, пока он будет готов, или выберите другое имя."
    ),
    "studio_no_picture": "В «{name}» нет изображения, только звук. Возьмите этот файл как музыку.",
    "studio_no_sound": "В «{name}» нет звука, музыкой этот файл быть не может.",
    "studio_no_still": ("«{name}» – не картинка. Для водяного знака возьмите PNG, JPEG или WebP."),
    "studio_start_late": (
        "«{name}» должно начаться с {start} с, а длится {length} с. Укажите начало раньше."
    ),
    "studio_no_time_left": (
        "Заставка и концовка занимают все {seconds} с, для видео ничего не остаётся. Увеличьте "
        "длительность или уберите одну из них."
    ),
    "studio_too_long": (
        "Видео длилось бы {seconds} с, а {profile} принимает до {limit} с. Сократите его."
    ),
    "studio_bad_sheet": "«{name}» не описывает мэшап: {text}.",
    "studio_damaged": "Результат повреждён ({text}) и удалён. Попробуйте ещё раз.",
    "studio_over_time": (
        "Это заняло больше {minutes} мин и остановлено. Сократите видео или увеличьте настройку "
        "studio.minutes."
    ),
    "studio_over_memory": (
        "Потребовалось больше {limit} МиБ памяти, работа остановлена. Возьмите файлы поменьше или "
        "увеличьте настройку studio.memory_bytes."
    ),
    "studio_no_memory": "Не хватило памяти. Закройте другие программы и попробуйте ещё раз.",
    "studio_no_filter": "В этом ffmpeg нет нужного ({text}). Установите версию новее.",
    "studio_no_encoder": (
        "В этом ffmpeg нет кодировщика ({text}). Установите сборку с libx264 и AAC."
    ),
    "studio_index_large": "Индекс видео не поместился в отведённое место. Попробуйте ещё раз.",
    "studio_stalled": "ffmpeg завис и остановлен. Попробуйте ещё раз.",
    "studio_killed": "ffmpeg прервали извне ({text}). Попробуйте ещё раз.",
    "studio_broken": "ffmpeg не справился: {text}.",
}

POLICY: Sentences = {
    "policy_other": "Не соблюдено правило «{rule}».",
    "policy_own_time": (
        "Ваш материал виден {percent} % времени, а нужно больше {limit} %. Сделайте свою часть "
        "длиннее или остальные короче."
    ),
    "policy_own_picture": (
        "Ваши части занимают {percent} % кадра, а нужно больше {limit} %. Поставьте свою часть на "
        "место побольше или выберите другой макет."
    ),
    "policy_unknown_licence": (
        "Неизвестно, по какому праву используется «{name}». Добавьте файл в библиотеку вместе с "
        "лицензией."
    ),
    "policy_no_licence": (
        "У «{name}» нет лицензии. Откройте файл в /library и укажите лицензию или что он ваш."
    ),
    "policy_no_attribution": (
        "Лицензия «{name}» ({licence}) требует указать автора, а он не указан. Откройте файл в "
        "/library и впишите автора."
    ),
    "policy_not_credited": (
        "«{name}» требует надписи в видео, а её нет: {attribution}. Добавьте её в строку внизу."
    ),
    "policy_reuse": {
        "one": (
            "«{name}» для {account} за последние 7 дней: использований – {used}, а можно не "
            "больше {limit}. Возьмите что-нибудь другое или подождите {count} день."
        ),
        "few": (
            "«{name}» для {account} за последние 7 дней: использований – {used}, а можно не "
            "больше {limit}. Возьмите что-нибудь другое или подождите {count} дня."
        ),
        "many": (
            "«{name}» для {account} за последние 7 дней: использований – {used}, а можно не "
            "больше {limit}. Возьмите что-нибудь другое или подождите {count} дней."
        ),
        "other": (
            "«{name}» для {account} за последние 7 дней: использований – {used}, а можно не "
            "больше {limit}. Возьмите что-нибудь другое или подождите {count} дня."
        ),
    },
    "policy_twins": (
        "{account} и {other} в течение часа получат одно и то же видео. Соберите каждому своё или "
        "уберите один аккаунт."
    ),
    "policy_twins_lately": (
        "{other} меньше часа назад уже получил то же самое видео (рендер {render_id}), а теперь "
        "получит и {account}. Измените что-нибудь или подождите, пока пройдёт час."
    ),
}

SENTENCES: Sentences = {
    **WIZARD,
    **NOTES,
    **ENDS,
    **MANY,
    **BUTTONS,
    **STUDIO,
    **RENDER,
    **POLICY,
}
