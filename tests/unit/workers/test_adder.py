"""Fetching what people add: what breaks off, what is in the way, and what a kill leaves."""

from __future__ import annotations

import asyncio
import errno
from pathlib import Path
from typing import Any

import pytest

from core.errors import SourceError
from core.ports import Defer
from core.studio.addition import Addition, AdditionState, Answers, Brought
from core.studio.additions import add_task
from core.studio.assets import Added, NewAsset, Wanted
from core.studio.errors import StudioError
from core.studio.mashup import AssetKind
from tests.adding_kit import PIECE, FakeRun, ScriptedSource, make_adder
from tests.chat_kit import PERSON, Chat, make_chat_on
from tests.factories import Desk
from tests.library_kit import clip
from workers.adder import BEAT_SECONDS


@pytest.fixture
async def chat(desk: Desk, tmp_path: Path) -> Chat:
    return make_chat_on(desk, tmp_path / "logs")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "adding"


async def bring(chat: Chat, **changes: object) -> Addition:
    answers = Answers(kind=AssetKind.TEMPLATE, rights="licensed", licence="CC0", is_unnamed=True)
    brought = Brought(
        source={"kind": "telegram", "file_id": "f", "file_unique_id": "u"},
        filename="waves.mp4",
        answers=answers.model_copy(update=changes),
        chat_id=PERSON,
        user_id=PERSON,
        message_id=7,
    )
    async with chat.deps.store.transaction() as tx:
        return await chat.deps.additions.create(tx, brought)


def left(folder: Path) -> list[Path]:
    """Return what lies in a folder, if there is one."""
    return list(folder.glob("*"))


async def state(chat: Chat) -> tuple[AdditionState, str]:
    addition = await chat.deps.additions.require(1)
    return addition.state, addition.note


async def test_a_file_that_breaks_off_is_gone_on_with(chat: Chat, folder: Path) -> None:
    await bring(chat)
    content = clip().read_bytes() + bytes(PIECE)
    broken = SourceError(key="source_interrupted", retry=True)
    source = ScriptedSource(content, errors=[broken])
    async with asyncio.TaskGroup() as group:
        group.create_task(make_adder(chat, folder, source)(FakeRun()))
        await chat.clock.sleepers()
        await chat.clock.advance(1)
    asset = await chat.deps.library.require(1)
    assert (asset.name, asset.size_bytes, asset.rights) == ("waves", len(content), "licensed")
    assert source.asked == [0, PIECE]
    assert await state(chat) == (AdditionState.ADDED, "")
    assert left(folder) == []


async def test_a_file_that_lies_here_is_left_where_it_is(chat: Chat, folder: Path) -> None:
    await bring(chat)
    source = ScriptedSource(local_path=str(clip()))
    await make_adder(chat, folder, source)(FakeRun())
    assert clip().exists()
    asset = await chat.deps.library.require(1)
    # Not the name that the server of the Bot API gave it.
    assert (asset.name, asset.size_bytes) == ("waves", clip().stat().st_size)


