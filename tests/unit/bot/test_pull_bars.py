"""Bars of a pull show where things stand, whatever happened before."""

from __future__ import annotations

from bot.commands.pull import Heard


def make_facts(**changes: int) -> dict[str, int]:
    names = ("live", "partly", "there", "running", "waiting", "failed", "refused", "cancelled")
    return {
        **dict.fromkeys(names, 0),
        "links": 10,
        "ended": 0,
        "size_bytes": 1000,
        "fetched_bytes": 0,
        "upload_bytes": 1000,
        "sent_bytes": 0,
        **changes,
    }


async def test_bars_of_a_resumed_pull_begin_where_it_stands() -> None:
    heard = Heard(hidden=False)
    await heard.take({"ok": True, "pull": make_facts(ended=4, fetched_bytes=600, sent_bytes=400)})
    bars = heard._bars
    assert {name: (bar.n, bar.initial, bar.total) for name, bar in bars.items()} == {
        "videos": (4, 4, 10),
        "fetched": (600, 600, 1000),
        "sent": (400, 400, 1000),
    }
    await heard.take({"ok": True, "pull": make_facts(ended=5, fetched_bytes=700, sent_bytes=500)})
    assert [bar.n for bar in bars.values()] == [5, 700, 500]
    assert bars["fetched"].format_dict["initial"] == 600, "speed counts from there"
    heard.close()


async def test_pages_have_a_bar_until_the_pull_begins() -> None:
    heard = Heard(hidden=False)
    await heard.take({"ok": True, "pages": 3, "links": 70})
    assert heard._bars["pages"].n == 3
    await heard.take({"ok": True, "pull": make_facts()})
    assert "pages" not in heard._bars
    heard.close()
