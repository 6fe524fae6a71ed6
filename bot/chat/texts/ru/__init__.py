"""Every sentence in Russian, one file a subject, with the same keys as in English.

People are addressed as «вы», platforms stand in the nominative, and a time stands behind «до» or
a dash, so that «18:30», «завтра, 18:30» and a date all read well.

Glossary: post – пост; upload – загрузка; video – видео; live – опубликовано; account – аккаунт;
target, platform – площадка; group – группа; quota – квота; limits – лимиты; draft – черновик;
card – карточка; caption – подпись; sign-in – вход; connect – подключить; pause – пауза; link –
ссылка; thumbnail – обложка; visibility – доступ; retry – повторить; log – журнал; settings –
настройки; batch – пакет; clip, entry – клип; to fit – подогнать; remedy – исправление; page –
страница; dry run – проверка; failed – не удалось; cause – причина; put aside – убрано из списка.
"""

from __future__ import annotations

from bot.chat.texts.forms import Sentences
from bot.chat.texts.ru import (
    accounts,
    base,
    batches,
    connect,
    doctor,
    figures,
    fit,
    fitting,
    groups,
    language,
    letters,
    library,
    limits,
    links,
    live,
    mashup,
    options,
    renders,
    units,
)

SUBJECTS = (
    base,
    accounts,
    connect,
    doctor,
    groups,
    limits,
    live,
    options,
    links,
    batches,
    fit,
    fitting,
    letters,
    figures,
    language,
    library,
    mashup,
    renders,
    units,
)

NAME = "Русский"
DAY = "d MMMM"
DAY_OF_YEAR = "d MMMM y"
"""Patterns of dates in CLDR's signs."""

SENTENCES: Sentences = {
    key: sentence for subject in SUBJECTS for key, sentence in subject.SENTENCES.items()
}
