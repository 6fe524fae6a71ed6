from __future__ import annotations

from typing import Any

from bot.commands.renders import lines_of


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
