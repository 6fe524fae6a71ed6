"""A power cut at the moments at which units, accounts or the word of a person change hands."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from core.accounts.tokens import Tokens
from core.posts.report import incoming_from_command
from core.settings import Settings
from tests.acceptance.system import MIB, Video, World, make_video, open_world
from tests.chaos.books import Books
from tests.chaos.process import AwayError, Karvon
from tests.integration.test_tokens_live import granted
from utils.sandbox.tiktok import PRIVATE_ACCESS_TOKEN, PRIVATE_OPEN_ID

pytestmark = pytest.mark.timeout(90)

DELIVERING = "core.posts.delivering:Delivering"
STAGING = "core.posts.staging:Staging"
CARE = "workers.aftercare:Aftercare"
ALL = ("youtube", "tiktok", "instagram", "facebook", "telegram")
SPENT = {
    "per_channel_a_day": 5,
    "video_uploads": 1,
    "inits": 1,
    "posts": 2,
    "containers": 1,
    "reels": 1,
    "messages": 1,
}
"""Units of one video on all platforms."""
OTHER = "Another creator"
INITS = 2
"""In a minute: the other account may begin at once, and once more after a cut."""

Reports = list[dict[str, Any]]


def send_request(video: Video, caption: str = "A clip #clip", to: str = "") -> dict[str, Any]:
    return {"command": "send", "source": str(video.path), "to": to, "caption": caption}


async def tell(karvon: Karvon, request: dict[str, Any]) -> dict[str, Any]:
    """Say something once it listens; its end may cut the answer off."""
    await karvon.wait_ready()
    try:
        return await karvon.first_answer(request)
    except AwayError:
        return {}


async def wait(karvon: Karvon, is_so: Callable[[Reports], bool]) -> Reports:
    reports: Reports = []
    for _ in range(600):
        reports = await karvon.reports()
        if is_so(reports):
            return reports
        await pause()
    raise AssertionError(f"never came: {reports}")


async def pause() -> None:
    """Look again a little later: another process tells nobody when it changes."""
    await asyncio.sleep(0.05)


def all_live(reports: Reports) -> bool:
    states = [upload["state"] for report in reports for upload in report["uploads"]]
    return bool(states) and set(states) == {"live"}


def spent(books: Books) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in books.rows("spent"):
        found[row["name"]] = found.get(row["name"], 0) + row["units"]
    return found


Scene = Callable[[Karvon], Awaitable[Any]]


async def cut_and_go_on(karvon: Karvon, moment: str, before: Scene, after: Scene) -> None:
    """Run it until it dies at the moment, then again to its end."""
    try:
        await karvon.start(die=moment)
        await before(karvon)
        assert await karvon.wait_end() == -signal.SIGKILL
        await karvon.start()
        await karvon.wait_ready()
        await after(karvon)
        assert await karvon.stop() == 0
    finally:
        await karvon.close()


def make_karvon(world: World, folder: Path, **changes: Any) -> Karvon:
    settings = {**world.raw_settings(), **changes}
    return Karvon(folder, settings, lift_quotas=False)


@pytest.mark.parametrize(
    "moment",
    [
        f"{DELIVERING}.reserve:after",
        f"{DELIVERING}.reserve:after:5",
        f"{DELIVERING}.intend:after",
        f"{CARE}.settled:before",
        f"{CARE}.settled:after",
        f"{CARE}.settled:after:5",
    ],
)
async def test_cut_off_no_unit_is_lost_or_doubled_and_every_video_is_watched(
    tmp_path: Path, moment: str
) -> None:
    video = make_video(tmp_path, size=MIB)
    folder = tmp_path / "karvon"
    async with open_world(tmp_path) as world:
        karvon, settings = make_karvon(world, folder), world.settings(folder)

        async def send(running: Karvon) -> None:
            await tell(running, send_request(video))

        async def finish(running: Karvon) -> None:
            await decided(running, world, video)
            await wait(running, all_live)

        await cut_and_go_on(karvon, moment, send, finish)
        assert await world.live(video) == sorted(ALL)
    books = Books(path=folder / "karvon.db")
    assert books.rows("leaked") == []
    found = spent(books)
    for name in ("per_channel_a_day", "posts", "reels", "messages"):
        assert found[name] == SPENT[name], found
    for name in ("video_uploads", "inits", "containers"):
        # What was counted before the cut may have been sent or not: it counts.
        assert SPENT[name] <= found[name] <= SPENT[name] + 1, found
    # Telegram lets nobody look.
    assert await looks(settings) == {**dict.fromkeys(ALL, 2), "telegram": 0}


async def decided(running: Karvon, world: World, video: Video) -> None:
    """Telegram cannot be asked: a person looks whether the video is there."""

    def is_settled(reports: Reports) -> bool:
        uploads = [u for r in reports for u in r["uploads"]]
        return all(u["state"] == "live" or u.get("waits_for") == "person" for u in uploads)

    for report in await wait(running, is_settled):
        for upload in report["uploads"]:
            if upload["state"] != "live":
                is_live = upload["platform"] in await world.live(video)
                await running.ask(
                    {
                        "command": "decide",
                        "post_id": report["post_id"],
                        "platform": upload["platform"],
                        "account": upload["account"],
                        "is_live": is_live,
                    }
                )


async def looks(settings: Settings) -> dict[str, int]:
    """Return how many looks are planned, by platform."""
    async with App(settings, chat=False) as app:
        operations = app.parts.operations
        return {
            upload.platform: len(
                [o for o in await operations.of_upload(upload.id) if o.kind.value == "check"]
            )
            for upload in await app.parts.posts.uploads(1)
        }


# The word of a person


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("go", [True, False])
async def test_cut_off_while_a_person_decides_the_word_counts_once(
    tmp_path: Path, when: str, go: bool
) -> None:
    video = make_video(tmp_path, size=MIB)
    places = ("youtube", "instagram", "facebook")
    async with open_world(tmp_path) as world:
        world.fail(("tiktok", "begin"), "status", status=400, times=99)
        karvon = make_karvon(world, tmp_path / "karvon")
        word = {"command": "chaos_together", "post_id": 1, "go": go}
        caption = "A clip\ntogether: yes"

        def asks(reports: Reports) -> bool:
            waits = {u["platform"]: u.get("waits_for") for r in reports for u in r["uploads"]}
            return {waits.get(place) for place in places} == {"person"}

        async def decide(running: Karvon) -> None:
            request = send_request(video, caption, ", ".join((*places, "tiktok")))
            await tell(running, request)
            await wait(running, asks)
            assert await world.live(video) == ["youtube"]
            await tell(running, word)

        async def finish(running: Karvon) -> None:
            if when == "before":
                await wait(running, asks)
                await running.ask(word)
            wanted = {"live"} if go else {"live", "cancelled"}

            def ended(reports: Reports) -> bool:
                states = [
                    u["state"] for r in reports for u in r["uploads"] if u["platform"] in places
                ]
                return set(states) == wanted

            await wait(running, ended)

        moment = f"{STAGING}.decide_together:{when}"
        await cut_and_go_on(karvon, moment, decide, finish)
        assert await world.live(video) == (sorted(places) if go else ["youtube"])
    assert Books(path=tmp_path / "karvon" / "karvon.db").rows("leaked") == []


# Another account of a group


async def to_group(world: World, settings: Settings, video: Video) -> None:
    """Accept a video for a group whose first account has no units left by then."""
    async with App(settings, chat=False) as app:
        parts = app.parts
        tokens = Tokens(access_token=PRIVATE_ACCESS_TOKEN, client_id="sbawkarvondesktop")
        other = replace(
            granted(world, "tiktok"), name=OTHER, remote_id=PRIVATE_OPEN_ID, tokens=tokens
        )
        second = await parts.book.connect(other)
        first = await parts.book.find("karvon.tt")
        assert first is not None
        group = await parts.groups.create("Brand")
        for account_id in (first.id, second):
            await parts.groups.add(group.id, account_id)
        await parts.groups.set_rule(group.id, group.rule.__class__("round_robin"))
        incoming = incoming_from_command(str(video.path), to="Brand", caption="A clip")
        outcome = await parts.intake.receive(incoming)
        (upload,) = await parts.posts.uploads(outcome.post_id or 0)
        chosen = await parts.book.get(upload.account_id)
        assert chosen is not None
        async with parts.store.transaction() as tx:
            await parts.posts.quotas.note(tx, chosen, "publish", INITS)


@pytest.mark.parametrize("when", ["before", "after"])
async def test_cut_off_while_a_video_moves_to_another_account_it_is_there_once(
    tmp_path: Path, when: str
) -> None:
    video = make_video(tmp_path, size=MIB)
    folder = tmp_path / "karvon"
    limits: Mapping[str, Any] = {"limits": {"tiktok.inits": INITS}}
    async with open_world(tmp_path) as world:
        await to_group(world, world.settings(folder, quotas=limits), video)
        karvon = make_karvon(world, folder, quotas=limits)

        async def nothing(running: Karvon) -> None:
            del running

        async def finish(running: Karvon) -> None:
            await wait(running, all_live)

        await cut_and_go_on(karvon, f"{DELIVERING}.reassign:{when}", nothing, finish)
        assert await world.live(video) == ["tiktok"]
    assert Books(path=folder / "karvon.db").rows("leaked") == []
