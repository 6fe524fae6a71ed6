"""Every sentence in Uzbek (Latin script), one file a subject, with the same keys as in English.

People are addressed as “siz”. A time stands before “gacha” or “da”, a name before a colon or a
word of its own (“{platform} akkaunti”), so that no suffix has to agree with what is filled in.
The signs are oʻ and gʻ (U+02BB) and the tutuq ʼ (U+02BC).

Glossary: post – post; upload – yuklash; video – video; live – joylandi; account – akkaunt;
target, platform – platforma; group – guruh; quota – kvota; limits – limitlar;
draft – qoralama; card – kartochka; caption – izoh; sign-in – kirish; connect – ulash; pause –
pauza; link – havola; thumbnail – muqova; visibility – kim koʻrishi; retry – qayta urinish; log –
jurnal; settings – sozlamalar; batch – toʻplam; clip – klip; to fit – moslash; remedy – tuzatish;
entry – qator, with its number “3-klip”; line of a file – satr; page – sahifa; dry run – sinov;
failed – chiqmadi; cause – sabab; put aside – chetga olish; as it is – shu holicha; pattern –
andoza; template – shablon; try again – “…ga qayta urinish”; post 12 – “12-post”;
library – kutubxona; mashup – mashup; render – render, with its number “3-render”; part – boʻlak;
own clip – shaxsiy klip; hot video – trend video; sound – ovoz; music – musiqa; picture – rasm, of
a video kadr; mood – kayfiyat; words over the picture – yozuv; watermark – suv belgisi; layout –
joylashuv; shape – kadr shakli; to make – tayyorlash; rights – huquq; licence – litsenziya;
attribution – muallif qatori; media storage – media ombori; surprise – tasodif.
"""

from __future__ import annotations

from bot.chat.texts.forms import Sentences
from bot.chat.texts.uz import (
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

NAME = "Oʻzbekcha"
DAY = "d-MMMM"
DAY_OF_YEAR = "y-'yil' d-MMMM"
"""Patterns of dates in CLDR's signs."""

SENTENCES: Sentences = {
    key: sentence for subject in SUBJECTS for key, sentence in subject.SENTENCES.items()
}
