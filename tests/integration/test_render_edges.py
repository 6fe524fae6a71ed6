"""What happens to renders between two steps: cancelled, deleted, refused, asked, killed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from core.posts.models import PostState
from core.sources.asset import AssetFile
from core.studio import render_care
from core.studio.assets import Asset, Deleted, NewAsset
from core.studio.errors import StudioError
from core.studio.library import Library
from core.studio.mashup import AssetKind
from core.studio.publishing import LibraryFiles, Publishing
from core.studio.queueing import Render
from core.studio.renders import NewRender, Renders, RenderState
from tests.library_kit import clip
from tests.render_kit import FakeMaker, mashup_of, open_studio

pytestmark = pytest.mark.timeout(60)
YOUTUBE = "A clip #clip\nto: youtube"


async def test_what_is_cancelled_just_before_it_is_fed_becomes_no_post(tmp_path: Path) -> None:
    grows = Publishing.grows

    async def meanwhile(publishing: Publishing, render: Render) -> bool:
        is_fed = await grows(publishing, render)
        await publishing.renders.cancel(render.id)
        return is_fed

    async with open_studio(tmp_path) as studio:
        with mock.patch.object(Publishing, "grows", meanwhile):
            number = await studio.want(caption=YOUTUBE)
            await studio.wait_state(number, RenderState.CANCELLED)
            await studio.wait_state(await studio.want("two", preview=True), RenderState.CANCELLED)
        other = await studio.want("three")
        await studio.wait_state(other, RenderState.READY)
        assert (await studio.renders.require(number)).post_id is None
        assert await studio.parts.posts.open_posts(limit=9) == []
        assert studio.system.world.sandbox.published() == []


async def test_a_post_that_was_fed_holds_the_result_until_it_needs_it_no_more(
    tmp_path: Path,
) -> None:
    async with open_studio(tmp_path) as studio:
        library = studio.parts.studio.library
        number = await studio.want(caption=f"{YOUTUBE}\nprivacy: unlisted\nat: tomorrow 9:00")
        ready = await studio.wait_state(number, RenderState.READY)
        assert ready.asset_id is not None
        assert ready.post_id is not None
        post = await studio.parts.posts.require(ready.post_id)
        assert post.source["fed"]
        assert await studio.holders(ready.asset_id) == [f"post:{ready.post_id}"]
        # As after the end of a post that is tried again.
        await library.release(f"post:{ready.post_id}")
        await studio.renders.recover()
        assert await library.delete(ready.asset_id) is Deleted.LATER
        studio.maker.held = True
        await studio.renders.again(number)
        await studio.wait_state(number, RenderState.PROCESSING)
        await studio.renders.cancel(number)
        await studio.parts.posts.force_start(ready.post_id)
        await studio.system.wait_live(ready.post_id)
        (live,) = studio.system.world.sandbox.published()
        assert live["sha256"] == ready.sha256
        assert await library.get(ready.asset_id) is None


async def test_a_question_that_is_given_up_lets_the_result_go(tmp_path: Path) -> None:
    async with open_studio(tmp_path) as studio:
        number = await studio.want(caption="to: instagram")
        render = await studio.wait(number, lambda one: one.post_id is not None)
        assert render.asset_id is not None
        assert render.post_id is not None
        assert (await studio.parts.posts.require(render.post_id)).state is PostState.DRAFT
        await studio.renders.recover()
        assert await studio.holders(render.asset_id) == [f"post:{render.post_id}"]
        assert (await studio.renders.again(number)).published == render.post_id
        await studio.wait_state(number, RenderState.READY)
        assert len(await studio.parts.posts.open_posts(limit=9)) == 1
        await studio.parts.posts.cancel_post(render.post_id, by="person")
        await studio.renders.recover()
        assert await studio.holders(render.asset_id) == []


async def test_a_result_that_is_deleted_before_it_is_published_is_told_once(
    tmp_path: Path,
) -> None:
    find = LibraryFiles.find

    async def deleted(files: LibraryFiles, asset_id: int) -> AssetFile | None:
        found = await find(files, asset_id)
        await studio.parts.studio.library.delete(asset_id)
        return found

    async with open_studio(tmp_path) as studio:
        with mock.patch.object(LibraryFiles, "find", deleted):
            number = await studio.want(caption="A clip #clip\nto: instagram")
            render = await studio.wait(number, lambda one: bool(one.post_error))
        assert render.post_error["key"] == "studio_no_asset"
        assert render.post_id is None
        assert await studio.renders.recover() == 0
        again = await studio.renders.again(number)
        ready = await studio.wait(again.render.id, lambda one: one.post_id is not None)
        assert ready.post_id is not None
        await studio.system.wait_live(ready.post_id)


async def test_cancelling_ends_the_fetching_of_what_lies_elsewhere(tmp_path: Path) -> None:
    fetching, file = asyncio.Event(), Library.file
    ended: list[float] = []

    @asynccontextmanager
    async def far(library: Library, asset: Asset) -> AsyncIterator[Path]:
        if asset.name == "far" and not fetching.is_set():
            fetching.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended.append(studio.parts.clock.monotonic())
        async with file(library, asset) as path:
            yield path

    async with open_studio(tmp_path) as studio:
        with mock.patch.object(Library, "file", far):
            number = await studio.renders.create(
                None, NewRender(mashup=mashup_of(await studio.source("far")))
            )
            await fetching.wait()
            asked = studio.parts.clock.monotonic()
            await studio.renders.cancel(number)
            other = await studio.want("two")
            await studio.wait_state(other, RenderState.READY)
        # Not only when the engine takes it for dead.
        assert ended[0] - asked < 60
        assert studio.leftovers() == []


async def test_a_post_hears_of_a_failure_after_the_render_and_waits_for_another_try(
    tmp_path: Path,
) -> None:
    heard: list[Any] = []
    fail, hold = Renders.fail, Renders.hold

    async def failing(renders: Renders, render: Render, *args: Any) -> None:
        heard.append(growth_of(render.id))
        await fail(renders, render, *args)

    async def holding(renders: Renders, render: Render, *args: Any, **more: Any) -> None:
        heard.append(growth_of(render.id))
        await hold(renders, render, *args, **more)

    def growth_of(render_id: int) -> Any:  # noqa: ANN401 - of a fake
        growth = studio.parts.studio.growths.get(render_id)
        assert growth is not None
        return growth

    errors = [StudioError("disk_full", retry=True), StudioError("bad_input")]
    async with open_studio(tmp_path, FakeMaker(errors=[*errors])) as studio:
        with (
            mock.patch.object(Renders, "fail", failing),
            mock.patch.object(Renders, "hold", holding),
            mock.patch("workers.renderer.DISK_PAUSE", timedelta()),
        ):
            number = await studio.want(caption=YOUTUBE)
            failed = await studio.wait_state(number, RenderState.FAILED)
        assert failed.post_id is not None
        await studio.system.wait(
            failed.post_id, lambda ups: ups["youtube"].error_code == "render_failed"
        )
        assert [growth.error.key for growth in heard] == ["render_waits", "render_failed"]
        assert heard[0] is not heard[1]


async def test_what_was_published_stays_counted_and_so_does_what_is_published_later(
    tmp_path: Path,
) -> None:
    async with open_studio(tmp_path, policy={"reuse": "block", "reuse_limit": 1}) as studio:
        number = await studio.want(caption="A clip #clip\nto: instagram")
        render = await studio.wait(number, lambda one: one.post_id is not None)
        assert render.post_id is not None
        await studio.system.wait_live(render.post_id)
        studio.maker.held = True
        await studio.renders.again(number)
        await studio.wait_state(number, RenderState.PROCESSING)
        await studio.renders.cancel(number)
        with pytest.raises(StudioError, match="policy"):
            await studio.want("two", caption="Another #clip\nto: instagram")
        with pytest.raises(StudioError, match="policy"):
            await studio.renders.again(number, publish=True)
        studio.maker.held = False
        unpublished = await studio.want("three")
        await studio.wait_state(unpublished, RenderState.READY)
        post = await studio.parts.store.one("posts.get", id=render.post_id)
        assert post is not None
        async with studio.parts.store.transaction() as tx:
            await studio.renders.published(tx, unpublished, render.post_id)
        rows = await studio.parts.store.all(
            "policy.got", holder=f"render:{unpublished}", post_id=0
        )
        assert len(rows) == 1


async def test_a_batch_in_the_commit_of_its_order_counts_itself(tmp_path: Path) -> None:
    async with open_studio(tmp_path, policy={"reuse": "block", "reuse_limit": 2}) as studio:
        source = await studio.source()
        wanted = [
            NewRender(mashup=mashup_of(source, name=word), caption=YOUTUBE)
            for word in ("a", "b", "c")
        ]
        with pytest.raises(StudioError, match="policy"):
            async with studio.parts.store.transaction() as tx:
                await studio.renders.create_many(wanted, tx)
        assert await studio.renders.open() == []
        studio.maker.held = True
        async with studio.parts.store.transaction() as tx:
            _, numbers = await studio.renders.create_many(wanted[:2], tx)
        assert [one.id for one in await studio.renders.open()] == numbers
        assert await studio.renders.cancel_all() == 2


async def test_numbers_are_never_given_twice_and_what_is_about_to_be_ready_is_not_swept(
    tmp_path: Path,
) -> None:
    maker = FakeMaker(held=True)
    async with open_studio(tmp_path, maker) as studio:
        made = await studio.want()
        await maker.began.wait()
        picture = tmp_path / "p.jpg"
        picture.write_bytes(b"\xff\xd8\xff\xd9")
        shop = studio.renders.workshop
        shop.show(made, thumbnails={"1080x1920": picture}, sheet=None)
        preview = await studio.want("two", preview=True)
        await studio.wait_state(preview, RenderState.READY)
        with mock.patch.object(render_care, "PREVIEWS_KEPT", timedelta(seconds=-1)):
            await studio.renders.forget()
        assert await studio.renders.get(preview) is None
        assert shop.shown(preview).video is None
        assert shop.shown(made).thumbnail is not None
        assert await studio.want("three") > preview
        maker.go_on.set()


async def test_a_result_is_no_more_own_than_what_is_in_it(tmp_path: Path) -> None:
    async with open_studio(tmp_path) as studio:
        library = studio.parts.studio.library
        own = await studio.source()
        hot = NewAsset(kind=AssetKind.HOT, name="hot", licence="CC0")
        foreign = (await library.add(clip(), hot)).asset
        found: list[str] = []
        for assets in ((own,), (foreign,), (own, foreign)):
            mashup = mashup_of(*assets, name=f"{len(found)}")
            layout = "side" if len(assets) > 1 else "full"
            wanted = NewRender(mashup=mashup.model_copy(update={"layout": layout}))
            number = await studio.renders.create(None, wanted)
            ready = await studio.wait_state(number, RenderState.READY)
            found.append((await library.require(ready.asset_id or 0)).rights)
        assert found == ["mine", "licensed", ""]


async def test_a_fault_while_it_is_published_is_told_once(tmp_path: Path) -> None:
    broken = mock.AsyncMock(side_effect=ValueError("a bug"))
    async with open_studio(tmp_path) as studio:
        with mock.patch.object(Publishing, "publish", broken):
            number = await studio.want(caption="A clip #clip\nto: instagram")
            render = await studio.wait(number, lambda one: bool(one.post_error))
        assert render.state is RenderState.READY
        assert render.post_error == {"key": "studio_internal", "facts": {}}
        assert await studio.renders.recover() == 0


async def test_places_in_the_queue_are_told_anew_when_somebody_leaves_it(tmp_path: Path) -> None:
    async def place(number: int) -> int:
        board = await studio.parts.posts.board(f"render:{number}")
        assert board is not None
        told: int = board.facts["place"]
        return told

    maker = FakeMaker(held=True)
    async with open_studio(tmp_path, maker) as studio:
        await studio.want(chat_id=5)
        await maker.began.wait()
        first, second, third = [await studio.want(word, chat_id=5) for word in ("a", "b", "c")]
        await studio.renders.cancel(first)
        assert [await place(second), await place(third)] == [1, 2]
        await studio.renders.raise_priority(third)
        assert [await place(second), await place(third)] == [2, 1]
        # Who comes again stands at the end, and it is said so.
        await studio.renders.again(first)
        assert [await place(one) for one in (third, second, first)] == [1, 2, 3]
        maker.go_on.set()
        await studio.wait_state(first, RenderState.READY)
        assert [one.attribution for one in maker.mashups] == ["one", "c", "b", "a"]


async def test_what_costs_all_of_the_making_is_not_tried_again_at_once(tmp_path: Path) -> None:
    keep = mock.AsyncMock(side_effect=StudioError("storage_full", {"storage": "x"}, retry=True))
    maker = FakeMaker(errors=[StudioError("over_time", {"minutes": 60.0}, retry=True)])
    async with open_studio(tmp_path, maker) as studio:
        slow = await studio.wait_state(await studio.want(), RenderState.FAILED)
        assert (slow.error_key, maker.calls) == ("over_time", 1)
        with mock.patch.object(Publishing, "keep", keep):
            number = await studio.want("two")
            waiting = await studio.wait(number, lambda one: one.reason is not None)
            assert waiting.until_at is not None
            left = waiting.until_at - studio.parts.clock.now()
            await studio.renders.cancel(number)
        assert waiting.error_key == "storage_full"
        assert left > timedelta(minutes=5)


async def test_uses_count_for_the_accounts_that_get_it(tmp_path: Path) -> None:
    maker = FakeMaker()
    async with open_studio(tmp_path, maker) as studio:
        number = await studio.want(caption=YOUTUBE)
        first = await studio.wait(number, lambda one: one.post_id is not None)
        assert first.post_id is not None
        maker.held = True
        other = await studio.want("two", caption="A clip #clip\nto: instagram")
        wanted = await studio.renders.require(other)
        async with studio.parts.store.transaction() as tx:
            await studio.renders.published(tx, other, first.post_id)
        rows = await studio.parts.store.all("policy.got", holder=wanted.holder, post_id=0)
        assert [row["account_id"] for row in rows] == list(first.targets) != list(wanted.targets)
