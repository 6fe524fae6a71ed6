"""Looks at pages in chat: the list, its buttons, patterns, and the card of a pull."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.chat.keyboards import MOST_BUTTONS
from core.ports import Defer
from core.posts.models import UploadState
from core.sources.pages.links import PageError, PageFinding
from core.sources.pages.look import FoundLink, LookState, PullMode
from tests.chat_kit import (
    ADMIN,
    PERSON,
    Chat,
    as_reply,
    make_chat_on,
    make_command,
    make_message,
    make_press,
)
from tests.factories import Desk
from tests.look_kit import MIB, PAGE, FakeRun, FakeScraper, make_links, make_looker, make_stream
from workers.looker import Looker

LONGEST = 4096
LIST = 101
"""The first message of the bot."""


@pytest.fixture
async def chat(desk: Desk, tmp_path: Path) -> Chat:
    return make_chat_on(desk, tmp_path, users=(PERSON, 1002))


@pytest.fixture
def scraper() -> FakeScraper:
    return FakeScraper(make_links(20))


async def look(chat: Chat, scraper: FakeScraper, text: str = f"/scrape {PAGE}") -> None:
    """Have a page looked at, up to the list."""
    await chat.ask(make_command(text))
    await make_looker(chat.desk, scraper)(FakeRun(1))
    await chat.clock.advance(5)
    await chat.speak()


async def press(chat: Chat, action: str, value: int = 0, *, user: int = PERSON) -> None:
    await chat.hear(make_press(f"sc1:{action}:1:{value}", user))


def shown(chat: Chat) -> str:
    return chat.session.shown[-1].text


def words(chat: Chat) -> list[str]:
    return [button["text"] for button in chat.session.shown[-1].buttons]


async def links(chat: Chat) -> list[FoundLink]:
    return await chat.deps.looks.links(1)


async def picked(chat: Chat) -> list[int]:
    return [one.number for one in await links(chat) if one.is_picked]


async def test_says_at_once_that_it_looks(chat: Chat) -> None:
    assert "Looking at example.org" in await chat.text(make_command(f"/scrape {PAGE}"))


async def test_shows_what_it_found(chat: Chat, scraper: FakeScraper) -> None:
    scraper.links.append(make_stream())
    scraper.findings.append(PageFinding(key="page_gone", url=PAGE))
    await look(chat, scraper)
    text = shown(chat)
    for part in (
        "All clips",
        "20 videos, 20 new",
        "3 pages read",
        "1. Clip 1 · 1 MB · 1 s",
        "Page 1 of 3",
        "One stream",
        "not there",
    ):
        assert part in text, text


async def test_a_page_that_cannot_be_read_says_why(chat: Chat, scraper: FakeScraper) -> None:
    scraper.error = PageError("robots_forbid", PAGE)
    await look(chat, scraper)
    assert "robots.txt" in shown(chat)
    assert (await chat.deps.looks.require(1)).state is LookState.FAILED


async def test_what_a_kill_kept_back_is_shown_by_the_next_run(
    chat: Chat, scraper: FakeScraper, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(*_: object, **__: object) -> None:
        raise asyncio.CancelledError

    await chat.ask(make_command(f"/scrape {PAGE}"))
    with monkeypatch.context() as patch, pytest.raises(asyncio.CancelledError):
        patch.setattr(Looker, "_show_list", killed)
        await make_looker(chat.desk, scraper)(FakeRun(1))
    assert (await chat.deps.looks.require(1)).state is LookState.OPEN
    await make_looker(chat.desk, scraper)(FakeRun(1))
    await chat.clock.advance(5)
    await chat.speak()
    assert "20 videos, 20 new" in shown(chat)


@pytest.mark.parametrize(
    ("error", "part"),
    [
        (PageError("robots_forbid", PAGE), "robots.txt"),
        (PageError("page_gone", PAGE), "not there"),
    ],
)
async def test_a_refusal_that_a_kill_kept_back_is_shown_by_the_next_run(
    chat: Chat,
    scraper: FakeScraper,
    monkeypatch: pytest.MonkeyPatch,
    error: PageError,
    part: str,
) -> None:
    async def killed(*_: object, **__: object) -> None:
        raise asyncio.CancelledError

    scraper.error = error
    await chat.ask(make_command(f"/scrape {PAGE}"))
    with monkeypatch.context() as patch, pytest.raises(asyncio.CancelledError):
        patch.setattr(Looker, "_show", killed)
        await make_looker(chat.desk, scraper)(FakeRun(1))
    await make_looker(chat.desk, scraper)(FakeRun(1))
    await chat.clock.advance(5)
    await chat.speak()
    assert part in shown(chat)


async def test_a_page_without_videos_says_so(chat: Chat) -> None:
    await look(chat, FakeScraper())
    assert "no video" in shown(chat)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("/scrape", "address of a page"),
        ("/scrape example.org", "no web address"),
        ("/scrape http://127.0.0.1/x", "private network"),
        (f"/scrape {PAGE}\nto: nowhere", "nowhere"),
        (f"/scrape {PAGE}\n{{titel}}", "titel"),
    ],
)
async def test_what_cannot_be_looked_at_is_refused(chat: Chat, text: str, part: str) -> None:
    assert part in await chat.text(make_command(text))
    assert await chat.deps.looks.unfinished() == []


async def test_an_update_that_comes_twice_is_one_look(chat: Chat) -> None:
    update = make_command(f"/scrape {PAGE}")
    await chat.hear(update, update)
    assert len(await chat.deps.looks.unfinished()) == 1


async def test_five_looks_of_one_person_are_enough(chat: Chat) -> None:
    for _ in range(5):
        await chat.hear(make_command(f"/scrape {PAGE}"))
    await chat.hear(make_command(f"/scrape {PAGE}"))
    assert len(await chat.deps.looks.unfinished()) == 5


async def test_buttons_choose(chat: Chat, scraper: FakeScraper) -> None:
    await look(chat, scraper)
    await press(chat, "pick", 3)
    await press(chat, "pick", 5)
    assert await picked(chat) == [3, 5]
    assert "2 videos</b> chosen, 8 MB" in shown(chat)
    await press(chat, "pick", 3)
    assert await picked(chat) == [5]
    await press(chat, "all")
    assert len(await picked(chat)) == 20
    await press(chat, "none")
    assert await picked(chat) == []
    assert "Nothing is chosen" in shown(chat)


async def test_only_new_leaves_out_what_was_taken(chat: Chat, scraper: FakeScraper) -> None:
    looks = chat.deps.looks
    await look(chat, scraper)
    async with chat.desk.store.transaction() as tx:
        await looks.settle(tx, 1, (await links(chat))[0], "taken", post_id=None)
    await chat.hear(make_command(f"/scrape {PAGE}"))
    await make_looker(chat.desk, scraper)(FakeRun(2))
    await chat.clock.advance(5)
    await chat.speak()
    assert "20 videos, 19 new" in shown(chat)
    assert "✓ taken before" in shown(chat)
    await chat.hear(make_press("sc1:new:2:0"))
    assert [x.number for x in await looks.links(2) if x.is_picked] == list(range(2, 21))


async def test_chooses_by_size(chat: Chat, scraper: FakeScraper) -> None:
    await look(chat, scraper)
    await press(chat, "size")
    assert words(chat) == ["≤ 10 MB (10)", "≤ 50 MB (20)", "◀ Back"]
    await press(chat, "upto", 10 * MIB)
    assert await picked(chat) == list(range(1, 11))


async def test_chooses_by_a_pattern_in_a_reply(chat: Chat, scraper: FakeScraper) -> None:
    await look(chat, scraper)
    await press(chat, "match")
    assert "Reply to this message" in shown(chat)
    await chat.hear(as_reply(make_message(text="clip 1?\n*/v/20.mp4"), LIST))
    assert await picked(chat) == [*range(10, 20), 20]
    await chat.clock.advance(5)
    await chat.speak()
    assert "11 videos</b> chosen" in shown(chat)
    await chat.hear(as_reply(make_message(text="nothing like it"), LIST))
    await chat.clock.advance(5)
    await chat.speak()
    assert "No video matches" in shown(chat)


async def test_pages_turn_and_survive_a_restart(
    chat: Chat, scraper: FakeScraper, tmp_path: Path
) -> None:
    await look(chat, scraper)
    await press(chat, "page", 2)
    assert "17. Clip 17" in shown(chat)
    await press(chat, "mode")
    restarted = make_chat_on(chat.desk, tmp_path)
    await restarted.hear(make_press("sc1:pick:1:20"))
    assert "20. Clip 20" in shown(restarted)
    assert (await chat.deps.looks.require(1)).mode is PullMode.SEQUENTIAL
    assert await picked(chat) == [20]


async def test_a_thousand_links_fit(chat: Chat) -> None:
    many = make_links(1000, page="x" * 100)
    long = [link.__class__(url=link.url, title="<b>&" * 60) for link in many]
    await look(chat, FakeScraper(long))
    await press(chat, "all")
    await press(chat, "page", 124)
    assert len(shown(chat)) <= LONGEST
    assert "Page 125 of 125" in shown(chat)
    assert len(words(chat)) <= MOST_BUTTONS


async def test_strangers_press_in_vain(chat: Chat, scraper: FakeScraper) -> None:
    await look(chat, scraper)
    await press(chat, "all", user=1002)
    assert await picked(chat) == []
    await press(chat, "all", user=ADMIN)
    assert len(await picked(chat)) == 20


@pytest.mark.parametrize("data", ["sc1:all:99:0", "sc1:all:-1:0", "sc1:dance:1:0", "sc1:pick:x:0"])
async def test_odd_buttons_do_no_harm(chat: Chat, scraper: FakeScraper, data: str) -> None:
    await look(chat, scraper)
    await chat.hear(make_press(data))
    assert await picked(chat) == []


async def test_leave_closes_the_list(chat: Chat, scraper: FakeScraper) -> None:
    await look(chat, scraper)
    await press(chat, "leave")
    assert "left as it is" in shown(chat)
    await press(chat, "all")
    assert await picked(chat) == []


async def test_go_needs_a_choice(chat: Chat, scraper: FakeScraper) -> None:
    await look(chat, scraper)
    await press(chat, "go")
    assert (await chat.deps.looks.require(1)).state is LookState.OPEN


class Working:
    """A pull that is worked on."""

    def __init__(self, chat: Chat, task: asyncio.Task[None]) -> None:
        self._chat = chat
        self._task = task

    async def rounds(self, count: int) -> None:
        """Let the worker look that often, or end."""
        for _ in range(count):
            async with asyncio.TaskGroup() as group:
                asleep = group.create_task(self._chat.clock.sleepers(1))
                await asyncio.wait({self._task, asleep}, return_when=asyncio.FIRST_COMPLETED)
                asleep.cancel()
            await self._chat.clock.advance(2)

    async def show(self) -> None:
        """Let it look and the chat be told."""
        await self.rounds(6)
        await self._chat.speak()


@asynccontextmanager
async def pulling(chat: Chat, scraper: FakeScraper) -> AsyncIterator[Working]:
    """Work on the pull as long as the block."""
    run = FakeRun(1)
    looker = make_looker(chat.desk, scraper)

    async def work() -> None:
        try:
            await looker(run)
        except Defer:
            return

    async with asyncio.TaskGroup() as group:
        task = group.create_task(work())
        working = Working(chat, task)
        await working.rounds(1)
        try:
            yield working
        finally:
            run.asked = True
            while not task.done():
                await working.rounds(1)


async def test_one_card_follows_a_pull(chat: Chat, scraper: FakeScraper) -> None:
    await look(chat, scraper, f"/scrape {PAGE}\nto: youtube")
    await press(chat, "upto", 3 * MIB)
    await press(chat, "go")
    assert "0 of 3 videos done" in shown(chat)
    assert words(chat) == ["✖ Cancel the rest"]
    async with pulling(chat, scraper) as working:
        await working.show()
        assert "3 on the way" in shown(chat)
        await chat.move(1, UploadState.UPLOADING, UploadState.LIVE, url="https://y.example/1")
        await chat.move(2, UploadState.UPLOADING, UploadState.FAILED, error_kind="rejected")
        await working.show()
        assert "2 of 3 videos done" in shown(chat)
        await chat.move(3, UploadState.UPLOADING, UploadState.LIVE)
        await working.show()
    assert "⚠️" in shown(chat)
    assert "2 live" in shown(chat)
    assert "1 failed" in shown(chat)
    assert words(chat) == ["🔎 Look again"]
    assert len(chat.session.of("sendMessage")) == 1, "there is one message for all of it"


async def test_titles_are_captions_and_never_orders(chat: Chat) -> None:
    named = make_links(1)[0].__class__(
        url="https://example.org/v/a.mp4", title="privacy: private to: tiktok", size_bytes=MIB
    )
    await look(chat, FakeScraper([named]), f"/scrape {PAGE}\nto: youtube\nprivacy: unlisted")
    await press(chat, "all")
    await press(chat, "go")
    async with pulling(chat, FakeScraper([named])):
        post = await chat.desk.posts.require(1)
    assert post.wish.privacy == "unlisted"
    assert post.wish.targets == ("youtube",)
    assert post.wish.prompt == "privacy – private to – tiktok"
    assert post.priority == 0


async def test_a_pull_is_cancelled_with_one_press(chat: Chat, scraper: FakeScraper) -> None:
    await look(chat, scraper, f"/scrape {PAGE}\nto: youtube")
    await press(chat, "upto", 3 * MIB)
    await press(chat, "go")
    async with pulling(chat, scraper) as working:
        await press(chat, "cancel")
        await working.rounds(2)
    async with pulling(chat, scraper) as working:
        await working.show()
    assert (await chat.deps.looks.require(1)).state is LookState.CANCELLED
    assert "3 cancelled" in shown(chat)
    assert await chat.desk.posts.count_open() == 0


async def test_without_an_account_a_pull_stops_and_says_why(
    chat: Chat, scraper: FakeScraper
) -> None:
    await look(chat, scraper, f"/scrape {PAGE}\nto: youtube")
    await press(chat, "all")
    await press(chat, "go")
    (account,) = [one for one in await chat.deps.book.all() if one.platform == "youtube"]
    await chat.deps.book.pause(account.id)
    await make_looker(chat.desk, scraper)(FakeRun(1))
    await chat.clock.advance(5)
    await chat.speak()
    assert "stopped" in shown(chat)
    assert "20 left out" in shown(chat)
