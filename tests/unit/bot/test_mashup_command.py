from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.chat.texts import has
from bot.cli import build_parser, run_command
from bot.commands.mashup import build
from core.errors import KarvonError
from core.studio.mashup import Mashup
from tests.mashup_kit import clip, song

pytestmark = pytest.mark.timeout(90)
TWO_TEXTS = '{"captions": {"text": "a", "file": {"path": "b"}}}'


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings file, no token, no database."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KARVON_DATA_DIR", str(tmp_path / "data"))


def read(*words: str) -> Mashup:
    return build(build_parser().parse_args(["mashup", "--out", "o.mp4", *words]), -14.0)


def test_arguments_become_a_mashup(tmp_path: Path) -> None:
    found = read(
        *("--template", "t.mp4", "--source", "s.mp4", "--audio", "m.mp3", "--aspect", "1:1"),
        *("--duration", "7.5", "--caption", "hi", "--watermark", "w.png"),
        *("--attribution", "by me", "--profile", "tiktok"),
    )
    assert [(one.role, one.volume) for one in found.parts] == [("template", 0), ("source", 1)]
    assert found.parts[0].file.path == str(tmp_path / "t.mp4")
    assert (found.layout, found.aspect, found.seconds) == ("side", "1:1", 7.5)
    assert found.music
    assert found.music.file.path == str(tmp_path / "m.mp3")
    assert (found.captions and found.captions.text, found.attribution) == ("hi", "by me")
    assert (found.profile, found.loudness) == ("tiktok", -14.0)


@pytest.mark.parametrize(("count", "name"), [(1, "full"), (2, "side"), (3, "sequence")])
def test_layout_follows_from_the_parts(count: int, name: str) -> None:
    words = [word for _ in range(count) for word in ("--product", "p.mp4")]
    assert read(*words).layout == name


def test_arguments_stand_before_the_spec(tmp_path: Path) -> None:
    spec: dict[str, Any] = {
        "parts": [{"file": {"path": "/a.mp4"}}],
        "loudness": None,
        "seconds": 3,
    }
    (tmp_path / "spec.json").write_text(json.dumps({"mashup": spec, "inputs": []}))
    found = read("--spec", "spec.json", "--duration", "9")
    assert (found.seconds, found.loudness, found.parts[0].file.path) == (9, None, "/a.mp4")
    assert read("--spec", json.dumps(spec)).seconds == 3
    del spec["parts"]
    found = read("--spec", json.dumps(spec), "--source", "s.mp4")
    assert (found.seconds, found.parts[0].file.path) == (3, str(tmp_path / "s.mp4"))


@pytest.mark.parametrize("name", ["own.mp4", "own.json", "own-1080x1920.jpg"])
def test_nothing_is_written_over_what_goes_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (tmp_path / name).write_bytes(b"mine")
    (tmp_path / "link").symlink_to(tmp_path / name)

    assert run_command(["mashup", "--source", "link", "--out", "own.mp4"]) == 2

    assert "written over" in capsys.readouterr().err
    assert (tmp_path / name).read_bytes() == b"mine"


@pytest.mark.parametrize("words", [(), ("--source", "a.mp4", "--aspect", "7:3")])
def test_what_is_no_mashup_is_refused(words: tuple[str, ...]) -> None:
    with pytest.raises(KarvonError):
        read(*words)


def test_result_is_told_as_one_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = str(clip("red", seconds=2))
    words = ["--source", source, "--audio", str(song()), "--preview", "--out", "r.mp4", "--json"]

    assert run_command(["mashup", *words]) == 0

    told = json.loads(capsys.readouterr().out)
    assert list(told) == [
        "path", "width", "height", "duration", "seconds", "sha256", "thumbnail", "inputs",
        "settings",
    ]  # fmt: skip
    assert (told["path"], told["width"], told["duration"]) == (str(tmp_path / "r.mp4"), 360, 2.0)
    assert [one["path"] for one in told["inputs"]] == [source, str(song())]
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--source", "no.mp4", "--out", "r.mp4"], "“no.mp4”"),
        (["--source", "no.mp4", "--out", "no/r.mp4"], "no such folder"),
        (["--source", "no.mp4", "--out", "r.avi"], ".mp4"),
        (["--spec", "{", "--out", "r.mp4"], "does not describe"),
        (["--source", "no.mp4", "--layout", "odd", "--out", "r.mp4"], "no layout odd"),
        (["--source", "s", "--out", "r.mp4", "--spec", TWO_TEXTS], "only one of"),
        (["--source", "no.mp4", "--out", "r" * 251 + ".mp4"], "too long"),
        (["--source", "no.mp4", "--out", "r\udcff.mp4"], "not UTF-8"),
        (["--source", "n\udcff.mp4", "--out", "r.mp4"], "not UTF-8"),
        (["--source", "~nobody.mp4", "--out", "~nobody-r.mp4"], "“~nobody.mp4”"),
        (["--spec", '{"parts": [{"file": {"path": "a\\u0000b"}}]}', "--out", "r.mp4"], "null"),
    ],
)
def test_errors_are_one_clear_line(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["mashup", *words]) == 2
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("key", ["unreadable", "over_memory", "damaged", "disk_full", "stalled"])
def test_errors_of_a_render_have_sentences(key: str) -> None:
    assert has(f"studio_{key}")
