"""Tests of the choice of fonts."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # it comes without types

from core.studio.captions.fonts import Fonts
from core.studio.errors import StudioError

DEJAVU = "DejaVu Sans"
CJK = "Noto Sans CJK SC Regular"


def bundled(character: str = "a") -> Path:
    dressed = Fonts(()).dress(character, None)
    assert dressed is not None
    return dressed[1].path


def renamed(folder: Path, family: str) -> Path:
    """Make a copy of the first font under another name."""
    font = TTFont(bundled())
    for record in font["name"].names:
        if record.nameID in {1, 4, 6}:
            record.string = family
    path = folder / "fonts" / "own.ttf"
    path.parent.mkdir()
    font.save(path)
    return path.parent


@pytest.mark.parametrize(
    ("character", "family"),
    [
        *((one, DEJAVU) for one in ("a", "é", "ж", "ў", "қ", "ệ", "م", "گ", "☺", "😀", "ʻ")),
        *((one, CJK) for one in ("中", "あ", "ア", "한", "。")),
    ],
)
def test_a_bundled_font_has_it(character: str, family: str) -> None:
    dressed = Fonts(()).dress(character, None)
    assert dressed is not None
    assert dressed[1].family == family


def test_punctuation_keeps_to_the_font_before_it() -> None:
    fonts = Fonts(())
    before = fonts.dress("中", None)
    assert before is not None
    assert fonts.dress("!", before[1]) == ("!", before[1])
    assert fonts.dress("a", before[1]) != ("a", before[1])


def test_what_no_font_has_is_told_at_once() -> None:
    fonts = Fonts(())
    assert [fonts.dress(one, None) for one in ("क", "\ue000", "a\u0f71")] == [None] * 3
    with pytest.raises(StudioError) as error:
        fonts.require_all()
    assert (error.value.key, error.value.facts) == ("no_glyph", {"characters": "क \ue000 \u0f71"})


def test_emoji_are_left_out_and_told() -> None:
    fonts = Fonts(())
    assert fonts.dress("🎵", None) is None
    assert fonts.left_out == "🎵"
    fonts.require_all()


def test_of_an_emoji_of_several_the_first_is_shown() -> None:
    fonts = Fonts(())
    shown = [fonts.dress(one, None) for one in ("☺🏽", "1\u20e3")]
    assert [one and one[0] for one in shown] == ["☺", "1"]


def test_folders_of_the_settings_come_first(tmp_path: Path) -> None:
    folder = renamed(tmp_path, "Own Face")
    dressed = Fonts([folder]).dress("a", None)
    assert dressed is not None
    assert (dressed[1].family, dressed[1].path) == ("Own Face", folder / "own.ttf")


def test_a_wanted_family_comes_first_and_has_to_be_there() -> None:
    dressed = Fonts((), CJK.lower()).dress("a", None)
    assert dressed is not None
    assert dressed[1].family == CJK
    with pytest.raises(StudioError) as error:
        Fonts((), "No Such Face")
    assert error.value.key == "unknown_font"
    assert DEJAVU in error.value.facts["known"]


@pytest.mark.parametrize("content", [b"", b"no font", b"ttcf" + b"\xff" * 40, b"\x00\x01\x00\x00"])
def test_files_that_are_no_fonts_are_passed_over(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken.ttf").write_bytes(content)
    (tmp_path / "cut.otf").write_bytes(bundled().read_bytes()[:5000])
    dressed = Fonts([tmp_path, tmp_path / "missing"]).dress("a", None)
    assert dressed is not None
    assert dressed[1].family == DEJAVU


def test_a_name_that_means_something_to_the_drawing_is_not_used(tmp_path: Path) -> None:
    folder = renamed(tmp_path, "A\\p1}{,B")
    dressed = Fonts([folder]).dress("a", None)
    assert dressed is not None
    assert dressed[1].family == DEJAVU
