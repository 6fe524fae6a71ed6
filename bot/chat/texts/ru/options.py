"""Russian sentences about options of platforms in captions."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

REFUSALS: Sentences = {
    "bad_option": (
        "«{given}» не подходит для <b>{key}:</b>. Подходит: {known}.\n{help}\nИсправьте строку и "
        "пришлите снова."
    ),
    "option_nowhere": (
        "{targets}: строка <b>{key}:</b> здесь не действует. Её понимают только: {owners}. "
        "Уберите строку или добавьте такую площадку через <code>to:</code>."
    ),
}

HELP: Sentences = {
    "help_options": (
        "<b>Ещё строки для подписи.</b> После каждой – кто её понимает. Остальные её пропускают, "
        "и карточка об этом скажет."
    ),
    "help_option": "{line} <i>{owners}</i>",
    "option_category": "<code>category: Education</code> – категория, названием или номером",
    "option_playlist": "<code>playlist: PL…</code> – добавляет видео в этот ваш плейлист",
    "option_kids": "<code>kids: yes</code> – для детей",
    "option_ai": "<code>ai: yes</code> – отмечает, что видео создано или изменено ИИ",
    "option_notify": "<code>notify: no</code> – не уведомлять подписчиков",
    "option_language": "<code>language: en</code> – язык названия и описания",
    "option_license": "<code>license: creativecommon</code> – или youtube",
    "option_embed": "<code>embed: no</code> – другие сайты не смогут его показывать",
    "option_title": "<code>title.de: …</code> – название на другом языке",
    "option_text": "<code>text.de: …</code> – описание на другом языке",
    "option_comments": "<code>comments: no</code> – комментировать нельзя",
    "option_duet": "<code>duet: no</code> – дуэты запрещены",
    "option_stitch": "<code>stitch: no</code> – «сшивать» запрещено",
    "option_brand": (
        "<code>brand: own</code> – реклама своего бренда; paid: платит партнёр; ещё both и none"
    ),
    "option_draft": "<code>draft: yes</code> – только черновик, опубликуете в приложении",
    "option_cover": "<code>cover: 2.5</code> – кадр на этой секунде станет обложкой",
    "option_feed": "<code>feed: no</code> – только в Reels, не в ленте",
    "option_collaborators": "<code>collaborators: ann, bob</code> – приглашает до 3 соавторов",
    "option_together": "<code>together: yes</code> – везде в одну и ту же минуту",
    "option_fit": (
        "<code>fit: auto</code> – изменит видео там, где площадка его не принимает; ask: сначала "
        "спросит; off: оставит как есть"
    ),
    "option_onfail": (
        "<code>onfail: hold</code> – вместе с together: если одна площадка подведёт, остальные "
        "ждут вас; go: не ждут"
    ),
}

SENTENCES: Sentences = {**REFUSALS, **HELP}
