"""Russian sentences about links and pages of links."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

LINKS: Sentences = {
    "link_private": (
        "{host} находится в частной сети, а по таким ссылкам я не хожу. Админ может добавить этот "
        "адрес в <code>sources.allowed_hosts</code>."
    ),
    "link_folder": (
        "Ссылка ведёт на папку. Откройте доступ к самому видео и пришлите ссылку на него."
    ),
    "bad_rights": (
        "Не понимаю «rights: {given}». Напишите <code>rights: mine</code>, если вам можно "
        "публиковать это видео, иначе уберите строку."
    ),
    "many_mirrors": "Слишком много зеркал. Укажите не больше {most}.",
    "source_link_private": (
        "ссылка ведёт в частную сеть; админ может добавить адрес в sources.allowed_hosts"
    ),
    "source_link_folder": "ссылка ведёт на папку; пришлите ссылку на само видео",
    "source_link_share_page": (
        "хранилище показывает страницу вместо файла; откройте доступ всем, у кого есть ссылка, а "
        "если файл сегодня скачивали слишком часто, попробуйте завтра"
    ),
    "source_link_no_host": "такого сервера нет; проверьте ссылку",
    "source_link_certificate": "у сервера недействительный сертификат; пришлите другую ссылку",
    "source_link_too_big": (
        "файл больше, чем разрешено для ссылок; админ может увеличить sources.max_bytes"
    ),
    "source_link_playlist": (
        "ссылка ведёт на поток из частей (HLS или DASH), а не на один файл; пришлите файл"
    ),
    "source_link_rights": (
        "ссылка ведёт на страницу; если вам можно публиковать видео с неё, пришлите ссылку снова "
        "и добавьте под ней строку «rights: mine»"
    ),
    "source_link_pages_off": (
        "ссылка ведёт на страницу; пришлите адрес самого файла или попросите админа включить "
        "чтение страниц (sources.yt_dlp)"
    ),
    "source_link_pages_missing": (
        "страницы читает yt-dlp, а он не установлен; админ может установить его дополнением "
        "«pages»"
    ),
    "source_link_page_slow": "страница читается слишком долго",
    "source_link_no_video": "на странице нет видео; пришлите адрес самого файла",
    "source_source_stalled": "сервер слишком долго ничего не присылает",
    "source_source_damaged": "файл не совпадает с контрольной суммой, которую сообщил сервер",
}

PAGES: Sentences = {
    "cmd_scrape": "опубликовать видео со страницы",
    "scrape_usage": (
        "Напишите <code>/scrape https://example.org/videos</code>: адрес страницы, ленты или "
        "карты сайта. Ниже можно добавить строки, например <code>to: youtube</code>."
    ),
    "scrape_videos": {
        "one": "{count} видео",
        "few": "{count} видео",
        "many": "{count} видео",
        "other": "{count} видео",
    },
    "scrape_pages": {
        "one": "{count} страница",
        "few": "{count} страницы",
        "many": "{count} страниц",
        "other": "{count} страницы",
    },
    "scrape_reading": "🔎 Смотрю {host}: прочитано – {pages}, найдено – {videos}.",
    "scrape_reading_first": "🔎 Смотрю {host} …",
    "scrape_failed": "⚠️ {host}: {why}",
    "scrape_nothing": (
        "🔎 {host}: видео, которое можно скачать, здесь нет (прочитано: {pages}). Пришлите адрес "
        "другой страницы или ссылку на само видео."
    ),
    "scrape_head": "🔎 <b>{host}</b>: {videos}, новых – {new} (прочитано: {pages})",
    "scrape_titled": "🔎 <b>{title}</b> · {host}: {videos}, новых – {new} (прочитано: {pages})",
    "scrape_row": "{mark} {number}. {title}{facts}",
    "scrape_picked_mark": "☑️",
    "scrape_free_mark": "▫️",
    "scrape_row_facts": " · {facts}",
    "scrape_row_seen": "✓ уже было",
    "scrape_row_no_size": "размер неизвестен",
    "scrape_page": "Страница {page} из {pages}",
    "scrape_streams": {
        "one": "Пропущен {count} поток (HLS или DASH): это не файл.",
        "few": "Пропущены {count} потока (HLS или DASH): это не файлы.",
        "many": "Пропущено {count} потоков (HLS или DASH): это не файлы.",
        "other": "Пропущено {count} потока (HLS или DASH): это не файлы.",
    },
    "scrape_broken": {
        "one": "Пропущена {count} ссылка: по ней ничего не скачать.",
        "few": "Пропущены {count} ссылки: по ним ничего не скачать.",
        "many": "Пропущено {count} ссылок: по ним ничего не скачать.",
        "other": "Пропущено {count} ссылки: по ним ничего не скачать.",
    },
    "scrape_picked": "Выбрано: <b>{videos}</b>, {size}",
    "scrape_picked_some": "Выбрано: <b>{videos}</b>, {size}; неизвестного размера – {unknown}",
    "scrape_picked_none": "Пока ничего не выбрано. Выберите видео и нажмите «Начать».",
    "scrape_sizes": (
        "Выберите наибольший размер. Войдут только новые видео, размер которых известен."
    ),
    "scrape_sizes_none": "Ни у одного нового видео размер не известен. Выберите другим способом.",
    "scrape_ask_pattern": (
        "Ответьте на это сообщение частью названия или шаблоном, например "
        "<code>*trailer*.mp4</code>. Если шаблонов несколько, пишите каждый с новой строки."
    ),
    "scrape_pattern": "Не понимаю шаблон «{given}». Напишите часть названия.",
    "scrape_size": "Не понимаю размер «{given}». Напишите 200MB или 1.5GB.",
    "scrape_matched_none": "Таких видео нет. Ответьте другим шаблоном.",
    "scrape_left": "🔎 {host}: ничего не беру. Посмотреть ещё раз: /scrape",
    "scrape_unknown": "Этого списка у меня уже нет. Посмотрите ещё раз: /scrape",
    "scrape_closed": "Этот список закрыт. Посмотрите ещё раз: /scrape",
    "scrape_nothing_picked": "Ничего не выбрано. Сначала отметьте видео.",
    "scrape_many": (
        "Я уже смотрю для вас страницы: {most}, больше сразу нельзя. Дождитесь, пока закончится "
        "одна из них."
    ),
    "button_scrape_number": "{number}",
    "button_scrape_number_on": "✓ {number}",
    "button_scrape_all": "Все",
    "button_scrape_new": "Только новые",
    "button_scrape_none": "Ничего",
    "button_scrape_size": "По размеру",
    "button_scrape_match": "По названию",
    "button_scrape_up_to": "≤ {size} ({videos})",
    "button_scrape_back": "◀ Назад",
    "button_scrape_earlier": "◀",
    "button_scrape_later": "▶",
    "button_scrape_parallel": "⇉ Одновременно",
    "button_scrape_sequential": "→ По одному",
    "button_scrape_go": "🚀 Начать ({videos})",
    "button_scrape_leave": "Не надо",
    "button_scrape_cancel": "✖ Отменить остальное",
    "button_scrape_again": "🔎 Посмотреть ещё раз",
}

PULLS: Sentences = {
    "pull_head_pulling": "⬇️ <b>{host}</b>: готово {ended} из {links}",
    "pull_head_cancelling": "✖ <b>{host}</b>: отменяю, готово {ended} из {links}",
    "pull_head_done": "✅ <b>{host}</b>: готово {ended} из {links}",
    "pull_head_mixed": "⚠️ <b>{host}</b>: готово {ended} из {links}",
    "pull_head_cancelled": "✖ <b>{host}</b>: отменено, готово {ended} из {links}",
    "pull_head_failed": "⚠️ <b>{host}</b>: остановлено, готово {ended} из {links}",
    "pull_live": "опубликовано: {count}",
    "pull_partly": "опубликовано не везде: {count}",
    "pull_there": {
        "one": "{count} уже было опубликовано",
        "few": "{count} уже были опубликованы",
        "many": "{count} уже были опубликованы",
        "other": "{count} уже были опубликованы",
    },
    "pull_running": "в работе: {count}",
    "pull_waiting": "ещё не начато: {count}",
    "pull_failed": "не удалось: {count} – повторить: /retry failed",
    "pull_cancelled": "отменено: {count}",
    "pull_refused": "не принято: {count}",
    "pull_left": "пропущено: {count}",
    "pull_asking": {
        "one": "{count} вопрос ждёт вашего ответа – показать: /waiting",
        "few": "{count} вопроса ждут вашего ответа – показать: /waiting",
        "many": "{count} вопросов ждут вашего ответа – показать: /waiting",
        "other": "{count} вопроса ждут вашего ответа – показать: /waiting",
    },
    "pull_bytes": "скачано {fetched} из {size}, отправлено {sent}",
    "pull_bytes_open": "скачано {fetched}, отправлено {sent}",
    "pull_refusal": "• {title}: {why}",
    "pull_note": "Почему остановлено: {why}",
    "pull_place": (
        "Не знаю, что подставить вместо {given} в этой подписи. Знаю: {known} – каждое в фигурных "
        "скобках."
    ),
    "pull_internal": "внутренняя ошибка; подробности в журнале",
}

FINDINGS: Sentences = {
    "scrape_finding_page_bad_url": "это не адрес в интернете",
    "scrape_finding_page_private": (
        "адрес ведёт в частную сеть, а по таким ссылкам я не хожу; админ может разрешить его в "
        "<code>sources.allowed_hosts</code>"
    ),
    "scrape_finding_page_gone": "страницы нет (или уже нет)",
    "scrape_finding_page_forbidden": "страница открыта не для всех",
    "scrape_finding_page_status": "вместо страницы приходит ответ {status}",
    "scrape_finding_page_unavailable": "на сервере сбой ({status}); попробуйте позже",
    "scrape_finding_page_unreachable": "сервер не отвечает; проверьте адрес",
    "scrape_finding_page_busy": "сервер просит подождать {wait} с; потом попробуйте снова",
    "scrape_finding_page_slow": "страница загружается слишком долго",
    "scrape_finding_page_broken": "страница повреждена",
    "scrape_finding_page_redirects": "страница бесконечно ведёт на другие адреса",
    "scrape_finding_page_type": "это не страница, а {type}; пришлите адрес страницы",
    "scrape_finding_page_encoded": "страница сжата так, что мне её не прочитать",
    "scrape_finding_page_entities": (
        "лента задаёт собственные сущности XML, а их я ради безопасности не читаю"
    ),
    "scrape_finding_page_cut": "страница очень большая или оборвалась; прочитано только начало",
    "scrape_finding_robots_forbid": "сайт просит программы не заходить (robots.txt)",
    "scrape_finding_robots_unknown": (
        "robots.txt этого сайта не читается, поэтому там ничего не читаю; попробуйте позже"
    ),
    "scrape_finding_look_pages": "страниц больше; админ может увеличить <code>scrape.pages</code>",
    "scrape_finding_look_links": "видео больше, чем я запоминаю за один раз",
    "scrape_finding_look_long": "это заняло слишком много времени; вот что успел найти",
    "scrape_finding_look_stopped": "несколько страниц подряд не читаются, поэтому остановился",
}

SENTENCES: Sentences = {**LINKS, **PAGES, **PULLS, **FINDINGS}
