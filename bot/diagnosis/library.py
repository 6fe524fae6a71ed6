"""The files of the library: whether all of them lie where new ones go."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.chat.texts.human import size
from bot.diagnosis.findings import Finding, fine, warning
from bot.diagnosis.patient import Patient
from core.media.storage.open import configured_place, name_of
from core.studio.errors import StudioError
from core.studio.moving import how_it_lies


async def look_at_library(patient: Patient) -> AsyncIterator[Finding]:
    if patient.store is None:
        return
    try:
        configured = name_of(configured_place(patient.settings))
    except StudioError as error:
        yield warning("library", "library_bad_setting", url=error.facts.get("url", ""))
        return
    lies = await how_it_lies(patient.store, configured)
    facts = {"storage": lies.storage, "command": lies.command}
    if lies.files_left:
        left = {"count": lies.files_left, "size": size(lies.bytes_left)}
        yield warning("library", "library_unmoved", **left, **facts)
    elif lies.files:
        yield fine("library", "library", count=lies.files, size=size(lies.bytes), **facts)
