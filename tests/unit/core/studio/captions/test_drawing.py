"""Tests of words in the picture, by its pixels."""

from __future__ import annotations

from itertools import combinations, pairwise
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # it comes without types

from core.studio.captions import burn
from core.studio.captions.fonts import Fonts
from core.studio.errors import StudioError
from core.studio.mashup import Captions, File, Watermark, Word
from tests.words_kit import BACK, SAFE, SIZE, bounds, is_safe, pictures, written

SCRIPTS = {
    "latin": "Rg",
    "vietnamese": "ệẵ",
    "cyrillic": "Жў",
    "arabic": "عش",
    "chinese": "中文",
    "japanese": "あン",
    "korean": "한글",
    "emoji": "☺😀",
}
LONG = (
    "Tiếng Việt rất đẹp, Ўзбек қишлоғи, مرحبا بالعالم الكبير, 你好世界这是一个很长的句子, "
    "これはテストです。 한국어 문장, Hello wonderful wide world! WWWWWWWWWWWWWWWWWWWWWWWWWW"
)


def srt(folder: Path, *texts: str) -> File:
    """Write a file whose lines are seen one after another, each a second."""
    path = folder / "words.srt"
    cues = (
        f"{number}\n00:00:{number:02},000 --> 00:00:{number + 1:02},000\n{text}\n"
        for number, text in enumerate(texts)
    )
    path.write_text("\n".join(cues), "utf-8")
    return File(path=str(path))


def test_each_script_is_drawn_and_no_two_characters_alike(tmp_path: Path) -> None:
    characters = "".join(SCRIPTS.values())
    what = written(tmp_path, Captions(file=srt(tmp_path, *characters), size=0.1), seconds=99)
    seen = pictures(what, seconds=len(characters))
    assert all(bounds(picture) is not None for picture in seen)
    alike = [
        characters[one] + characters[other]
        for one, other in combinations(range(len(characters)), 2)
        if np.array_equal(seen[one], seen[other])
    ]
    assert alike == []


def test_other_fonts_of_the_system_change_nothing(tmp_path: Path) -> None:
    what = written(tmp_path, Captions(text="Rg ع 中"))
    dressed = Fonts(()).dress("a", None)
    assert dressed is not None
    font = TTFont(dressed[1].path.with_name("DejaVuSerif.ttf"))
    for record in font["name"].names:
        if record.nameID in {1, 4, 6}:
            record.string = "DejaVu Sans" if record.nameID != 6 else "DejaVuSans"
    (tmp_path / "system").mkdir()
    font.save(tmp_path / "system" / "imposter.ttf")
    settings = tmp_path / "fonts.conf"
    settings.write_text(
        f"<fontconfig><dir>{tmp_path}/system</dir><cachedir>{tmp_path}/c</cachedir></fontconfig>"
    )
    ours = pictures(what)
    theirs = pictures(what, environment={"FONTCONFIG_FILE": str(settings)})
    assert np.array_equal(ours, theirs)


@pytest.mark.parametrize("look", ["outline", "box"])
@pytest.mark.parametrize("place", ["top", "middle", "bottom"])
def test_nothing_leaves_the_safe_zone(
    tmp_path: Path, look: Literal["outline", "box"], place: Literal["top", "middle", "bottom"]
) -> None:
    captions = Captions(text=LONG, look=look, place=place)
    mark = Watermark(text="@karvon\n{x}", corner="bottom_left" if place == "top" else "top_right")
    what = written(tmp_path, captions, attribution="Music: x, CC BY 4.0 " * 4, watermark=mark)
    assert is_safe(pictures(what)[0])


