"""When which words are seen: cues that overlap, long ones in pages, words as they are spoken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.studio.captions.letters import clean, is_wide
from core.studio.captions.wrapping import Line
from core.studio.mashup import Word

PAUSE_SECONDS = 0.6
"""A longer silence ends a group of words."""
STAY_SECONDS = 0.3
"""So long a group stays when nothing follows at once."""
GROUP_WORDS = 5
GROUP_LETTERS = 28
"""About one line of a standing picture."""
_ENDS = (".", "!", "?", "…", "。", "！", "？", "؟", ":")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A text and its time, in seconds."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Lines that are seen together."""

    start: float
    end: float
    lines: tuple[Line, ...]
    spoken: int = -1
    """The word that is spoken."""


def paged(cue: Shown, most_lines: int) -> list[Shown]:
    """Split what has too many lines into pages, each shown as long as its share of the text."""
    pages = [
        cue.lines[index : index + most_lines] for index in range(0, len(cue.lines), most_lines)
    ]
    weights = [sum(len(line) for line in page) for page in pages]
    whole, start = sum(weights), cue.start
    found = []
    for page, weight in zip(pages, weights, strict=True):
        end = start + (cue.end - cue.start) * weight / max(whole, 1)
        found.append(Shown(start=start, end=end, lines=page))
        start = end
    return found


def stacked(cues: Sequence[Shown], most_lines: int) -> Iterator[Shown]:
    """Yield what is seen at each time, where cues overlap the later below the earlier.

    Where there are too many lines, the earliest cues give way.
    """
    starts = sorted(cues, key=lambda cue: cue.start)
    times = sorted({time for cue in cues for time in (cue.start, cue.end)})
    active: dict[int, Shown] = {}
    following = 0
    for begin, end in pairwise(times):
        while following < len(starts) and starts[following].start <= begin:
            active[following] = starts[following]
            following += 1
        lines, ended = _seen(active, begin, most_lines)
        for index in ended:
            del active[index]
        if lines:
            yield Shown(start=begin, end=end, lines=lines)


def _seen(
    active: dict[int, Shown], now: float, most_lines: int
) -> tuple[tuple[Line, ...], list[int]]:
    """Return the lines of the newest cues that fit, and which cues are over."""
    lines: tuple[Line, ...] = ()
    ended = []
    for index in reversed(active):
        cue = active[index]
        if cue.end <= now:
            ended.append(index)
        elif len(lines) + len(cue.lines) <= most_lines:
            lines = cue.lines + lines
        else:
            break
    return lines, ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A few words that are seen together, and when each of them begins."""

    words: tuple[str, ...]
    starts: tuple[float, ...]
    end: float

    @property
    def joints(self) -> tuple[str, ...]:
        """Return what stands before each word: nothing between characters of East Asia."""
        joined = [
            "" if is_wide(one[-1]) and is_wide(other[0]) else " "
            for one, other in pairwise(self.words)
        ]
        return ("", *joined)


def groups(words: Sequence[Word]) -> list[Group]:
    """Put words together until a pause, the end of a sentence or of the room."""
    spoken = [(clean(word.text).replace("\n", " "), word) for word in words]
    kept = sorted(((text, word) for text, word in spoken if text), key=lambda item: item[1].start)
    found: list[list[tuple[str, Word]]] = []
    for text, word in kept:
        if not found or _is_full(found[-1], text, word):
            found.append([])
        found[-1].append((text, word))
    ends = [group[0][1].start for group in found[1:]] + [float("inf")]
    return [_group(group, following) for group, following in zip(found, ends, strict=True)]


def _is_full(group: Sequence[tuple[str, Word]], text: str, word: Word) -> bool:
    before, last = group[-1]
    letters = sum(len(one) + 1 for one, _ in group) + len(text)
    return (
        len(group) >= GROUP_WORDS
        or letters > GROUP_LETTERS
        or before.endswith(_ENDS)
        or word.start - max(last.end, last.start) > PAUSE_SECONDS
    )


def _group(group: Sequence[tuple[str, Word]], following: float) -> Group:
    last = group[-1][1]
    end = min(max(last.end, last.start + STAY_SECONDS) + STAY_SECONDS, following)
    return Group(
        words=tuple(text for text, _ in group),
        starts=tuple(word.start for _, word in group),
        end=end,
    )