async def test_after_a_kill_it_is_still_told_as_new(
    chat: Chat, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    addition = await bring(chat)
    source = ScriptedSource(clip().read_bytes())

    async def killed(*_: object, **__: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch, pytest.raises(asyncio.CancelledError):
        patch.setattr("core.studio.additions.Additions.added", killed)
        await make_adder(chat, folder, source)(FakeRun())
    assert (await state(chat))[0] is AdditionState.FETCHING
    await make_adder(chat, folder, source)(FakeRun())
    fresh = await chat.deps.additions.require(addition.id)
    assert (fresh.state, fresh.is_new, fresh.asset_id) == (AdditionState.ADDED, True, 1)


async def test_the_same_bytes_are_told_as_there_and_get_their_rights(
    chat: Chat, folder: Path
) -> None:
    there = NewAsset(kind=AssetKind.TEMPLATE, name="Sea")
    await chat.deps.library.add(clip(), there, user_id=5)
    await chat.clock.advance(60)
    addition = await bring(chat)
    await make_adder(chat, folder, ScriptedSource(clip().read_bytes()))(FakeRun())
    fresh = await chat.deps.additions.require(addition.id)
    asset = await chat.deps.library.require(1)
    assert (fresh.is_new, asset.name, asset.rights, asset.licence) == (
        False,
        "Sea",
        "licensed",
        "CC0",
    )


async def test_what_was_taken_back_is_not_added(chat: Chat, folder: Path) -> None:
    addition = await bring(chat)
    source = ScriptedSource(clip().read_bytes(), go_on=asyncio.Event())
    async with asyncio.TaskGroup() as group:
        group.create_task(make_adder(chat, folder, source)(FakeRun()))
        await source.given.wait()
        await chat.deps.additions.cancel(addition)
        assert source.go_on is not None
        source.go_on.set()
    assert await chat.deps.library.get(1) is None
    assert (await state(chat))[0] is AdditionState.CANCELLED
    assert left(folder) == []


async def test_what_is_taken_back_while_the_library_has_it_goes_again(
    chat: Chat, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    addition = await bring(chat)
    source, library = ScriptedSource(clip().read_bytes()), chat.deps.library
    add, begun = library.add, asyncio.Event()

    async def late(*values: Any, **more: Any) -> Added:
        added = await add(*values, **more)
        await chat.deps.additions.cancel(addition)
        return added

    async def never(*_: object, **__: object) -> Added:
        begun.set()
        return await asyncio.Future()

    with monkeypatch.context() as patch:
        patch.setattr(library, "add", late)
        await make_adder(chat, folder, source)(FakeRun())
    assert (await library.find(Wanted())).total == 0
    second = await bring(chat)
    monkeypatch.setattr(library, "add", never)
    async with asyncio.TaskGroup() as group, asyncio.timeout(10):
        adding = group.create_task(make_adder(chat, folder, source)(FakeRun(number=second.id)))
        await begun.wait()
        await chat.deps.additions.cancel(second)
        await chat.clock.sleepers()
        await chat.clock.advance(BEAT_SECONDS)
        await adding
    assert left(folder) == []


async def test_the_same_file_brought_twice_is_new_once(chat: Chat, folder: Path) -> None:
    for number in (1, 2):
        await bring(chat)
        assert (await chat.deps.additions.require(number)).state is AdditionState.FETCHING
    await chat.clock.advance(1)
    for number in (1, 2):
        source = ScriptedSource(clip().read_bytes())
        await make_adder(chat, folder, source)(FakeRun(number=number))
    told = [(await chat.deps.additions.require(number)).is_new for number in (1, 2)]
    assert told == [True, False]


async def test_who_stops_goes_on_later(chat: Chat, folder: Path) -> None:
    await bring(chat)
    adder = make_adder(chat, folder, ScriptedSource(clip().read_bytes()))
    with pytest.raises(Defer):
        await adder(FakeRun(is_stopping=True))
    await adder(FakeRun())
    assert (await state(chat))[0] is AdditionState.ADDED


@pytest.mark.parametrize(
    ("trouble", "note"),
    [
        (StudioError("storage_unreachable", {"storage": "s", "reason": "x"}, retry=True), "st"),
        (OSError(errno.ENOSPC, "no space"), "studio_disk_full"),
        (OSError(errno.EROFS, "read-only"), "studio_cannot_write"),
        (SourceError(key="telegram_refused", retry=True, facts={"retry_after": 900}), "source_"),
    ],
)
async def test_what_may_pass_is_waited_for_and_told(
    chat: Chat, folder: Path, monkeypatch: pytest.MonkeyPatch, trouble: Exception, note: str
) -> None:
    await bring(chat)

    async def fails(*_: object, **__: object) -> Added:
        raise trouble

    source = ScriptedSource(clip().read_bytes())
    adder = make_adder(chat, folder, source)
    method = "_copy" if isinstance(trouble, OSError) else "_fetch"
    with monkeypatch.context() as patch, pytest.raises(Defer) as later:
        patch.setattr(f"workers.adder._Adding.{method}", fails)
        await adder(FakeRun())
    waits = (later.value.until - chat.clock.now()).total_seconds()
    assert waits == (900 if isinstance(trouble, SourceError) else 15)
    found, told = await state(chat)
    assert found is AdditionState.FETCHING
    assert told.startswith(note)
    await adder(FakeRun())
    assert await state(chat) == (AdditionState.ADDED, "")


async def test_what_was_fetched_is_not_fetched_again_for_a_storage_that_was_down(
    chat: Chat, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bring(chat)
    source = ScriptedSource(clip().read_bytes(), filename="sea.mp4")

    async def down(*_: object, **__: object) -> Added:
        raise StudioError("storage_unreachable", {"storage": "s", "reason": "x"}, retry=True)

    adder = make_adder(chat, folder, source)
    with monkeypatch.context() as patch, pytest.raises(Defer):
        patch.setattr(chat.deps.library, "add", down)
        await adder(FakeRun())
    await adder(FakeRun())
    assert (await chat.deps.library.require(1)).name == "sea"
    assert source.asked == [0]
    assert left(folder) == []
    # What is taken back while it waits leaves nothing.
    second = await bring(chat, kind=AssetKind.SOURCE)
    with monkeypatch.context() as patch, pytest.raises(Defer):
        patch.setattr(chat.deps.library, "add", down)
        await adder(FakeRun(number=second.id))
    assert left(folder) != []
    await chat.deps.additions.cancel(await chat.deps.additions.require(second.id))
    await adder(FakeRun(number=second.id))
    assert left(folder) == []


async def test_a_line_that_breaks_often_is_gone_on_with_while_more_comes(
    chat: Chat, folder: Path
) -> None:
    await bring(chat)
    content = clip().read_bytes() + bytes(9 * PIECE)
    broken = [SourceError(key="source_interrupted", retry=True) for _ in range(7)]
    source = ScriptedSource(content, errors=broken)
    async with asyncio.TaskGroup() as group:
        adding = group.create_task(make_adder(chat, folder, source)(FakeRun()))
        for _ in range(7):
            await chat.clock.sleepers()
            await chat.clock.advance(1)
        await adding
    assert (await state(chat))[0] is AdditionState.ADDED
    assert source.asked == [number * PIECE for number in range(8)]


async def test_a_full_disk_is_seen_before_anything_is_written(chat: Chat, folder: Path) -> None:
    await bring(chat)
    source = ScriptedSource(clip().read_bytes())
    with pytest.raises(Defer):
        await make_adder(chat, folder, source, min_free_bytes=2**60)(FakeRun())
    assert (await state(chat))[1] == "studio_disk_full"
    assert not source.given.is_set()


async def test_in_the_end_it_is_given_up_and_can_be_tried_again(chat: Chat, folder: Path) -> None:
    await bring(chat)
    adder = make_adder(chat, folder, ScriptedSource(b"x"), min_free_bytes=2**60)
    while (await state(chat))[0] is AdditionState.FETCHING:
        try:
            await adder(FakeRun())
        except Defer:
            continue
    assert await state(chat) == (AdditionState.FAILED, "studio_disk_full")
    await chat.deps.additions.again(await chat.deps.additions.require(1))
    await make_adder(chat, folder, ScriptedSource(clip().read_bytes()))(FakeRun())
    assert (await state(chat))[0] is AdditionState.ADDED


@pytest.mark.parametrize(
    ("source", "note"),
    [
        (ScriptedSource(b"no media at all"), "studio_not_media"),
        (ScriptedSource(b""), "source_empty_file"),
        (ScriptedSource(b"x", errors=[SourceError(key="source_gone", retry=False)]), "source_s"),
        (
            ScriptedSource(b"x", errors=[SourceError(key="too_big_for_cloud", retry=False)]),
            "add_too_big_for_cloud",
        ),
    ],
)
async def test_what_can_never_be_added_says_why(
    chat: Chat, folder: Path, source: ScriptedSource, note: str
) -> None:
    await bring(chat)
    await make_adder(chat, folder, source)(FakeRun())
    found, told = await state(chat)
    assert found is AdditionState.FAILED
    assert told.startswith(note)


async def test_a_large_file_tells_how_far_it_is(chat: Chat, folder: Path) -> None:
    await bring(chat)
    source = ScriptedSource(bytes(100 * PIECE), go_on=asyncio.Event())
    async with asyncio.TaskGroup() as group:
        adding = group.create_task(make_adder(chat, folder, source)(FakeRun()))
        await source.given.wait()
        source.given.clear()
        await chat.clock.advance(4)
        assert source.go_on is not None
        source.go_on.set()
        await source.given.wait()
        (told,) = await chat.speak()
        await adding
    assert "128 KB of 6.2 MB fetched (2 %)" in told.text


async def test_a_lost_task_is_taken_up_again(chat: Chat) -> None:
    addition = await bring(chat)
    assert await chat.deps.additions.recover() == 0
    fresh = await chat.deps.additions.require(addition.id)
    await chat.desk.engine.cancel(add_task(fresh.id, fresh.generation).key)
    assert await chat.deps.additions.recover() == 1
    assert await chat.deps.additions.recover() == 0


async def test_a_bug_ends_it_with_words(chat: Chat, folder: Path) -> None:
    await bring(chat)
    await make_adder(chat, folder, ScriptedSource()).give_up(1)
    assert await state(chat) == (AdditionState.FAILED, "add_internal")
    assert "I made a mistake" in (await chat.speak())[0].text


async def test_what_a_process_that_is_gone_left_is_dropped(chat: Chat, folder: Path) -> None:
    old = folder / "7"
    await asyncio.to_thread(old.mkdir, parents=True)
    make_adder(chat, folder, ScriptedSource()).sweep()
    assert left(folder) == []
