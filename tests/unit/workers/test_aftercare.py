from __future__ import annotations

import pytest

from core.errors import RefusedError
from workers.watch import Finding, find
from workers.wishes import captions_language


@pytest.mark.parametrize(
    ("filename", "note", "language"),
    [
        ("video.de.srt", "", "de"),
        ("a.b.pt-BR.vtt", "", "pt-BR"),
        ("video.srt", "language: de", "de"),
        ("video.fr.srt", "Language:  zh-Hans", "zh-Hans"),
    ],
)
def test_the_language_of_captions_stands_in_their_name_or_beside_them(
    filename: str, note: str, language: str
) -> None:
    assert captions_language(filename, note) == language


@pytest.mark.parametrize("filename", ["video.srt", "de.srt", "my.holidays.srt"])
def test_captions_without_a_language_are_refused(filename: str) -> None:
    with pytest.raises(RefusedError, match="captions_language"):
        captions_language(filename, "")


@pytest.mark.parametrize(
    ("facts", "wanted", "finding"),
    [
        ({"there": True, "visibility": "public", "blocked": ""}, "public", None),
        ({"there": True, "visibility": "members", "blocked": ""}, "public", None),
        ({"there": True, "visibility": "private", "blocked": ""}, "", None),
        ({"there": False}, "public", Finding(key="gone")),
        (
            {"there": True, "visibility": "public", "blocked": "a claim"},
            "public",
            Finding(key="blocked", why="a claim"),
        ),
        (
            {"there": True, "visibility": "private", "blocked": ""},
            "public",
            Finding(key="visibility", why="private", wanted="public"),
        ),
    ],
)
def test_what_a_look_finds(facts: dict[str, object], wanted: str, finding: Finding | None) -> None:
    assert find(facts, wanted) == finding
