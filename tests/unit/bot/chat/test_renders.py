from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.chat.keyboards import Clear
from bot.chat.render_card import RenderAction, RenderBatchAction, RenderPage
from core.posts.models import MediaFacts, PostId
from core.settings import PolicySettings
from core.studio.assets import NewAsset
from core.studio.mashup import AssetKind, File, Mashup, Part
from core.studio.news import RenderNews
from core.studio.queueing import NewRender, Render, RenderState
from core.studio.render_moves import RenderResult
from tests.bot_session import Call
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
from tests.factories import Desk, make_account, make_desk
from tests.library_kit import clip, plant

OTHER = 1002


@pytest.fixture
async def chat(desk: Desk, tmp_path: Path) -> Chat:
    chat = make_chat_on(desk, tmp_path / "logs", users=(PERSON, OTHER))
    chat.deps.renders.when_ended(RenderNews(desk.posts).ended)
    return chat


def make_mashup(asset_id: int | None = None) -> Mashup:
    return Mashup(layout="full", parts=(Part(file=File(path="", asset_id=asset_id)),))


async def want(chat: Chat, **more: Any) -> int:
    wanted = NewRender(mashup=make_mashup(), user_id=PERSON, chat_id=PERSON, name="<Sea>", **more)
    return await chat.deps.renders.create(None, wanted)


async def begin(chat: Chat, render_id: int) -> Render:
    begun = await chat.deps.renders.start(render_id, 1)
    assert begun is not None
    return begun


async def make(chat: Chat, render_id: int) -> Render:
    """Let a render become an asset."""
    begun = await begin(chat, render_id)
    added = await chat.deps.library.add(clip(), NewAsset(kind=AssetKind.MASHUP, name="made"))
    result = RenderResult(
        facts=MediaFacts(duration_seconds=1.0, width=160, height=284),
        sha256=added.asset.sha256,
        asset_id=added.asset.id,
    )
    return await chat.deps.renders.ready(begun, result)


async def press(chat: Chat, action: str, render_id: int, user_id: int = PERSON) -> list[Call]:
    data = RenderAction(action=action, render_id=render_id).pack()
    await chat.clock.advance(10)
    return await chat.ask(make_press(data, user_id))


def texts(calls: list[Call]) -> str:
    return "\n".join(call.text or str(call.params.get("caption")) for call in calls)


async def test_the_card_follows_the_making(chat: Chat) -> None:
    number = await want(chat)
    assert "the next one" in texts(await chat.speak())
    await begin(chat, number)
    await chat.clock.advance(10)
    assert "Looking at the parts" in texts(await chat.speak())
    render = await chat.deps.renders.require(number)
    await chat.deps.renders.enter(render, "rendering", chat.clock.now())
    chat.deps.renders.tell(number, 0.25, 2.0, 9.0)
    await chat.clock.advance(10)
    assert "25 % · 2× as fast as it plays · 9 s left" in texts(await chat.speak())
    chat.deps.renders.tell(number, 0.5, 2.0, 6.0)
    await chat.clock.advance(10)
    assert "50 %" in texts(await chat.speak())


@pytest.mark.parametrize("action", ["cancel", "first", "again", "log", "publish", "show"])
async def test_a_render_is_touched_only_by_its_person(chat: Chat, action: str) -> None:
    number = await want(chat)
    await chat.speak()
    assert "somebody else" in texts(await press(chat, action, number, OTHER))
    assert (await chat.deps.renders.require(number)).state is RenderState.PENDING


@pytest.mark.parametrize("number", [0, -1, 99, 2**63])
async def test_unknown_renders_are_told(chat: Chat, number: int) -> None:
    assert "I know no render" in texts(await press(chat, "cancel", number))


async def test_a_waiting_render_is_put_first_or_cancelled(chat: Chat) -> None:
    await want(chat)
    second = await want(chat)
    await press(chat, "first", second)
    assert [one.id for one in await chat.deps.renders.open()] == [2, 1]
    said = texts(await press(chat, "cancel", second))
    assert "Cancelled" in said
    assert "ended already" in texts(await press(chat, "cancel", second))
    assert "does not wait" in texts(await press(chat, "first", second))


async def test_a_result_is_published_by_the_words_that_reply_to_it(chat: Chat) -> None:
    number = await want(chat)
    await make(chat, number)
    assert "Reply with a caption" in texts(await chat.speak())
    how = await press(chat, "publish", number)
    assert "Reply to this message" in texts(how)
    refused = as_reply(make_message(text="A day\nto: nowhere"), 102)
    await chat.hear(refused)
    assert await chat.deps.posts.count_open() == 0
    update = as_reply(make_message(text="A day at the sea\nto: youtube"), 102)
    await chat.hear(update, update)
    assert await chat.deps.posts.count_open() == 1
    assert (await chat.deps.renders.require(number)).post_id == 1
    post = await chat.deps.posts.require(PostId(1))
    # It lies on this disk: it is read where it is, and no room is set aside for a copy.
    assert post.source["in_place"] is True
    assert "More of its publishing: /post 1" in texts(await press(chat, "show", number))


