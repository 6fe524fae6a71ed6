"""A mashup as a value: what is wanted, by which the same video is made again.

It is what `karvon mashup` and the chat build, what a render keeps, and what the JSON beside a
result holds. Paths are those of files on this disk; the digest, where there is one, says which
bytes are meant.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Seconds = Annotated[float, Field(ge=0, le=24 * 3600, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Text = Annotated[str, Field(max_length=20_000)]


class AssetKind(StrEnum):
    """What an asset is for."""

    SOURCE = "source"
    TEMPLATE = "template"
    HOT = "hot"
    """A video that does well elsewhere and that may be used."""
    AUDIO = "audio"
    PRODUCT = "product"
    MASHUP = "mashup"
    THUMBNAIL = "thumbnail"


class Value(BaseModel):
    """Frozen, and nothing unknown in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class File(Value):
    """One file that goes in."""

    path: str
    sha256: str = ""
    asset_id: int | None = None


class Part(Value):
    """One video (or picture) that is seen."""

    file: File
    fit: Literal["cover", "contain", "blur"] = "cover"
    """How it fills its cell: cut at the edges, with bars, or over its own blurred copy."""
    when_short: Literal["loop", "freeze", "stop"] = "loop"
    """What is done when it ends before the mashup: from the start again, its last picture
    stands, or the mashup ends with it."""
    start: Seconds = 0.0
    """Taken from here on."""
    seconds: Seconds | None = None
    """At most so much of it; in a sequence its length."""
    volume: Annotated[float, Field(ge=0, le=4, allow_inf_nan=False)] = 1.0
    """Of its own sound; 0 is none."""
    role: AssetKind = AssetKind.SOURCE
    is_own: bool = True
    """Whether it is the person's own content."""


class Music(Value):
    """What sounds underneath."""

    file: File
    volume: Annotated[float, Field(ge=0, le=4, allow_inf_nan=False)] = 0.5
    start: Seconds = 0.0
    fade_in: Seconds = 1.0
    fade_out: Seconds = 2.0
    duck: bool = True
    """Whether it gives way where the parts are heard."""
    when_short: Literal["loop", "stop"] = "loop"
    beats: tuple[Seconds, ...] = ()
    """Times of its beats, where it may be cut for a loop or an end; empty: anywhere."""
    replace: bool = False
    """Whether it stands in place of the sound of the parts."""


class Word(Value):
    """One spoken word with its time."""

    text: Text
    start: Seconds
    end: Seconds


class Captions(Value):
    """Words over the picture; at most one of text, file and words is given."""

    text: Text = ""
    """Shown all the time; a line break is one."""
    file: File | None = None
    """SRT or ASS; of the latter only words, times and line breaks are taken."""
    words: tuple[Word, ...] = ()
    """A transcript; shown in short groups, the spoken word in another colour."""
    look: Literal["outline", "box"] = "outline"
    place: Literal["top", "middle", "bottom"] = "bottom"
    font: Annotated[str, Field(max_length=100)] = ""
    """A family; empty, or where it lacks a character: the fonts that have it."""
    size: Annotated[float, Field(gt=0.005, le=0.2, allow_inf_nan=False)] = 0.045
    """Height of a line as a share of the picture's height."""
    colour: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] = "#ffffff"
    spoken: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] = "#ffd400"
    back: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] = "#000000"

    @model_validator(mode="after")
    def _require_one(self) -> Self:
        if bool(self.text) + bool(self.file) + bool(self.words) > 1:
            raise ValueError("only one of text, file and words can be shown")
        return self


class Watermark(Value):
    """A picture or a short text in a corner; at most one of the two."""

    file: File | None = None
    text: Annotated[str, Field(max_length=100)] = ""
    corner: Literal["top_left", "top_right", "bottom_left", "bottom_right"] = "top_right"
    opacity: Share = 0.7
    width: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] = 0.18
    """Share of the picture's width."""

    @model_validator(mode="after")
    def _require_one(self) -> Self:
        if self.file and self.text:
            raise ValueError("only one of file and text can be shown")
        return self


class Transition(Value):
    """How one part of a sequence, an intro or an outro leads to the next."""

    kind: Literal["none", "fade", "dissolve", "wipe", "slide", "fadeblack"] = "fade"
    seconds: Annotated[float, Field(ge=0, le=5, allow_inf_nan=False)] = 0.5


class Thumbnail(Value):
    """The still pictures that are made with the video: 1280×720 and 1080×1920."""

    at: Seconds | None = None
    """From this time; None: the best of several, sharp and not black."""


class Mashup(Value):
    """Everything that decides how the video looks and sounds."""

    layout: str = "side"
    """A name of `core.studio.layouts.LAYOUTS`."""
    aspect: Literal["9:16", "1:1", "16:9", "4:5"] = "9:16"
    parts: Annotated[tuple[Part, ...], Field(min_length=1, max_length=12)]
    """In the order of the cells of the layout; of a sequence, in the order of time."""
    seconds: Annotated[float, Field(gt=0, le=6 * 3600, allow_inf_nan=False)] | None = None
    """How long; None: as long as its first part, of a sequence all of them."""
    music: Music | None = None
    captions: Captions | None = None
    watermark: Watermark | None = None
    attribution: Annotated[str, Field(max_length=500)] = ""
    """A small line at the foot, such as who made the music."""
    intro: Part | None = None
    outro: Part | None = None
    transition: Transition = Transition()
    fade_in: Seconds = 0.0
    """Of the whole, from black."""
    fade_out: Seconds = 0.0
    loudness: Annotated[float, Field(ge=-31, le=-9)] | None = -14.0
    """Integrated, in LUFS; None: as it comes."""
    profile: str = "general"
    """A name of `core.studio.profiles.PROFILES`: a platform, or ``general``."""
    thumbnail: Thumbnail | None = Thumbnail()
    preset: Literal["ultrafast", "veryfast", "fast", "medium"] = "veryfast"

    @property
    def files(self) -> tuple[File, ...]:
        """Return every file that goes in, each once, in the order of the parts."""
        ends = [part for part in (self.intro, self.outro) if part is not None]
        found = [part.file for part in (*self.parts, *ends)]
        found += [
            one.file for one in (self.music, self.captions, self.watermark) if one and one.file
        ]
        return tuple(dict.fromkeys(found))
