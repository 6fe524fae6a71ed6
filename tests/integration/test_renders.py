"""Renders in a running Karvon, made by a maker that does what it is told."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from bot.rendering import render_commands
from core.errors import RefusedError
from core.media.spool import DiskFullError
from core.posts.models import AccountId, PostState, UploadState
from core.settings import PolicySettings
from core.studio.assets import Asset, NewAsset
from core.studio.errors import StudioError
from core.studio.library import Library
from core.studio.mashup import AssetKind
from core.studio.publishing import Publishing
from core.studio.renders import NewRender, RenderState
from core.studio.rules import Breach, Rule
from core.studio.workshop import Workshop
from tests.acceptance.system import open_world
from tests.library_kit import clip
from tests.render_kit import FakeMaker, mashup_of, open_studio, studio_in
from tests.storage_kit import cloudinary_place

pytestmark = pytest.mark.timeout(60)


async def test_a_render_becomes_an_asset_and_is_live_everywhere_from_there(tmp_path: Path) -> None:
    async with open_studio(tmp_path) as studio:
        number = await studio.want(caption="A clip #clip\nto: youtube, instagram")
        render = await studio.wait(number, lambda one: one.post_id is not None)
        assert render.post_id is not None
        assert render.asset_id is not None
        await studio.system.wait_live(render.post_id)
        asset = await studio.parts.studio.library.require(render.asset_id)
        assert asset.kind is AssetKind.MASHUP
        assert asset.sha256 == render.sha256
        live = studio.system.world.sandbox.published()
        assert {row["sha256"] for row in live} == {render.sha256}
        assert len(live) == 2
        post = await studio.parts.posts.require(render.post_id)
        assert (post.source["kind"], post.source["render_id"]) == ("asset", number)
        assert await studio.holders(asset.id) == []
        assert studio.leftovers() == []
        assert "ffmpeg -i a.mp4" in await studio.renders.log(number)
        assert [one.stage for one in render.stages] == [
            "looking",
            "rendering",
            "checking",
            "keeping",
        ]


async def test_a_result_that_lies_elsewhere_is_published_from_there(tmp_path: Path) -> None:
    """It is read from its storage while it is sent, without a copy of it on this disk before."""
    lent, file = list[AssetKind](), Library.file

    def noted(library: Library, asset: Asset) -> AbstractAsyncContextManager[Path]:
        lent.append(asset.kind)
        return file(library, asset)

    async with open_world(tmp_path) as world:
        storage = cloudinary_place(world.sandbox).model_dump()
        away: dict[str, Any] = {"storage": storage, "library": {"cache_bytes": 0}}
        with mock.patch.object(Library, "file", noted):
            async with studio_in(world, tmp_path / "data", FakeMaker(), **away) as studio:
                number = await studio.want(caption="A clip #clip\nto: instagram")
                render = await studio.wait(number, lambda one: one.post_id is not None)
                assert render.post_id is not None
                await studio.system.wait_live(render.post_id)
                post = await studio.parts.posts.require(render.post_id)
                assert post.source["in_place"] is False
                (live,) = world.sandbox.published()
                assert live["sha256"] == post.sha256 == render.sha256
        assert AssetKind.MASHUP not in lent


async def test_what_may_be_in_fragments_is_sent_while_it_is_made(tmp_path: Path) -> None:
    maker = FakeMaker(held=True)
    async with open_studio(tmp_path, maker) as studio:
        number = await studio.want(caption="A clip #clip\nto: youtube")
        render = await studio.wait(number, lambda one: one.post_id is not None)
        assert render.state is RenderState.PROCESSING
        assert render.post_id is not None
        spool = await studio.parts.spools.wait_open(render.post_id, 10)
        assert await spool.wait_for(1000) > 1000
        assert not spool.complete
        maker.go_on.set()
        ready = await studio.wait_state(number, RenderState.READY)
        await studio.system.wait_live(render.post_id)
        (live,) = studio.system.world.sandbox.published()
        assert live["sha256"] == ready.sha256
        assert ready.post_id == render.post_id
        assert await studio.parts.posts.count_open() == 0


async def test_cancelling_ends_the_making_and_the_post_that_it_feeds(tmp_path: Path) -> None:
    maker = FakeMaker(held=True)
    async with open_studio(tmp_path, maker) as studio:
        number = await studio.want(caption="A clip #clip\nto: youtube")
        render = await studio.wait(number, lambda one: one.post_id is not None)
        (asset_id,) = render.assets
        assert await studio.holders(asset_id) == [render.holder]
        await maker.began.wait()
        cancelled = await studio.renders.cancel(number)
        assert cancelled.state is RenderState.CANCELLED
        assert cancelled.post_id is not None
        await studio.system.wait(
            cancelled.post_id, lambda ups: ups["youtube"].state is UploadState.CANCELLED
        )
        assert maker.ended == ["CancelledError"]
        assert await studio.holders(asset_id) == []
        assert (await studio.parts.studio.library.require(asset_id)).uses == 0
        with pytest.raises(RefusedError, match="render_ended"):
            await studio.renders.cancel(number)
        # A second one is made by the same slot: the first has left it and nothing behind.
        other = await studio.want("two", preview=True)
        await studio.wait_state(other, RenderState.READY)
        assert studio.leftovers() == []
        assert studio.system.world.sandbox.published() == []


class Strict:
    """Finds that another account got the same bytes, unless that is wanted."""

    async def check_result(
        self,
        sha256: str,
        targets: Sequence[AccountId],
        rules: PolicySettings,
        *,
        twins_wanted: bool = False,
    ) -> list[Breach]:
        return [] if twins_wanted else [Breach(rule=Rule.TWINS, severity="block", key="twins")]


async def test_many_are_ordered_from_a_terminal(tmp_path: Path) -> None:
    async with open_studio(tmp_path, FakeMaker(unlike=True)) as studio:
        sea = await studio.source("Sea")
        own = NewAsset(kind=AssetKind.SOURCE, name="Blue", rights="mine")
        blue = (await studio.parts.studio.library.add(clip("blue.mp4", "blue"), own)).asset
        order = render_commands(studio.parts)["renders"]
        request = {"action": "make", "count": 2, "from": ["sea", "blue"], "seed": 7}

        async def ask(**more: object) -> dict[str, Any]:
            (answer,) = [one async for one in order({**request, **more})]
            return answer

        plan = await ask(dry_run=True)
        assert (plan["seed"], len(plan["names"]), len(plan)) == (7, 2, 3)
        assert await studio.renders.recent() == []
        wrong: list[tuple[dict[str, object], str]] = [
            ({"from": ["sea", "zebra"]}, "mashup_no_such_source"),
            ({"count": 3}, "studio_too_few_parts"),
            ({"mood": "upbeat"}, "studio_missing_parts"),
            ({"count": 0}, "studio_bad_count"),
            ({"count": 101}, "studio_bad_count"),
            ({"to": "youtube"}, "renders_no_caption"),
            ({"caption": "A day"}, "renders_no_place"),
            ({"to": "nowhere", "caption": "A day"}, "unknown"),
        ]
        for more, key in wrong:
            with pytest.raises(RefusedError, match=key):
                await ask(**more)
        assert await studio.renders.recent() == []
        made = await ask(to="youtube", caption="A day", twins=True)
        assert (made["names"], made["batch_id"]) == (plan["names"], 1)
        ids = [one["render_id"] for one in made["renders"]]
        ready = [await studio.wait(one, lambda now: now.post_id is not None) for one in ids]
        assert {one.assets for one in ready} == {(sea.id,), (blue.id,)}
        assert all(one.twins_wanted for one in ready)
        publishing = replace(studio.parts.studio.publishing, policy=Strict())
        assert not await publishing._is_blocked(ready[0])
        assert await publishing._is_blocked(replace(ready[0], twins_wanted=False))


async def test_a_full_disk_is_waited_for_and_said(tmp_path: Path) -> None:
    maker = FakeMaker(errors=[StudioError("disk_full", {"missing_bytes": 7}, retry=True)])
    async with open_studio(tmp_path, maker) as studio:
        number = await studio.want(chat_id=5)
        waiting = await studio.wait(number, lambda one: one.reason is not None)
        assert waiting.state is RenderState.PENDING
        assert waiting.until_at is not None
        board = await studio.parts.posts.board(f"render:{number}")
        assert board is not None
        assert board.facts["waits_for"] == "disk"
        assert board.facts["until"] == waiting.until_at.isoformat()
        assert board.facts["error"] == {"key": "disk_full", "facts": {"missing_bytes": 7}}
        ready = await studio.wait_state(number, RenderState.READY)
        assert (ready.attempts, ready.error_key, ready.fence) == (0, "", 2)


async def test_what_may_work_later_is_tried_a_few_times_and_what_cannot_fails_at_once(
    tmp_path: Path,
) -> None:
    killed = [StudioError("killed", retry=True) for _ in range(5)]
    maker = FakeMaker(errors=[StudioError("bad_input", {"name": "a.mp4"}), *killed])
    limits = {"uploads": {"max_attempts": 2}}
    async with open_studio(tmp_path, maker, **limits) as studio:
        broken = await studio.wait_state(await studio.want(), RenderState.FAILED)
        assert (broken.error_key, broken.error_facts) == ("bad_input", {"name": "a.mp4"})
        weak = await studio.wait_state(await studio.want("two"), RenderState.FAILED)
        assert (weak.error_key, weak.attempts, weak.fence) == ("killed", 2, 2)
        assert "attempt 2: failed: killed" in await studio.renders.log(weak.id)
        maker.errors.clear()
        await studio.renders.again(weak.id)
        await studio.wait_state(weak.id, RenderState.READY)


async def test_a_failure_while_it_is_sent_fails_the_post_and_again_makes_a_new_one(
    tmp_path: Path,
) -> None:
    maker = FakeMaker(held=True, errors=[StudioError("bad_input")])
    async with open_studio(tmp_path, maker) as studio:
        posts = studio.parts.posts
        number = await studio.want(caption="A clip #clip\nto: youtube")
        first = await studio.wait(number, lambda one: one.post_id is not None)
        maker.go_on.set()
        await studio.wait_state(number, RenderState.FAILED)
        assert first.post_id is not None
        failed = await studio.system.wait(
            first.post_id, lambda ups: ups["youtube"].error_code != ""
        )
        assert failed["youtube"].error_code == "render_failed"
        again = await studio.renders.again(number)
        assert again.published is None
        ready = await studio.wait_state(number, RenderState.READY)
        assert ready.post_id not in {None, first.post_id}
        assert ready.post_id is not None
        await studio.system.wait_live(ready.post_id)
        assert len(studio.system.world.sandbox.published()) == 1
        assert (await posts.require(first.post_id)).state is PostState.FAILED


async def test_what_was_published_is_published_again_only_when_asked(tmp_path: Path) -> None:
    async with open_studio(tmp_path, FakeMaker(unlike=True)) as studio:
        number = await studio.want(caption="A clip #clip\nto: instagram")
        first = await studio.wait(number, lambda one: one.post_id is not None)
        assert first.post_id is not None
        await studio.system.wait_live(first.post_id)
        again = await studio.renders.again(number)
        assert again.published == first.post_id
        second = await studio.wait_state(number, RenderState.READY)
        assert second.asset_id != first.asset_id
        assert second.post_id == first.post_id
        assert await studio.parts.posts.count_open() == 0
        await studio.renders.again(number, publish=True)
        third = await studio.wait(number, lambda one: one.post_id not in {None, first.post_id})
        assert third.post_id is not None
        await studio.system.wait_live(third.post_id)
        assert len(studio.system.world.sandbox.published()) == 2


async def test_previews_pass_what_takes_long_and_never_become_assets(tmp_path: Path) -> None:
    maker = FakeMaker(held=True)
    async with open_studio(tmp_path, maker) as studio:
        long = await studio.want()
        await maker.began.wait()
        waiting = [await studio.want(word) for word in ("two", "three")]
        number = await studio.want("four", preview=True, caption="A clip\nto: youtube")
        preview = await studio.wait_state(number, RenderState.READY)
        facts = await studio.renders.facts(number)
        shown = studio.renders.workshop.shown(number)
        assert (facts["video"], facts["thumbnail"]) == (str(shown.video), str(shown.thumbnail))
        assert shown.video is not None
        assert (preview.asset_id, preview.post_id, facts["publishes"]) == (None, None, False)
        assert [(await studio.renders.facts(one))["place"] for one in waiting] == [1, 2]
        await studio.renders.raise_priority(waiting[1])
        assert [one.id for one in await studio.renders.open()] == [waiting[1], long, waiting[0]]
        maker.go_on.set()
        for one in (long, *waiting):
            await studio.wait_state(one, RenderState.READY)
        made = [mashup.attribution for mashup in maker.mashups]
        assert made == ["one", "four", "three", "two"]


async def test_a_batch_counts_itself_and_is_cancelled_as_one(tmp_path: Path) -> None:
    maker = FakeMaker(held=True)
    async with open_studio(tmp_path, maker) as studio:
        source = await studio.source()
        wanted = [
            NewRender(mashup=mashup_of(source, name=word), name=word, chat_id=5)
            for word in ("a", "b", "c")
        ]
        batch_id, numbers = await studio.renders.create_many(wanted)
        await maker.began.wait()
        assert await studio.renders.cancel_batch(batch_id) == 3
        facts = await studio.renders.facts(numbers[0])
        assert facts["batch"] == {
            "total": 3,
            "pending": 0,
            "processing": 0,
            "ready": 0,
            "failed": 0,
            "cancelled": 3,
        }
        states = {one.state for one in await studio.renders.of_batch(batch_id)}
        assert states == {RenderState.CANCELLED}


async def test_a_restart_makes_it_again_from_the_start(tmp_path: Path) -> None:
    maker = FakeMaker(held=True, unlike=True)
    async with open_world(tmp_path) as world:
        async with studio_in(world, tmp_path / "data", maker) as studio:
            number = await studio.want(caption="A clip #clip\nto: youtube")
            fed = await studio.wait(number, lambda one: one.post_id is not None)
            await maker.began.wait()
            stray = studio.renders.workshop.folder(99)
        stray.mkdir(parents=True)
        maker.go_on.set()
        async with studio_in(world, tmp_path / "data", maker) as studio:
            ready = await studio.wait_state(number, RenderState.READY)
            assert ready.post_id == fed.post_id
            assert ready.post_id is not None
            await studio.system.wait_live(ready.post_id)
            (live,) = world.sandbox.published()
            assert live["sha256"] == ready.sha256
            assert studio.leftovers() == []


async def test_a_lost_task_is_given_again_and_a_missing_asset_is_named(tmp_path: Path) -> None:
    maker = FakeMaker(held=True)
    async with open_studio(tmp_path, maker) as studio:
        first = await studio.want()
        await maker.began.wait()
        second = await studio.want("two")
        assert await studio.renders.recover() == 0
        await studio.parts.engine.cancel(f"render:{second}#1")
        assert await studio.renders.recover() == 1
        maker.go_on.set()
        for number in (first, second):
            await studio.wait_state(number, RenderState.READY)
        gone = mashup_of(await studio.source())
        gone = gone.model_copy(
            update={
                "parts": tuple(
                    part.model_copy(
                        update={"file": part.file.model_copy(update={"asset_id": 777})}
                    )
                    for part in gone.parts
                )
            }
        )
        with pytest.raises(StudioError, match="no_asset"):
            await studio.renders.create(None, NewRender(mashup=gone))
        assert len(await studio.renders.recent()) == 2


async def test_a_rule_that_blocks_is_told_before_anything_is_kept(tmp_path: Path) -> None:
    async with open_studio(tmp_path, policy={"licence": "block"}) as studio:
        source = await studio.source()
        await studio.parts.studio.library.set(source.id, rights="licensed")
        with pytest.raises(StudioError, match="policy") as caught:
            await studio.want(caption="A clip\nto: youtube")
        assert {one["severity"] for one in caught.value.facts["breaches"]} >= {"block"}
        assert await studio.renders.open() == []
        with pytest.raises(RefusedError, match="unknown_target"):
            await studio.want(caption="A clip\nto: nowhere")


async def test_what_was_ready_when_the_process_ended_is_published_by_the_next_one(
    tmp_path: Path,
) -> None:
    maker = FakeMaker()
    async with open_world(tmp_path) as world:
        with mock.patch.object(Publishing, "publish", mock.AsyncMock()):
            async with studio_in(world, tmp_path / "data", maker) as studio:
                number = await studio.want(caption="A clip #clip\nto: instagram")
                ready = await studio.wait_state(number, RenderState.READY)
                assert ready.waits_to_publish
        async with studio_in(world, tmp_path / "data", maker) as studio:
            render = await studio.wait(number, lambda one: one.post_id is not None)
            assert render.post_id is not None
            await studio.system.wait_live(render.post_id)
            assert await studio.renders.recover() == 0
            assert maker.calls == 1
        assert len(world.sandbox.published()) == 1


async def test_a_disk_that_fills_up_ends_the_making_until_there_is_room(tmp_path: Path) -> None:
    maker = FakeMaker(held=True)
    async with open_studio(tmp_path, maker) as studio:
        number = await studio.want()
        await maker.began.wait()
        full = DiskFullError(needed_bytes=9, free_bytes=1)
        with mock.patch.object(Workshop, "require_room", side_effect=full):
            waiting = await studio.wait(number, lambda one: one.reason is not None)
        assert waiting.error_facts == {"needed_bytes": 9, "free_bytes": 1}
        assert maker.ended == ["CancelledError"]
        maker.go_on.set()
        ready = await studio.wait_state(number, RenderState.READY)
        assert ready.attempts == 0


async def test_a_bug_ends_a_render_and_what_it_holds(tmp_path: Path) -> None:
    maker = FakeMaker(errors=[ValueError("a bug") for _ in range(9)])
    async with open_studio(tmp_path, maker) as studio:
        failed = await studio.wait_state(await studio.want(), RenderState.FAILED)
        assert failed.error_key == "internal"
        assert maker.calls == 4
        assert await studio.holders(failed.assets[0]) == []
        assert studio.leftovers() == []
