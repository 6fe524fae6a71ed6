"""Russian sentences about the library of media."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

ADD: Sentences = {
    "cmd_add": "добавить файл в библиотеку",
    "help_library": (
        "/add – добавить файл в библиотеку: в подписи к нему или в ответ на него\n"
        "/library – посмотреть библиотеку"
    ),
    "add_usage": (
        "Пришлите видео, звук или картинку с подписью <code>/add</code>, ответьте на них "
        "<code>/add</code> или напишите <code>/add</code> и ссылку.\nВ той же строке можно "
        "указать больше: <code>/add template #tag mood:upbeat platform:tiktok name:Ночная "
        "дорога</code>. Ещё есть <code>category:</code>, <code>licence:</code>, "
        "<code>origin:</code>, <code>attribution:</code> и <code>rights:</code>."
    ),
    "add_next": "Пришлите или перешлите файл сейчас, и он попадёт в библиотеку.",
    "add_unknown_word": (
        "Не знаю «{given}:». Может быть, <code>{suggestion}:</code>? Знаю: {known}."
    ),
    "add_bad_platform": "Не знаю площадку «{given}». Знаю: {known}.",
    "add_bad_rights": (
        "Не понимаю «rights: {given}». Напишите <code>rights: mine</code> или <code>rights: "
        "licensed</code> либо уберите это, и я спрошу."
    ),
    "add_not_media": (
        "«{name}» – не видео, не звук и не картинка. Пришлите медиафайл, можно документом."
    ),
    "add_too_big_for_cloud": (
        "Telegram отдаёт ботам файлы только до {limit}. Напишите <code>/add</code> и ссылку на "
        "файл, положите его в папку, за которой я слежу, или подключите свой сервер Bot API."
    ),
    "add_too_big": (
        "Размер файла – {size}, а принимается не больше {limit}. Пришлите файл поменьше или "
        "попросите админа увеличить <code>library.max_bytes</code>."
    ),
    "add_many": (
        "Ваших файлов в работе уже {most}, больше сразу нельзя. Сначала ответьте на вопросы о "
        "них или отмените часть."
    ),
    "add_unknown": "Этого файла я уже не помню. Пришлите его снова: /add",
    "add_press": "Нажмите одну из кнопок под вопросом.",
    "add_not_yours": ("Этот файл добавляет кто-то другой, решать могут только он сам и админы."),
    "add_closed": "Это уже решено. Чтобы решить заново, пришлите файл ещё раз: /add",
    "add_ask_kind": "📥 <b>{name}</b>\nЧто это?",
    "add_ask_rights": (
        "📥 <b>{name}</b> · {kind}\nМожно ли вам использовать этот файл? Ваш ответ сохраню вместе "
        "с ним, а до ответа использовать не буду."
    ),
    "add_ask_licence": (
        "📥 <b>{name}</b> · {kind}\nКакая у файла лицензия? Выберите или ответьте на это "
        "сообщение её названием."
    ),
    "add_ask_attribution": (
        "📥 <b>{name}</b> · {kind}\nКого нужно указать автором? Ответьте на это сообщение "
        "строкой, которую надо показать, например <code>Музыка: Анна Ли (CC BY 4.0)</code>."
    ),
    "add_fetching": "📥 <b>{name}</b> · {kind}\nДобавляю …",
    "add_fetching_some": "📥 <b>{name}</b> · {kind}\nСкачано {done} из {total} ({percent})",
    "add_fetching_open": "📥 <b>{name}</b> · {kind}\nСкачано {done}",
    "add_waiting": "⏳ <b>{name}</b> · {kind}\n{why}\nПопробую ещё раз сам.",
    "add_added": "✅ <b>{name}</b> теперь в вашей библиотеке.\n{facts}",
    "add_there": "✅ Этот файл уже есть в библиотеке: <b>{name}</b>.\n{facts}",
    "add_there_gone": "✅ Файл <b>{name}</b> был добавлен, но в библиотеке его больше нет.",
    "add_failed": "⚠️ <b>{name}</b>: добавить не удалось.\n{why}",
    "add_cancelled": "✖ <b>{name}</b>: не добавляю.",
    "add_source": "Не удалось скачать: {why}.",
    "add_internal": "В Karvon что-то сломалось, подробности в журнале. Попробуйте ещё раз.",
    "button_add_mine": "Это моё",
    "button_add_licensed": "Есть лицензия",
    "button_add_unnamed": "Никого указывать не нужно",
    "button_add_permission": "Мне разрешили",
    "button_add_bought": "Лицензия куплена",
    "button_add_cancel": "✖ Отменить",
    "button_add_again": "🔁 Повторить",
    "button_add_open": "🗂 Показать",
    "add_licence_permission": "письменное разрешение",
    "add_licence_bought": "купленная лицензия",
}

KINDS: Sentences = {
    "library_kind_source": "свой клип",
    "library_kind_template": "шаблон",
    "library_kind_hot": "тренд",
    "library_kind_audio": "музыка",
    "library_kind_product": "товар",
    "library_kind_mashup": "мэшап",
    "library_kind_thumbnail": "обложка",
    "library_kinds_source": {
        "one": "{count} свой клип",
        "few": "{count} своих клипа",
        "many": "{count} своих клипов",
        "other": "{count} своего клипа",
    },
    "library_kinds_template": {
        "one": "{count} шаблон",
        "few": "{count} шаблона",
        "many": "{count} шаблонов",
        "other": "{count} шаблона",
    },
    "library_kinds_hot": {
        "one": "{count} тренд",
        "few": "{count} тренда",
        "many": "{count} трендов",
        "other": "{count} тренда",
    },
    "library_kinds_audio": {
        "one": "{count} трек",
        "few": "{count} трека",
        "many": "{count} треков",
        "other": "{count} трека",
    },
    "library_kinds_product": {
        "one": "{count} товар",
        "few": "{count} товара",
        "many": "{count} товаров",
        "other": "{count} товара",
    },
    "library_kinds_mashup": {
        "one": "{count} мэшап",
        "few": "{count} мэшапа",
        "many": "{count} мэшапов",
        "other": "{count} мэшапа",
    },
    "library_kinds_thumbnail": {
        "one": "{count} обложка",
        "few": "{count} обложки",
        "many": "{count} обложек",
        "other": "{count} обложки",
    },
    "library_media_video": "видео",
    "library_media_audio": "звук",
    "library_media_image": "картинка",
    "library_mark_video": "🎬",
    "library_mark_audio": "🎵",
    "library_mark_image": "🖼",
}

LIST: Sentences = {
    "cmd_library": "посмотреть библиотеку",
    "library_head": {
        "one": "🗂 <b>Библиотека</b> · {count} файл",
        "few": "🗂 <b>Библиотека</b> · {count} файла",
        "many": "🗂 <b>Библиотека</b> · {count} файлов",
        "other": "🗂 <b>Библиотека</b> · {count} файла",
    },
    "library_filtered": {
        "one": "🗂 <b>Библиотека</b> · {count} файл по фильтру: {filters}",
        "few": "🗂 <b>Библиотека</b> · {count} файла по фильтру: {filters}",
        "many": "🗂 <b>Библиотека</b> · {count} файлов по фильтру: {filters}",
        "other": "🗂 <b>Библиотека</b> · {count} файла по фильтру: {filters}",
    },
    "library_empty": (
        "🗂 Ваша библиотека пуста. Пришлите видео, звук или картинку с подписью <code>/add</code>."
    ),
    "library_nothing": (
        "🗂 <b>Библиотека</b> · по фильтру ничего нет: {filters}\nУберите один из фильтров или "
        "ответьте другими словами."
    ),
    "library_filter_words": "«{text}»",
    "library_row": "{number}. {mark} <b>{name}</b> · {facts}",
    "library_page": "Страница {page} из {pages}",
    "library_hint": (
        "Нажмите номер, чтобы узнать больше. Чтобы искать, ответьте на это сообщение словами."
    ),
    "library_uses": {
        "one": "использовано {count} раз",
        "few": "использовано {count} раза",
        "many": "использовано {count} раз",
        "other": "использовано {count} раза",
    },
    "library_unused": "ещё не использовано",
    "library_other_list": "Это чужой список. Открыть свой: /library",
    "library_not_yours": (
        "Этот файл добавил кто-то другой, изменять его могут только он сам и админы."
    ),
    "library_closed": "Этого списка у меня уже нет. Открыть новый: /library",
    "library_choose_kind": "🗂 Что показать?",
    "library_choose_mood": "🗂 С каким настроением?",
    "library_choose_platform": "🗂 Для какой площадки?",
    "library_choose_tag": "🗂 С каким тегом?",
    "library_no_words": "Выбирать пока не из чего.",
    "library_stats": "📊 <b>Библиотека</b>",
    "library_stats_row": "{kinds} · {size}{length} · {uses}",
    "library_stats_length": " · длительность {length}",
    "library_stats_total": {
        "one": "<b>Всего</b>: {count} файл, {size}",
        "few": "<b>Всего</b>: {count} файла, {size}",
        "many": "<b>Всего</b>: {count} файлов, {size}",
        "other": "<b>Всего</b>: {count} файла, {size}",
    },
    "library_picture_row": "{number}. {name}",
    "library_no_pictures": "Ни у одного из этих файлов нет картинки.",
    "button_library_kind": "Вид",
    "button_library_kind_on": "✓ Вид",
    "button_library_mood": "Настроение",
    "button_library_mood_on": "✓ Настроение",
    "button_library_platform": "Площадка",
    "button_library_platform_on": "✓ Площадка",
    "button_library_tag": "Тег",
    "button_library_tag_on": "✓ Тег",
    "button_library_clear": "✖ Показать всё",
    "button_library_stats": "📊 Цифры",
    "button_library_pictures": "🖼 Картинки",
    "button_library_number": "{number}",
    "button_library_earlier": "◀",
    "button_library_later": "▶",
    "button_library_any": "Все",
    "button_library_word": "{word}",
    "button_library_back": "◀ Назад",
}

ASSET: Sentences = {
    "library_asset": "{mark} <b>{name}</b>\n{facts}",
    "library_asset_tags": "Теги: {tags}",
    "library_asset_mood": "Настроение: {mood}",
    "library_asset_platform": "Площадка: {platform}",
    "library_asset_category": "Категория: {category}",
    "library_asset_rights_mine": "Права: свой материал",
    "library_asset_rights_licensed": "Права: по лицензии",
    "library_asset_rights_unsaid": (
        "⚠️ Никто не указал, можно ли использовать этот файл. Укажите: кнопка «Права»."
    ),
    "library_asset_licence": "Лицензия: {licence}",
    "library_asset_no_licence": (
        "⚠️ Лицензия не указана. Ответьте строкой <code>licence: CC BY 4.0</code>."
    ),
    "library_asset_origin": "Источник: {origin}",
    "library_asset_attribution": "Указать автора: {attribution}",
    "library_asset_used": {
        "one": "Использовано {count} раз, последний – {last}",
        "few": "Использовано {count} раза, последний – {last}",
        "many": "Использовано {count} раз, последний – {last}",
        "other": "Использовано {count} раза, последний – {last}",
    },
    "library_asset_use": "• {what} – {at}",
    "library_use_render": "рендер {number}",
    "library_use_post": "пост {number}",
    "library_use_other": "{holder}",
    "library_asset_added": "Добавлено – {at}",
    "library_asset_added_by": "Добавил пользователь {user} – {at}",
    "library_asset_going": (
        "🗑 Файл больше не предлагается и будет удалён, как только станет нигде не нужен."
    ),
    "library_asset_hint": (
        "Чтобы изменить, ответьте строками, например <code>licence: CC BY 4.0</code>, "
        "<code>origin: …</code> или <code>attribution: …</code>."
    ),
    "library_ask_rename": "✏️ Ответьте на это сообщение новым названием для <b>{name}</b>.",
    "library_ask_tags": (
        "# Ответьте на это сообщение тегами для <b>{name}</b>. Они заменят прежние: {tags}."
    ),
    "library_ask_no_tags": "# Ответьте на это сообщение тегами для <b>{name}</b>.",
    "library_ask_mood": ("Какое настроение у <b>{name}</b>? Выберите или ответьте своим словом."),
    "library_ask_platform": "Для какой площадки <b>{name}</b>?",
    "library_ask_rights": "Можно ли вам использовать <b>{name}</b>?",
    "library_ask_delete": "🗑 Удалить <b>{name}</b> навсегда?",
    "library_ask_delete_used": (
        "🗑 Удалить <b>{name}</b>? Сейчас этот файл в работе: предлагать его перестану сразу, а "
        "удалю, когда она закончится."
    ),
    "library_deleted": "🗑 <b>{name}</b>: удалено.",
    "library_deleted_later": (
        "🗑 <b>{name}</b>: больше не предлагаю, а удалю, когда закончится работа с этим файлом."
    ),
    "library_gone": "Этого файла в библиотеке больше нет.",
    "library_what_to_change": (
        "Не понимаю. Сначала нажмите кнопку под файлом или ответьте строкой, например "
        "<code>licence: CC BY 4.0</code>."
    ),
    "library_play_asked": "Отправляю …",
    "library_play_many": "Я уже отправляю несколько файлов. Попробуйте чуть позже.",
    "library_play_large": (
        "Размер «{name}» – {size}, а боты могут отправлять не больше {limit}. Вот картинка."
    ),
    "library_play_large_only": (
        "Размер «{name}» – {size}, а боты могут отправлять не больше {limit}."
    ),
    "library_play_failed": "«{name}»: сейчас отправить не удалось. Попробуйте чуть позже.",
    "button_library_play": "▶️ Воспроизвести",
    "button_library_show": "🖼 Показать",
    "button_library_rename": "✏️ Название",
    "button_library_tags": "# Теги",
    "button_library_set_mood": "Настроение",
    "button_library_set_platform": "Площадка",
    "button_library_rights": "Права",
    "button_library_delete": "🗑 Удалить",
    "button_library_delete_yes": "🗑 Да, удалить",
    "button_library_keep": "Нет, оставить",
    "button_library_none": "Не указывать",
}

TROUBLE: Sentences = {
    "studio_not_media": (
        "Файл – не видео, не звук и не картинка, или он не читается. Сохраните его в MP4, MP3, "
        "JPEG или PNG и пришлите снова."
    ),
    "studio_broken_media": "Файл повреждён. Экспортируйте его заново и пришлите снова.",
    "studio_cut_off": "Файл обрывается, конца нет. Скопируйте его заново и пришлите снова.",
    "studio_empty_file": "Файл пустой. Пришлите его ещё раз.",
    "studio_not_a_file": "Это папка или устройство, а не файл.",
    "studio_cannot_read": "Файл не читается ({reason}).",
    "studio_cannot_write": (
        "Не удаётся записать в папку данных ({reason}). Продолжу, когда получится; позовите "
        "админа."
    ),
    "studio_changed_meanwhile": "Файл изменился во время чтения.",
    "studio_look_too_long": "Проверка файла заняла слишком много времени.",
    "studio_no_ffmpeg": "Проверить файл нечем: нет ffmpeg. Установить его может админ.",
    "studio_large_picture": (
        "Картинка слишком большая ({width} × {height}). Уменьшите её и пришлите снова."
    ),
    "studio_too_big": (
        "Файл больше, чем принимается ({limit}). Пришлите файл поменьше или попросите админа "
        "увеличить <code>library.max_bytes</code>."
    ),
    "studio_disk_full": (
        "Диск заполнен. Продолжу, когда появится место: удалите ненужное или попросите админа."
    ),
    "studio_no_name": "В названии нужен хотя бы один видимый знак.",
    "studio_wrong_media": "Этот файл – {media}, а для «{kind}» подходит только: {taken}.",
    "studio_nothing_to_pick": (
        "Выбрать сейчас нечего ({kind}): ничего не подходит, или всё подходящее недавно "
        "использовано. Добавьте ещё (/add) или выберите сами."
    ),
    "studio_no_asset": "Этого файла в библиотеке нет (или уже нет).",
    "studio_text_too_long": "«{text}»: слишком длинно, можно не больше {limit} знаков.",
    "studio_too_many_tags": "Слишком много тегов, можно не больше {limit}.",
    "studio_unknown_field": "Не знаю поле «{field}». Знаю: {known}.",
    "studio_unknown_kind": "Не знаю вид «{kind}». Знаю: {known}.",
    "studio_unknown_rights": "Не знаю таких прав: «{rights}». Знаю: {known}.",
}

WATCH: Sentences = {
    "library_watch_refused": {
        "one": (
            "📂 В папке {folder} {count} файл нельзя добавить в библиотеку. Оставляю на месте."
        ),
        "few": (
            "📂 В папке {folder} {count} файла нельзя добавить в библиотеку. Оставляю на месте."
        ),
        "many": (
            "📂 В папке {folder} {count} файлов нельзя добавить в библиотеку. Оставляю на месте."
        ),
        "other": (
            "📂 В папке {folder} {count} файла нельзя добавить в библиотеку. Оставляю на месте."
        ),
    },
    "library_watch_row": "• <b>{name}</b>: {why}",
    "library_watch_more": {
        "one": "… и ещё {count} файл",
        "few": "… и ещё {count} файла",
        "many": "… и ещё {count} файлов",
        "other": "… и ещё {count} файла",
    },
    "library_watch_waiting": (
        "📂 Новым файлам в папке {folder} придётся подождать. {why} После этого они добавятся "
        "сами."
    ),
    "library_watch_missing": (
        "📂 Папка {folder}, за которой я слежу, не читается ({reason}). Проверю её снова сам; "
        "если она больше не нужна, уберите её из <code>library.watch</code>."
    ),
}

STORAGE: Sentences = {
    "studio_storage_unreachable": (
        "Хранилище {storage} не отвечает как следует ({reason}). Попробуйте чуть позже."
    ),
    "studio_storage_busy": "Хранилище {storage} пока больше не принимает. Попробуйте позже.",
    "studio_storage_refused": "Хранилище {storage} отказывает: {reason}.",
    "studio_storage_sign_in": (
        "Хранилище {storage} не принимает наши ключи ({reason}). Админу нужно проверить "
        "<code>storage.key_id</code>, <code>storage.secret</code> и права этих ключей."
    ),
    "studio_storage_clock": (
        "Хранилище {storage} сообщает, что наши часы идут неверно. Админу нужно выставить время "
        "на этой машине."
    ),
    "studio_storage_full": (
        "Хранилище {storage} заполнено. Удалите ненужное или попросите админа добавить места."
    ),
    "studio_storage_too_large": (
        "Файл больше, чем принимает хранилище {storage}. Пришлите файл поменьше или обратитесь к "
        "админу."
    ),
    "studio_storage_gone": (
        "Файла из библиотеки нет на месте ({key}). Добавьте его снова или обратитесь к админу."
    ),
    "studio_storage_damaged": (
        "Файл библиотеки повреждён в хранилище ({sha256}). Удалите его и добавьте снова."
    ),
    "studio_storage_changed": (
        "Файл изменился, пока сохранялся, поэтому не сохранён. Добавьте его снова, когда он будет "
        "готов целиком."
    ),
    "studio_storage_bad_key": "Под именем «{key}» файл сохранить нельзя.",
    "studio_storage_url": (
        "«{url}» – не хранилище. Напишите file:///папка, s3://bucket/папка или "
        "cloudinary://cloud, а ключи укажите в <code>storage.key_id</code> и "
        "<code>storage.secret</code>."
    ),
    "studio_storage_keys": (
        "Хранилищу {storage} нужны ключи. Админу нужно задать <code>storage.key_id</code> и "
        "<code>storage.secret</code>."
    ),
    "studio_storage_address": (
        "Хранилище {storage} отдаёт файлы по адресу {host}. Админу нужно указать этот адрес в "
        "<code>storage.public_url</code>."
    ),
    "studio_storage_unknown": (
        "Файлы лежат в хранилище {storage}, но как до него добраться, уже неизвестно. Попросите "
        "админа восстановить базу данных из резервной копии."
    ),
    "studio_storage_sealed": (
        "Ключи хранилища {storage} не открыть: ключ, которым они зашифрованы, утерян. Админ может "
        "вернуть его командой <code>karvon keys restore</code>."
    ),
    "studio_storage_moving": "Библиотека уже переносится. Дождитесь конца переноса.",
    "studio_storage_change_setting": (
        "Теперь укажите в <code>storage.url</code> хранилище {storage}, а также его endpoint и "
        "ключи, если они есть, и перезапустите Karvon. Перенос запомнен, поэтому и до этого новые "
        "файлы попадают туда."
    ),
}

SENTENCES: Sentences = {**ADD, **KINDS, **LIST, **ASSET, **TROUBLE, **WATCH, **STORAGE}
