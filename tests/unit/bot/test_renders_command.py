from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.cli import build_parser
from bot.commands import renders
from bot.commands.renders import lines_of
from bot.commands.send import explain_refusal
from core.settings import Settings


def make_facts(**changes: Any) -> dict[str, Any]:
    return {
        "render_id": 7,
        "state": "pending",
        "stage": "",
        "share": None,
        "place": None,
        "waits_for": "",
        "until": "",
        "error": None,
        "post_id": None,
        "name": "sea",
        **changes,
    }


def test_each_render_is_a_line() -> None:
    renders = [
        make_facts(place=2),
        make_facts(state="processing", stage="rendering", share=0.418),
        make_facts(state="failed", error={"key": "bad_input", "facts": {}}, name=""),
        make_facts(waits_for="disk", until="18:30"),
        make_facts(state="ready", post_id=4),
    ]
    assert list(lines_of({"renders": renders})) == [
        "7  pending  place 2  sea",
        "7  processing  rendering  42%  sea",
        "7  failed  bad input",
        "7  pending  waits for disk until 18:30  sea",
        "7  ready  post 4  sea",
    ]


def test_nothing_and_what_stands_is_said() -> None:
    assert list(lines_of({"renders": []})) == ["there are no renders yet"]
    assert list(lines_of({"log": ""})) == ["nothing was run yet"]
    again = list(lines_of({"render": make_facts(), "published": 4}))
    assert again[1] == "post 4 stands; --publish publishes it once more"


def test_what_many_are_made_of_is_asked_of_the_running_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    asked: list[dict[str, Any]] = []

    async def answer(settings: Settings, request: dict[str, Any]) -> list[dict[str, Any]]:
        asked.append(request)
        return [{"ok": True, "seed": 7, "names": ["Sea #1"], "batch_id": 1, "renders": []}]

    monkeypatch.setenv("KARVON_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(renders, "ask_running", answer)
    words = ["renders", "make", "20", "--from", "beach, 12", "--from", "#sea", "--mood", "upbeat"]
    words += ["--seconds", "15", "--to", "youtube", "--caption", "A day", "--twins", "--json"]
    assert renders.run(build_parser().parse_args(words)) == 0
    assert asked == [
        {
            "command": "renders",
            "action": "make",
            "count": 20,
            "from": ["beach, 12", "#sea"],
            "mood": "upbeat",
            "seconds": 15,
            "to": "youtube",
            "caption": "A day",
            "twins": True,
            "dry_run": False,
        }
    ]
    told = json.loads(capsys.readouterr().out)
    assert told == {"seed": 7, "names": ["Sea #1"], "batch_id": 1, "renders": []}


def test_what_would_be_made_is_said() -> None:
    facts = {"seed": 7, "names": ["Sea #1", "Sea #2"]}
    assert list(lines_of(facts)) == ["Sea #1", "Sea #2", "seed 7"]
    facts |= {"batch_id": 1, "renders": [make_facts(place=1)]}
    assert list(lines_of(facts))[3:] == ["7  pending  place 1  sea"]


@pytest.mark.parametrize("seconds", ["0", "-1", "x", "99999"])
def test_lengths_that_cannot_be_are_refused(seconds: str) -> None:
    with pytest.raises(SystemExit):
        build_parser().parse_args(["renders", "make", "2", "--seconds", seconds])


def test_why_not_so_many_are_made_is_said_in_words() -> None:
    facts = {"count": 9, "room": 2, "kinds": ["source: 2"], "kind": "source", "more": 7}
    told = explain_refusal({"key": "studio_too_few_parts", "facts": facts})
    assert "(2 own clips)" in told
    assert "of the kind own clip" in told
    missing = {"kinds": ["audio"], "mood": ""}
    assert "mood" not in explain_refusal({"key": "studio_missing_parts", "facts": missing})