async def test_a_reply_may_want_the_same_file_at_several_accounts(
    desk: Desk, tmp_path: Path
) -> None:
    accounts = [make_account("youtube", one, remote_id=one) for one in ("ann", "bob")]
    twins = await make_desk(desk.store, desk.clock, desk.engine, *accounts)
    chat = make_chat_on(twins, tmp_path / "logs", users=(PERSON, OTHER))
    rules = PolicySettings(twins="block")
    object.__setattr__(chat.deps.renders, "_deps", replace(chat.deps.renders._deps, rules=rules))
    number = await want(chat)
    await make(chat, number)
    await chat.speak()
    update = as_reply(make_message(text="A day at the sea\nto: ann, bob"), 101)
    await chat.clock.advance(10)
    assert "the very same video" in texts(await chat.ask(update))
    assert [one["text"] for one in chat.session.shown[-1].buttons] == ["The same file on purpose"]
    assert await chat.deps.posts.count_open() == 0
    assert "somebody else" in texts(await press(chat, "twins", number, OTHER))
    assert "may go to several accounts" in texts(await press(chat, "twins", number))
    await chat.hear(as_reply(make_message(text="A day at the sea\nto: ann, bob"), 101))
    assert await chat.deps.posts.count_open() == 1


async def test_what_is_made_again_may_be_the_same_file_on_purpose(
    desk: Desk, tmp_path: Path
) -> None:
    accounts = [make_account("youtube", one, remote_id=one) for one in ("ann", "bob")]
    twins = await make_desk(desk.store, desk.clock, desk.engine, *accounts)
    chat = make_chat_on(twins, tmp_path / "logs", users=(PERSON, OTHER))
    number = await want(chat, caption="A day\nto: ann, bob")
    await chat.deps.renders.cancel(number)
    rules = PolicySettings(twins="block")
    object.__setattr__(chat.deps.renders, "_deps", replace(chat.deps.renders._deps, rules=rules))
    said = await press(chat, "again", number)
    assert "the very same video" in texts(said)
    shown = [one["text"] for call in said for one in call.buttons]
    assert "The same file on purpose" in shown
    assert "is made again" in texts(await press(chat, "twins", number))
    render = await chat.deps.renders.require(number)
    assert (render.state, render.twins_wanted) == (RenderState.PENDING, True)


async def test_replying_to_what_is_not_made_says_so(chat: Chat) -> None:
    await want(chat)
    await chat.speak()
    await chat.clock.advance(10)
    said = texts(await chat.ask(as_reply(make_message(text="A day"), 101)))
    assert "no video to publish" in said


async def test_what_failed_is_told_and_made_again(chat: Chat) -> None:
    number = await want(chat)
    await chat.deps.renders.fail(await begin(chat, number), "no_asset", {"asset_id": 5})
    card = (await chat.speak())[-1]
    assert "Not made" in card.text
    assert card.data[0] == RenderAction(action="again", render_id=number).pack()
    assert "is made again" in texts(await press(chat, "again", number))
    assert "not done yet" in texts(await press(chat, "again", number))


async def test_a_log_is_cut_to_one_message(chat: Chat) -> None:
    number = await want(chat)
    assert "no log yet" in texts(await press(chat, "log", number))
    render = await begin(chat, number)
    await chat.deps.renders.log_attempt(render, "ready", "ffmpeg -i <a> & b" + "x" * 9000)
    log = texts(await press(chat, "log", number, ADMIN))
    assert "Log of render 1" in log
    assert len(log) < 4096


async def test_only_admins_see_where_files_lie(chat: Chat) -> None:
    data = chat.deps.log_folder.parent
    said = f"ffmpeg -i file:{data}/my films/a.mp4 -i '/srv/x/b.mp4' -r 30/1 http://h:1/x out.mp4"
    render = await begin(chat, await want(chat))
    await chat.deps.renders.log_attempt(render, "ready", said)
    assert f"{data}/my films/a.mp4" in texts(await press(chat, "log", render.id, ADMIN))
    log = texts(await press(chat, "log", render.id))
    assert "file:…/my films/a.mp4" in log
    assert "-i &#x27;…/b.mp4&#x27; -r 30/1 http://h:1/x out.mp4" in log
    assert str(data) not in log


