"""Tests of files of captions: words and times are taken, nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.studio.captions import reading
from core.studio.captions.reading import MOST_BYTES, decode, parse, read
from core.studio.captions.timing import Cue
from core.studio.errors import StudioError

SRT = (
    "1\n00:00:01,000 --> 00:00:02,500\nПривет, мир!\nвторая строка\n\n"
    "2\n00:00:03,0 --> 00:00:04,0\nещё\n"
)
CUES = [
    Cue(start=1, end=2.5, text="Привет, мир!\nвторая строка"),
    Cue(start=3, end=4, text="ещё"),
]
ASS = """[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize
Style: Default,Arial,99

[Fonts]
fontname: evil.ttf
!!!!

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def ass(text: str, *, kind: str = "Dialogue") -> str:
    return f"{ASS}{kind}: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,Scroll up;1;2;3,{text}\n"


@pytest.mark.parametrize(
    "charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1251"]
)
def test_reads_srt_in_any_encoding(tmp_path: Path, charset: str) -> None:
    path = tmp_path / "it's; [a]=b.srt"
    path.write_bytes(SRT.replace("\n", "\r\n").encode(charset))
    assert read(path) == CUES


def test_a_long_enough_text_in_an_old_encoding_is_recognised() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nمرحبا بالعالم هذا نص عربي طويل بما يكفي\n" * 3
    assert decode(text.encode("cp1256")) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (r"{\an8\pos(1,2)\fscx900}plain", "plain"),
        (r"one\Ntwo\nthree\hfour", "one\ntwo\nthree four"),
        (r"a{\p1}m 0 0 l 9999 9999{\p0}b", "ab"),
        (r"{\k20}ka{\kf30}ra{\ko40}oke", "karaoke"),
        (r"{\t(0,9,\fs500)}t{\clip(m 0 0)}", "t"),
        ("open {brace", "open {brace"),
        (r"a{\pos(3,4)}b", "ab"),
    ],
)
def test_takes_only_the_words_of_ass(text: str, words: str) -> None:
    assert parse(ass(text)) == [Cue(start=1, end=2, text=words)]


@pytest.mark.parametrize("text", [r"{\p1}m 0 0 l 1 1", r"{\an8}", "  "])
def test_an_event_without_words_is_none(text: str) -> None:
    assert parse(ass(text)) == []


def test_comments_are_not_shown() -> None:
    assert parse(ass("hidden", kind="Comment")) == []


def test_srt_keeps_braces_and_drops_marks_of_html() -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\n<i>a</i> {b} {\\an8}<font color='#fff'>c</font> 1 < 2\n"
    )
    assert parse(text) == [Cue(start=1, end=2, text="a {b} c 1 < 2")]


def test_reads_webvtt() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000 line:0%\n<v Bob>hi\n"
    assert parse(text) == [Cue(start=1, end=2, text="hi")]


def test_cues_that_end_before_they_begin_are_left_out_and_all_are_in_order() -> None:
    text = (
        "1\n00:00:05,000 --> 00:00:06,000\nlate\n\n2\n00:00:02,000 --> 00:00:01,000\nnever\n\n"
        "3\n00:00:01,000 --> 00:00:09,000\nearly\n"
    )
    assert [cue.text for cue in parse(text)] == ["early", "late"]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "captions_broken"),
        (b"just words", "captions_broken"),
        (b"1\n00:00:01,000 --> 00:00:02,000\n\n", "captions_broken"),
        (b"[Events]\nDialogue: 0,0:00,x,,,\n", "captions_broken"),
        (bytes(range(128, 256)) * 3, "captions_charset"),
        (b" " * (MOST_BYTES + 1), "captions_too_large"),
    ],
)
def test_refuses_what_is_no_captions(tmp_path: Path, content: bytes, key: str) -> None:
    path = tmp_path / "x.srt"
    path.write_bytes(content)
    with pytest.raises(StudioError) as error:
        read(path)
    assert error.value.key == key


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(StudioError) as error:
        read(tmp_path / "x.srt")
    assert (error.value.key, error.value.facts) == ("captions_broken", {"name": "x.srt"})


@pytest.mark.timeout(5)
@pytest.mark.parametrize(
    "text",
    [
        "{" * 500_000,
        "{}" * 250_000,
        "<" * 500_000,
        "<a" * 250_000,
        "\n" * 500_000 + "x",
        " " * 500_000 + "x",
        "\\N" * 250_000,
        "a\n1\n" * 100_000,
    ],
)
def test_hostile_repetitions_take_no_time(text: str) -> None:
    head = "1\n00:00:01,000 --> 00:00:02,000\nx"
    assert reading.parse(head + text + "\n") is not None
    assert reading.parse(ass("x" + text.replace("\n", ""))) is not None
