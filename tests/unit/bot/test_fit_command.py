from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from bot.cli import run_command
from tests.fit_kit import HOPELESS, SENT, fault


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings file, no token, no database."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KARVON_DATA_DIR", str(tmp_path / "data"))


def report(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    document = json.loads(capsys.readouterr().out)
    assert isinstance(document, dict)
    return document


def test_tells_what_each_platform_says(capsys: pytest.CaptureFixture[str]) -> None:
    code = run_command(["fit", str(SENT["mkv"]()), "--to", "youtube,instagram"])

    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert lines[0].startswith("⚠️ YouTube: takes it")
    assert lines[1].startswith("⚠️ Instagram:")
    assert "without loss" in lines[1]


def test_all_platforms_are_asked_without_a_choice(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["fit", str(SENT["mkv"]())]) == 0

    assert len(capsys.readouterr().out.splitlines()) == 5


async def test_files_are_made_where_they_are_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:

    source, folder = SENT["mkv"](), tmp_path / "out"
    arguments = ["fit", str(source), "--to", "tiktok,instagram", "--out", str(folder), "--json"]

    code = await asyncio.to_thread(run_command, arguments)

    document = report(capsys)
    assert (code, document["ok"]) == (0, True)
    targets = document["targets"]
    assert isinstance(targets, list)
    for target in targets:
        path = Path(target["path"])
        assert path.parent == folder
        assert await fault(target["platform"], path) is None
        assert target["findings"][0]["remedy"] == "remux"
    assert sorted(path.name for path in folder.iterdir()) == [
        "sent.instagram.mp4",
        "sent.tiktok.mp4",
    ]


def test_what_nothing_helps_against_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    path = HOPELESS["half-a-second"]()

    assert run_command(["fit", str(path), "--to", "instagram", "--json"]) == 1

    document = report(capsys)
    assert document["ok"] is False
    assert "wants at least" in json.dumps(document["targets"])


def test_what_is_no_video_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "letter.mp4"
    path.write_text("Dear reader,\n" * 100)

    assert run_command(["fit", str(path)]) == 1
    assert "is no video that can be read" in capsys.readouterr().err
    assert run_command(["fit", str(path), "--json"]) == 1
    assert "is no video" in str(report(capsys)["error"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["nothing.mp4"], "no such file"), (["a.mp4", "--to", "myspace"], "myspace is no platform")],
)
def test_what_is_not_there_is_told(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["fit", *arguments]) == 2
    assert words in capsys.readouterr().err