@pytest.mark.parametrize("size", [(284, 160), (160, 160), (64, 400)])
def test_nothing_leaves_the_safe_zone_of_other_shapes(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    what = written(tmp_path, Captions(text=LONG, size=0.15, look="box"), size=size, seconds=8)
    assert all(is_safe(picture, size) for picture in pictures(what, size=size, seconds=8))


def test_place_decides_where_words_stand(tmp_path: Path) -> None:
    found = []
    for place in ("top", "middle", "bottom"):
        what = written(tmp_path, Captions(text="Hi", place=place))
        found.append(bounds(pictures(what)[0]))
    top, middle, bottom = (place[0] / SIZE[1] if place else -1.0 for place in found)
    assert SAFE.top <= top < 0.2
    assert 0.4 < middle < 0.5
    assert 0.7 < bottom < 1 - SAFE.bottom


def test_words_stand_above_the_attribution_and_beside_no_mark(tmp_path: Path) -> None:
    alone = bounds(pictures(written(tmp_path, None, attribution="Music: x"))[0])
    both = pictures(written(tmp_path, Captions(text="Words"), attribution="Music: x"))[0]
    assert alone is not None
    words = bounds(both[: alone[0]])
    assert words is not None
    assert words[2] < alone[0]


@pytest.mark.parametrize(
    ("corner", "is_top", "is_left"),
    [
        ("top_left", True, True),
        ("top_right", True, False),
        ("bottom_left", False, True),
        ("bottom_right", False, False),
    ],
)
def test_a_watermark_stands_in_its_corner(
    tmp_path: Path,
    corner: Literal["top_left", "top_right", "bottom_left", "bottom_right"],
    is_top: bool,
    is_left: bool,
) -> None:
    what = written(tmp_path, None, watermark=Watermark(text="@karvon", corner=corner, width=0.3))
    found = bounds(pictures(what)[0])
    assert found is not None
    top, right, bottom, left = found
    assert (bottom < SIZE[1] / 2, right < SIZE[0] / 2) == (is_top, is_left)
    assert abs((right - left) / SIZE[0] - 0.3) < 0.03
    assert bottom > top


def test_opacity_is_seen(tmp_path: Path) -> None:
    strength = []
    for opacity in (1.0, 0.3):
        what = written(tmp_path, None, watermark=Watermark(text="@me", opacity=opacity))
        strength.append(int(np.abs(pictures(what)[0].astype(int) - BACK).max()))
    assert strength[0] > 100 > strength[1] * 2
    assert written(tmp_path, None, watermark=Watermark(text="@me", opacity=0)) is None


def test_a_box_stands_behind_the_words_and_an_outline_does_not(tmp_path: Path) -> None:
    dark = []
    for look in ("box", "outline"):
        what = written(tmp_path, Captions(text="Hi there", look=look))
        dark.append(int((pictures(what)[0] < 60).sum()))
    assert dark[0] > 2 * dark[1]


def test_words_are_seen_at_their_times_only_and_the_spoken_one_changes(tmp_path: Path) -> None:
    words = tuple(
        Word(text=text, start=start, end=start + 0.6)
        for text, start in (("one", 1.0), ("two", 2.0), ("three", 8.0))
    )
    what = written(tmp_path, Captions(words=words, spoken="#000000"), seconds=6)
    seen = pictures(what, seconds=6)
    assert [bounds(picture) is not None for picture in seen] == [
        *(False, True, True, False, False, False)
    ]
    assert not np.array_equal(seen[1], seen[2])
    assert bounds(seen[1]) == bounds(seen[2])


def test_each_of_many_changes_comes_at_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = tuple(Word(text="ab", start=number / 5, end=number / 5 + 0.1) for number in range(150))
    captions = Captions(words=words, spoken="#000000")
    seen = pictures(written(tmp_path, captions, seconds=30), seconds=30, rate=5)
    assert not any(np.array_equal(one, other) for one, other in pairwise(seen[:-1]))
    monkeypatch.setattr("core.studio.captions.layers.MOST_STATES", 10)
    at_a_rate = pictures(written(tmp_path, captions, seconds=30), seconds=30, rate=5)
    assert np.array_equal(seen[:-1], at_a_rate[:-1])


def test_arabic_words_run_from_the_right(tmp_path: Path) -> None:
    words = tuple(
        Word(text=text, start=number, end=number + 1)
        for number, text in enumerate(("مرحبا", "بالعالم"))
    )
    what = written(tmp_path, Captions(words=words, colour="#000000", spoken="#ffffff"), seconds=2)
    first, second = (
        float(np.argwhere(picture > 200)[:, 1].mean()) for picture in pictures(what, seconds=2)
    )
    assert first > second


def test_a_text_that_fills_more_than_the_picture_is_paged(tmp_path: Path) -> None:
    what = written(tmp_path, Captions(text="many words " * 1800), seconds=40)
    seen = pictures(what, seconds=40)
    assert all(is_safe(picture) for picture in seen)


def test_codes_in_a_text_are_drawn_as_they_are(tmp_path: Path) -> None:
    plain = written(tmp_path, Captions(text="x"))
    size = bounds(pictures(plain)[0])
    for text in (r"{\p1}m 0 0 l 90 90", r"\N\n\h", r"{\fs200}x", r"',drawbox=c=red,ass='"):
        found = bounds(pictures(written(tmp_path, Captions(text=text)))[0])
        assert size is not None
        assert found is not None
        assert found[1] - found[3] > 2 * (size[1] - size[3])
        assert found[2] - found[0] < 4 * (size[2] - size[0])


def test_emoji_without_a_font_are_left_out_and_told(tmp_path: Path) -> None:
    what = written(tmp_path, Captions(text="a 🎵 b"), attribution="🎵 c")
    plain = written(tmp_path / "plain", Captions(text="a b"), attribution="c")
    assert what is not None
    assert what.left_out == "🎵"
    assert np.array_equal(pictures(what), pictures(plain))


def test_only_used_fonts_are_there_and_none_is_copied(tmp_path: Path) -> None:
    both = written(tmp_path, Captions(text="a中"))
    assert both is not None
    assert both.used_fonts == ("DejaVu Sans", "Noto Sans CJK SC Regular")
    one = written(tmp_path, Captions(text="a"))
    assert one is not None
    assert [path.is_symlink() for path in (tmp_path / one.fonts).iterdir()] == [True]


def test_a_link_that_cannot_be_made_is_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError

    monkeypatch.setattr("pathlib.Path.symlink_to", refuse)
    monkeypatch.setattr("os.link", refuse)
    what = written(tmp_path, Captions(text="a"))
    assert what is not None
    assert [path.is_symlink() for path in (tmp_path / what.fonts).iterdir()] == [False]
    assert bounds(pictures(what)[0]) is not None


def test_nothing_to_say_is_nothing_to_draw(tmp_path: Path) -> None:
    assert written(tmp_path, None) is None
    assert written(tmp_path, Captions(text=" \ufeff\n"), watermark=Watermark()) is None
    late = Captions(words=(Word(text="late", start=9, end=10),))
    assert written(tmp_path, late, seconds=3) is None
    assert burn("stream", None) == "stream"


def test_a_character_that_no_font_has_is_refused(tmp_path: Path) -> None:
    for captions, attribution in ((Captions(text="aक"), ""), (None, "क")):
        with pytest.raises(StudioError) as error:
            written(tmp_path, captions, attribution=attribution)
        assert (error.value.key, error.value.facts) == ("no_glyph", {"characters": "क"})
