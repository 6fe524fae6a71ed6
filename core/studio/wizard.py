"""The steps by which a person puts a mashup together, as pure logic over what was chosen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.studio.mashup import AssetKind

Aspect = Literal["9:16", "1:1", "16:9", "4:5"]
ASPECTS: tuple[Aspect, ...] = ("9:16", "1:1", "4:5", "16:9")
LENGTHS = (15, 30, 60)
"""Lengths that are offered, in seconds; 0 is as long as the source."""
ALONE = "full"
"""The layout of one part."""
TOGETHER = ("side", "stack", "corner", "sequence")
"""Layouts of a source with a template."""
LONGEST_CAPTION = 2000
"""Characters of words over the picture."""
LONGEST_POST = 4000
LONGEST_MARK = 100
LONGEST_CREDIT = 200
LONGEST_SEARCH = 80
MOST_AT_ONCE = 100
"""Mashups of one order."""

_LONGEST = {"watermark": LONGEST_MARK, "credit": LONGEST_CREDIT}
_MARK = re.compile(r"\s*(watermark|credit)\s*:\s*(.*)", re.IGNORECASE)


class Step(StrEnum):
    """What is asked next."""

    SOURCE = "source"
    TEMPLATE = "template"
    MUSIC = "music"
    LAYOUT = "layout"
    WORDS = "words"
    TARGETS = "targets"
    REVIEW = "review"
    """All is chosen: a preview, and go."""


ORDER = tuple(Step)
ASSET_STEPS: Mapping[Step, tuple[AssetKind, ...]] = {
    Step.SOURCE: (AssetKind.SOURCE, AssetKind.PRODUCT),
    Step.TEMPLATE: (AssetKind.TEMPLATE, AssetKind.HOT, AssetKind.PRODUCT),
    Step.MUSIC: (AssetKind.AUDIO,),
}
"""Steps that choose from the library, and the kinds that are offered, the usual one first."""
SENT_AS: Mapping[Step, AssetKind] = {
    Step.SOURCE: AssetKind.SOURCE,
    Step.TEMPLATE: AssetKind.TEMPLATE,
    Step.MUSIC: AssetKind.AUDIO,
}
"""What a file is added to the library as that is sent at a step."""
SKIPPED = frozenset({Step.TEMPLATE, Step.MUSIC, Step.WORDS})
"""Steps that one can do without."""


class Choices(BaseModel):
    """What was chosen so far; unknown fields of another version are left out."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    source_id: int | None = None
    template_id: int | None = None
    music_id: int | None = None
    mood: str = ""
    layout: str = "side"
    aspect: Aspect = "9:16"
    seconds: int = 0
    """0: as long as the source."""
    caption: str = ""
    """Words over the picture."""
    caption_file: str = ""
    """Name of a file of subtitles in the folder of the drafts."""
    caption_name: str = ""
    """What its sender calls it."""
    look: Literal["outline", "box"] = "outline"
    place: Literal["top", "middle", "bottom"] = "bottom"
    watermark: str = ""
    credit: str = ""
    """Who else is named at the foot, besides those whom the assets name."""
    accounts: tuple[int, ...] = ()
    groups: tuple[int, ...] = ()
    post: str = ""
    """The caption of what is published, with its lines."""
    seed: int | None = None
    """Of the surprise; None: everything was chosen by hand."""
    drawn: tuple[str, ...] = ()
    """Fields that the surprise chose."""
    count: int = 0
    """Of many mashups; 0 for one."""
    source_ids: tuple[int, ...] = ()
    """Of many: what they are made from; empty: all that there is."""
    template_ids: tuple[int, ...] = ()
    music_ids: tuple[int, ...] = ()
    twins: bool = False
    """Several accounts of a platform get the same file on purpose."""

    @property
    def is_published(self) -> bool:
        return bool(self.accounts or self.groups)