async def test_what_cannot_be_made_again_holds_up_no_other(chat: Chat) -> None:
    wanted = [
        NewRender(mashup=make_mashup(one), user_id=PERSON, chat_id=PERSON) for one in (1, None)
    ]
    await plant(chat.desk.store, 1)  # type: ignore[arg-type]
    batch_id, made = await chat.deps.renders.create_many(wanted)
    for number in made:
        await chat.deps.renders.fail(await begin(chat, number), "stalled", {})
    await chat.deps.library.delete(1)
    await chat.clock.advance(10)
    data = RenderBatchAction(action="retry", batch_id=batch_id).pack()
    assert "not in the library" in texts(await chat.ask(make_press(data)))
    states = [one.state for one in await chat.deps.renders.of_batch(batch_id)]
    assert states == [RenderState.FAILED, RenderState.PENDING]


async def test_the_list_shows_the_newest_and_only_ones_own(chat: Chat) -> None:
    assert "Nothing was made yet" in await chat.text_of_command("/renders")
    for _ in range(12):
        await want(chat)
    await chat.speak()
    assert "<b>12</b> · &lt;Sea&gt; · waits" in await chat.text_of_command("/renders")
    await chat.clock.advance(10)
    for page in (2, 3):
        await chat.hear(make_press(RenderPage(page=page).pack()))
        assert "<b>1</b>" in chat.session.shown[-1].text
    await chat.clock.advance(100)
    said = await chat.ask(make_command("/renders", OTHER))
    assert any("Nothing was made yet" in call.text for call in said)


@pytest.mark.parametrize("command", ["/status", "/queue"])
async def test_the_queue_mentions_what_is_being_made(chat: Chat, command: str) -> None:
    await want(chat)
    await want(chat, preview=True)
    await chat.speak()
    assert "1 render open: /renders" in await chat.text_of_command(command)


async def test_many_are_cancelled_by_one_button(chat: Chat) -> None:
    wanted = [NewRender(mashup=make_mashup(), user_id=PERSON, chat_id=PERSON)] * 3
    batch_id, made = await chat.deps.renders.create_many(wanted)
    (card,) = await chat.speak()
    assert "0 of 3 done" in card.text
    await begin(chat, made[0])
    await chat.clock.advance(10)
    assert "one is being made" in texts(await chat.speak())
    data = RenderBatchAction(action="cancel", batch_id=batch_id).pack()
    await chat.hear(make_press(data, OTHER))
    assert len(await chat.deps.renders.open()) == 3
    await chat.hear(make_press(data))
    assert await chat.deps.renders.open() == []
    await chat.clock.advance(100)
    assert "3 of 3 done" in texts(await chat.speak())


async def make_shown(chat: Chat, folder: Path) -> None:
    """Let a render become an asset with a picture."""
    number = await want(chat)
    await chat.speak()
    still = folder / "still.jpg"
    still.write_bytes(b"picture")
    chat.deps.renders.workshop.show(number, thumbnails={"1080x1920": still}, sheet=None)
    await make(chat, number)
    await chat.clock.advance(10)


async def test_a_picture_that_telegram_refuses_leaves_the_words(
    chat: Chat, tmp_path: Path
) -> None:
    await make_shown(chat, tmp_path)
    chat.session.fail("sendPhoto", 400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
    assert "Reply with a caption" in texts(await chat.speak())
    assert len(chat.session.of("sendPhoto")) == 1


@pytest.mark.parametrize("fault", ["drop", "429"])
async def test_a_picture_is_shown_once_when_telegram_is_back(
    chat: Chat, tmp_path: Path, fault: str
) -> None:
    await make_shown(chat, tmp_path)
    if fault == "drop":
        chat.session.drop("sendPhoto")
    else:
        chat.session.fail("sendPhoto", 429, "Too Many Requests", retry_after=5)
    await chat.speak()
    for _ in range(3):
        await chat.clock.advance(60)
        await chat.speak()
    assert len(chat.session.of("sendPhoto")) == 2
    assert chat.session.files == [b"picture", b"picture"]
    assert await chat.deps.posts.due_messages() == []


async def test_an_emptied_queue_makes_nothing_either(chat: Chat) -> None:
    made, waiting = await want(chat), await want(chat)
    await begin(chat, made)
    await chat.ask(make_command("/clear", ADMIN))
    assert "0 posts, 2 renders stopped, what is live" in texts(chat.session.shown)
    await chat.ask(make_press(Clear(what="queue").pack(), ADMIN))
    assert "is empty: 0 posts, 2 renders stopped." in texts(chat.session.shown)
    for number in (made, waiting):
        assert (await chat.deps.renders.require(number)).state is RenderState.CANCELLED
