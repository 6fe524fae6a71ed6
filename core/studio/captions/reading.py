"""Cues from a file of SRT, WebVTT, SSA or ASS: their words and times, nothing else of them."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

import pysubs2
from charset_normalizer import from_bytes

from core.studio.captions.timing import Cue
from core.studio.errors import StudioError

MOST_BYTES = 2 * 1024 * 1024
"""A film of three hours has a tenth of it."""
CHARSETS = (
    *("cp1250", "cp1251", "cp1252", "cp1254", "cp1256", "cp1258", "iso8859_1", "koi8_r"),
    *("gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"),
)
"""In which captions were written before UTF-8."""
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_HTML = re.compile(r"</?[A-Za-z][^<>\n]{0,200}>")
_DRAWING = re.compile(r"\\p(\d+)")
_READ_ERRORS = (pysubs2.Pysubs2Error, ValueError, LookupError, TypeError, OverflowError)


def read(path: Path) -> list[Cue]:
    """Return the cues of a file, in the order of their times.

    Raises:
        StudioError: ``captions_too_large``, ``captions_charset`` when nobody can tell in which
            encoding it is written, ``captions_broken`` when it is no such file or empty.
    """
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MOST_BYTES else b""
    except OSError as error:
        raise StudioError("captions_broken", {"name": path.name}) from error
    if size > MOST_BYTES:
        raise StudioError("captions_too_large", {"name": path.name, "limit_bytes": MOST_BYTES})
    text = decode(data)
    if text is None:
        raise StudioError("captions_charset", {"name": path.name})
    cues = parse(text)
    if not cues:
        raise StudioError("captions_broken", {"name": path.name})
    return cues


def decode(data: bytes) -> str | None:
    """Return the text, by its mark, as UTF-8, or by what its bytes look like; None: unknown."""
    for mark, charset in _MARKS:
        if data.startswith(mark):
            return data.decode(charset, "replace")
    if b"\x00" in data[:4000]:
        return _wide(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        best = from_bytes(data, cp_isolation=list(CHARSETS)).best()
    return None if best is None else str(best)


def _wide(data: bytes) -> str | None:
    """Read UTF-16 without a mark: of its plain characters, every other byte is zero."""
    head = data[:4000]
    is_little = head[1::2].count(0) > head[0::2].count(0)
    try:
        return data.decode("utf-16-le" if is_little else "utf-16-be")
    except UnicodeDecodeError:
        return None


def parse(text: str) -> list[Cue]:
    """Return the cues of a text; nothing when it is of none of the formats."""
    kind = _kind(text)
    if kind is None:
        return []
    # Long runs of blank lines take the reader a time that grows with their square.
    lines = (line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    short = "\n".join(
        line
        for is_text, group in groupby(lines, key=bool)
        for line in (group if is_text else [""])
    )
    options = {"keep_html_tags": True} if kind in {"srt", "vtt"} else {}
    try:
        events = pysubs2.SSAFile.from_string(short, format_=kind, **options)
    except _READ_ERRORS:
        return []
    cues = [
        Cue(start=event.start / 1000, end=event.end / 1000, text=plain(event.text, kind))
        for event in events
        if not event.is_comment
    ]
    kept = [cue for cue in cues if cue.text and cue.end > max(cue.start, 0)]
    return sorted(kept, key=lambda cue: cue.start)


def _kind(text: str) -> str | None:
    head = text.lstrip("\ufeff \t\r\n")
    if head.startswith("WEBVTT"):
        return "vtt"
    if "[Events]" in text:
        return "ssa" if "[V4 Styles]" in text else "ass"
    return "srt" if "-->" in text else None


def plain(text: str, kind: str) -> str:
    """Return the words of an event: codes, drawings and marks of HTML are dropped."""
    words = _without_codes(text, only_codes=kind in {"srt", "vtt"})
    if kind in {"srt", "vtt"}:
        words = _HTML.sub("", words)
    return words.replace("\\N", "\n").replace("\\n", "\n").replace("\\h", " ").strip()


def _without_codes(text: str, *, only_codes: bool) -> str:
    """Drop what stands in braces, and what is drawn there, in one walk over the text.

    Args:
        text: of an event.
        only_codes: braces without a code in them are words.
    """
    kept, place, is_drawing = [], 0, False
    while (begin := text.find("{", place)) >= 0 and (end := text.find("}", begin)) >= 0:
        code = text[begin : end + 1]
        kept.append("" if is_drawing else text[place:begin])
        if only_codes and "\\" not in code:
            kept.append(code)
        for scale in _DRAWING.findall(code):
            is_drawing = int(scale[:9]) > 0
        place = end + 1
    kept.append("" if is_drawing else text[place:])
    return "".join(kept)
