"""Russian sentences about what is published: figures, edits, pictures, removal, and findings."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

REFUSALS: Sentences = {
    "nothing_live": "В посте {post_id} ничего не опубликовано. Как он идёт: /post {post_id}",
    "nothing_live_yet": "Пока ничего не опубликовано. Пришлите видео.",
    "edit_empty": (
        "Пост {post_id}: новых слов я не нашёл. Ответьте текстом или строкой <code>title: "
        "…</code>, <code>tags: …</code> или <code>privacy: …</code>."
    ),
    "edit_line": (
        "Строку <b>{line}:</b> нельзя изменить, когда пост уже принят. Уберите её или отмените "
        "пост (/cancel {post_id}) и пришлите видео снова."
    ),
    "edit_option": "Ни одна площадка этого поста не знает <b>{option}:</b>. Уберите эту строку.",
    "file_too_big": "Файл слишком большой. Пришлите не больше {limit_mb} МБ.",
    "captions_language": (
        "На каком языке субтитры? Назовите файл, например, <code>video.de.srt</code> или пришлите "
        "его с текстом <code>language: de</code>."
    ),
    "frames_no_file": (
        "Видео поста {post_id} больше не получить. Вместо этого ответьте на его карточку "
        "картинкой."
    ),
    "frames_too_large": (
        "Видео поста {post_id} здесь уже нет, а больше {limit_mb} МБ ради кадров я заново не "
        "скачиваю. Вместо этого ответьте на его карточку картинкой."
    ),
    "frames_no_room": (
        "На диске нет места, чтобы скачать видео поста {post_id} заново. Освободите место или "
        "ответьте на его карточку картинкой."
    ),
    "frames_not_now": (
        "Сейчас видео поста {post_id} заново не скачать. Через минуту напишите /thumbnail "
        "{post_id} или ответьте на его карточку картинкой."
    ),
    "frames_nowhere": "Ни одна площадка поста {post_id} не даёт сменить обложку.",
    "frames_old": "Этих кадров уже нет. Напишите /thumbnail {post_id} ещё раз.",
    "frames_busy": "Telegram сейчас не принимает картинки. Повторите команду через минуту.",
    "delete_usage": "Укажите номер поста: /delete 12. Номера: /queue и /stats",
    "thumbnail_usage": (
        "Укажите номер поста: /thumbnail 12. Или ответьте на его карточку картинкой."
    ),
}

WISHES: Sentences = {
    "edit_head": "✏️ Пост {post_id}, новый текст:\n{lines}",
    "thumbnail_head": "🖼 Пост {post_id}, новая обложка:\n{lines}",
    "captions_head": "💬 Пост {post_id}, субтитры:\n{lines}",
    "delete_head": "🗑 Пост {post_id}:\n{lines}",
    "wish_nowhere": "Пост {post_id}: этого нельзя сделать нигде.\n{lines}",
    "wish_asked": "• {place}: изменяю",
    "wish_removed": "• {place}: удаляю",
    "wish_later": "• {place}: изменю, как только будет опубликовано",
    "wish_fresh": "• {place}: опубликую уже в новом виде",
    "wish_cannot": "• {place}: {why}",
    "cannot_edit": "опубликованное видео нельзя изменить; удалите его и опубликуйте заново",
    "cannot_visibility": (
        "доступ к опубликованному видео отсюда не изменить; сделайте это в приложении"
    ),
    "cannot_privacy": "нет варианта «{privacy}», только {known}",
    "cannot_option": "«{option}» задаётся при загрузке, потом изменить нельзя",
    "cannot_scope": "аккаунт подключён без этого права; подключите его заново: /connect",
    "cannot_sign_in": "такой вход этого не позволяет; сделайте это в приложении. {url}",
    "cannot_delete": "боты не могут удалить видео; сделайте это в приложении. {url}",
    "cannot_thumbnail": "обложку опубликованного видео изменить нельзя",
    "cannot_own_picture": "своя картинка не подходит, только кадр из самого видео",
    "cannot_cover": (
        "своя картинка не подходит, только кадр из самого видео; ответьте на карточку "
        "<code>cover: 2.5</code>, чтобы взять кадр на 2,5 секунды"
    ),
    "cannot_captions": "файлы субтитров не принимаются",
    "cannot_playlist": "плейлистов там нет",
    "cannot_unseen": "ответ потерялся, и адреса я не знаю; сделайте это в приложении",
    "delete_ask": "Удалить пост {post_id}? Вернуть удалённое нельзя.\n{lines}",
    "delete_place": "• {place}: будет удалено. {url}",
    "delete_left": "Ничего не удаляю.",
    "frames_choose": (
        "Какую обложку поставить посту {post_id}? Можно и ответить картинкой на его карточку."
    ),
    "frames_left": "Обложка остаётся прежней.",
    "finding_asked": "Смотрю.",
    "finding_show": "Прошу об этом площадку.",
    "finding_publish": "Публикую там заново.",
    "button_delete_all": "🗑 Удалить везде",
    "button_delete_yes": "🗑 Да, удалить",
    "button_frame": "{number}",
}

OUTCOMES: Sentences = {
    "outcome_edit": "✏️ <b>Изменено</b> · пост {post_id}\n{lines}",
    "outcome_visibility": "👁 <b>Изменён доступ</b> · пост {post_id}\n{lines}",
    "outcome_delete": "🗑 <b>Удалено</b> · пост {post_id}\n{lines}",
    "outcome_thumbnail": "🖼 <b>Новая обложка</b> · пост {post_id}\n{lines}",
    "outcome_captions": "💬 <b>Субтитры добавлены</b> · пост {post_id}\n{lines}",
    "outcome_playlist": "📃 <b>В плейлисте</b> · пост {post_id}\n{lines}",
    "outcome_partly": "⚠️ <b>Сделано, но не везде</b> · пост {post_id}\n{lines}",
    "outcome_failed": "❌ <b>Не сделано</b> · пост {post_id}\n{lines}",
    "outcome_done_line": "✅ {place}",
    "outcome_failed_line": "❌ {place}: {why}",
    "error_gone": "Этого видео там больше нет.",
    "error_no_picture": "Этот файл – не картинка JPEG или PNG. Ответьте картинкой.",
    "finding_gone": (
        "⚠️ {place}: видео поста {post_id} там больше нет, и удалил его не я. Посмотрите, нет ли "
        "уведомления в приложении. Могу опубликовать заново."
    ),
    "finding_blocked": (
        "⚠️ {place}: видео поста {post_id} заблокировано: {why}. Посмотрите там, что можно "
        "сделать, и я проверю ещё раз."
    ),
    "finding_visibility": (
        "⚠️ {place}: у поста {post_id} должен быть доступ «{wanted}», а сейчас – «{why}». "
        "Посмотрите, не ограничила ли его площадка."
    ),
    "finding_fine": "✅ {place}: пост {post_id} на месте и виден тем, кому должен.",
    "button_publish_live": "🔁 Опубликовать снова",
    "button_check_live": "🔁 Проверить ещё раз",
    "button_show_live": "🔧 Исправить доступ",
    "button_look": "👁 Открыть",
    "upload_removed": "🗑 {place}: удалено",
    "upload_gone": "⚠️ {place}: там больше нет",
    "card_removed": "🗑 <b>Удалено</b> · пост {post_id}",
    "card_partly_removed": "🗑 <b>Удалено, но не везде</b> · пост {post_id}",
}

FIGURES: Sentences = {
    "figures_post": "<b>{post_id}</b> · {title}",
    "figures_line": (
        "• {place}: просмотры {views} · лайки {likes} · комментарии {comments} · репосты "
        "{shares}{age}"
    ),
    "figures_none": "• {place}: цифр пока нет",
    "figures_none_why": "• {place}: цифр нет: {why}",
    "figures_never": "ботам их здесь не сообщают; посмотрите в приложении",
    "figures_grown": "{now} (+{more})",
    "figures_shrunk": "{now} (−{less})",
    "figures_age": " ({span} назад)",
    "figures_trouble": " – новее нет: {why}",
    "figures_more": {
        "one": "… и ещё {count} пост: /stats с его номером",
        "few": "… и ещё {count} поста: /stats с номером",
        "many": "… и ещё {count} постов: /stats с номером",
        "other": "… и ещё {count} поста: /stats с номером",
    },
    "help_live": (
        "<b>Когда видео опубликовано</b>: ответьте на карточку новым текстом, картинкой или "
        "субтитрами (.srt)\n/stats 12 – просмотры и лайки\n/thumbnail 12 – выбрать "
        "обложку\n/delete 12 – удалить везде"
    ),
    "cmd_stats": "просмотры и лайки",
    "cmd_thumbnail": "выбрать обложку",
    "cmd_delete": "удалить пост везде",
}

EVENTS: Sentences = {
    "event_rewritten": "написан новый текст",
    "event_edit_done": "{place}: изменено",
    "event_edit_failed": "{place}: не изменено. {error}",
    "event_visibility_done": "{place}: изменён доступ",
    "event_visibility_failed": "{place}: доступ не изменён. {error}",
    "event_delete_done": "{place}: удалено",
    "event_delete_failed": "{place}: не удалено. {error}",
    "event_thumbnail_done": "{place}: новая обложка",
    "event_thumbnail_failed": "{place}: обложка прежняя. {error}",
    "event_captions_done": "{place}: субтитры добавлены",
    "event_captions_failed": "{place}: субтитры не добавлены. {error}",
    "event_playlist_done": "{place}: добавлено в плейлист",
    "event_playlist_failed": "{place}: не добавлено в плейлист. {error}",
    "event_check_done": "{place}: проверено",
    "event_check_failed": "{place}: проверить не удалось. {error}",
}

SENTENCES: Sentences = {**REFUSALS, **WISHES, **OUTCOMES, **FIGURES, **EVENTS}