class Looking(BaseModel):
    """What of a step is shown: the page of the list and how it is narrowed."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    page: int = 0
    kind: str = ""
    mood: str = ""
    search: str = ""
    plan: str = ""
    """Digest of the many mashups that were shown."""
    note: str = ""
    """Key of a sentence that is shown once."""
    note_facts: dict[str, Any] = Field(default_factory=dict)


def following(step: Step) -> Step:
    """Return the step after one; the last one stays."""
    return ORDER[min(ORDER.index(step) + 1, len(ORDER) - 1)]


def before(step: Step) -> Step:
    """Return the step before one; the first one stays."""
    return ORDER[max(ORDER.index(step) - 1, 0)]


FIELDS: Mapping[Step, str] = {
    Step.SOURCE: "source_id",
    Step.TEMPLATE: "template_id",
    Step.MUSIC: "music_id",
}
"""Which choice a step of the library makes."""


MANY_FIELDS: Mapping[Step, str] = {
    Step.SOURCE: "source_ids",
    Step.TEMPLATE: "template_ids",
    Step.MUSIC: "music_ids",
}
"""Which choice of many a step of the library makes."""


def narrowed(choices: Choices, step: Step) -> tuple[int, ...]:
    """Return the assets of a step that many are made from; empty: all of them."""
    found: tuple[int, ...] = getattr(choices, MANY_FIELDS[step])
    return found


def chosen(choices: Choices, step: Step) -> int | None:
    """Return the asset that a step of the library chose."""
    found: int | None = getattr(choices, FIELDS[step])
    return found


def with_asset(choices: Choices, step: Step, asset_id: int | None) -> Choices:
    """Return the choices with an asset of a step, or without one, chosen by hand."""
    field = FIELDS[step]
    drawn = tuple(name for name in choices.drawn if name != field)
    return fitted(choices.model_copy(update={field: asset_id, "drawn": drawn}))


def fitted(choices: Choices) -> Choices:
    """Return the choices with a layout that has room for exactly what was chosen."""
    offered = layouts(choices)
    if choices.layout in offered:
        return choices
    return choices.model_copy(update={"layout": offered[0]})


def layouts(choices: Choices) -> tuple[str, ...]:
    """Return the layouts that fit what was chosen, the usual one first."""
    return TOGETHER if choices.template_id is not None else (ALONE,)


def is_complete(choices: Choices) -> bool:
    """Return whether there is enough to make a mashup."""
    return choices.source_id is not None


def turned(options: tuple[str, ...], current: str) -> str:
    """Return the option after the current one, round and round."""
    place = options.index(current) if current in options else -1
    return options[(place + 1) % len(options)]


def with_words(choices: Choices, text: str) -> Choices:
    """Return the choices with words over the picture.

    A line ``watermark: …`` is the mark, and ``credit: …`` goes to the foot. Words take the place
    of subtitles.
    """
    kept: list[str] = []
    changed: dict[str, object] = {}
    for line in text.replace("\r\n", "\n").split("\n"):
        found = _MARK.fullmatch(line)
        if found is None:
            kept.append(line.rstrip())
        else:
            name = found[1].casefold()
            changed[name] = " ".join(found[2].split())[: _LONGEST[name]]
    caption = "\n".join(kept).strip()[:LONGEST_CAPTION]
    if caption:
        changed |= {"caption": caption, "caption_file": "", "caption_name": ""}
    return choices.model_copy(update=changed)


def without_words(choices: Choices) -> Choices:
    """Return the choices without words over the picture; the mark stays."""
    return choices.model_copy(update={"caption": "", "caption_file": "", "caption_name": ""})


def toggled(numbers: tuple[int, ...], number: int) -> tuple[int, ...]:
    """Return the numbers with one more, or without it when it was among them."""
    if number in numbers:
        return tuple(one for one in numbers if one != number)
    return (*numbers, number)


def habits_of(choices: Choices) -> Choices:
    """Return what the next mashup begins with: all but what is of this one alone."""
    return choices.model_copy(
        update={
            "source_id": None,
            "caption": "",
            "caption_file": "",
            "caption_name": "",
            "credit": "",
            "post": "",
            "seed": None,
            "drawn": (),
            "count": 0,
            "twins": False,
        }
    )


def read_count(words: str) -> tuple[int | None, str]:
    """Return how many mashups are asked for and the other words; None for one by steps."""
    first, rest = [*words.split(maxsplit=1), "", ""][:2]
    if not (first.isascii() and first.isdigit()):
        return None, words.strip()
    return int(first.lstrip("0")[:9] or 0), rest.strip()


def left_to_draw(step: Step, choices: Choices) -> tuple[str, ...]:
    """Return the fields that a surprise chooses at a step: those that are not decided yet.

    What an earlier surprise chose is chosen anew; what comes before the step stays.
    """
    at, free = ORDER.index(step), []
    for place, (earlier, field) in enumerate(FIELDS.items()):
        is_open = at < ORDER.index(following(earlier)) if place else choices.source_id is None
        if field in choices.drawn or is_open:
            free.append(field)
    if at <= ORDER.index(Step.LAYOUT) or "layout" in choices.drawn or "template_id" in free:
        free.append("layout")
    has_words = bool(choices.caption or choices.caption_file)
    if "caption" in choices.drawn or (at <= ORDER.index(Step.WORDS) and not has_words):
        free += ["caption", "look", "place"]
    return tuple(free)
