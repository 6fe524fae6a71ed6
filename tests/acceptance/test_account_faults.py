"""What can go wrong around accounts while videos are under way: nothing is lost or stuck by it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from core.posts.models import Upload, UploadState, WaitReason
from core.posts.operations import UNSEEN
from core.posts.report import incoming_from_command
from core.store.errors import StoreFullError
from tests.acceptance.care import caring
from tests.acceptance.system import MIB, System, make_video, open_world, running, whole
from tests.chaos.books import Books
from tests.integration.test_tokens_live import granted, revive, snapshot
from workers.engine.lock import InUseError

TOGETHER = "together: yes\nprivacy: public"


def spent(folder: Path, name: str) -> int:
    rows = Books(path=folder / "data" / "karvon.db").rows("spent")
    return sum(int(row["units"]) for row in rows if row["name"] == name)


async def decide(system: System, post_id: int, platform: str, *, is_live: bool) -> None:
    upload = await system.wait_for(post_id, platform, WaitReason.PERSON)
    await system.parts.posts.decide(upload.id, is_live=is_live)


# Sign-ins


async def test_what_is_being_processed_goes_on_at_once_after_a_reconnection(
    tmp_path: Path,
) -> None:
    async with whole(tmp_path) as system:
        signed_in = snapshot(system.world, "tiktok")
        system.world.fail(("tiktok", "status"), "expire_token")
        system.world.fail(("tiktok", "token"), "revoke_token")
        post_id = await system.send(make_video(tmp_path, size=MIB), "tiktok")
        held = await system.wait_for(post_id, "tiktok", WaitReason.ACCOUNT)
        assert held.state is UploadState.PROCESSING
        revive(system.world, signed_in)
        await system.parts.book.connect(granted(system.world, "tiktok"))
        assert await system.parts.posts.wake_accounts() == 1
        await system.wait_live(post_id)


async def test_one_that_went_on_by_itself_does_not_keep_the_others_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        open_world(tmp_path) as world,
        App(world.settings(tmp_path / "data"), chat=False) as app,
    ):
        posts, system = app.parts.posts, System(app, world)
        sent = [
            await system.send(make_video(tmp_path, f"clip{n}", size=MIB), "tiktok")
            for n in range(3)
        ]
        held = [(await posts.uploads(post_id))[0] for post_id in sent]
        for upload in held:
            await posts.save(upload, UploadState.WAITING, reason=WaitReason.ACCOUNT)
        listed = posts.open_uploads

        async def list_then_start() -> list[Upload]:
            found = await listed()
            await posts.save(await posts.start(held[0].id), UploadState.UPLOADING)
            return found

        monkeypatch.setattr(posts, "open_uploads", list_then_start)
        assert await posts.wake_accounts() == 2
        reasons = [(await posts.require_upload(upload.id)).reason for upload in held]
        assert reasons == [None, WaitReason.TURN, WaitReason.TURN]


async def test_tokens_that_end_again_and_again_are_renewed_as_often(tmp_path: Path) -> None:
    async with whole(tmp_path) as system:
        system.world.sandbox.set_option(None, "processing_seconds", 3.0)
        for nth in (1, 3, 5):
            system.world.fail(("tiktok", "status"), "expire_token", nth=nth)
        post_id = await system.send(make_video(tmp_path, size=MIB), "tiktok")
        await system.wait_live(post_id)
        account = await system.parts.book.find("karvon.tt")
        assert account is not None
        assert account.state == "ok"
        assert len(system.world.rows("token")) == 3


@pytest.mark.parametrize(
    ("place", "action", "state"),
    [
        (("youtube", "status"), "status", UploadState.PROCESSING),
        (("youtube", "commit"), "drop_answer", UploadState.UNKNOWN),
    ],
)
async def test_what_may_be_out_when_its_account_is_disconnected_is_asked_about(
    tmp_path: Path, place: tuple[str, str], action: str, state: UploadState
) -> None:
    async with whole(tmp_path) as system:
        parts = system.parts
        system.world.fail(
            place, action, **({"status": 503, "times": 99} if action == "status" else {})
        )
        system.world.fail(("youtube", "recover"), "status", status=503, times=99)
        video = make_video(tmp_path, size=MIB)
        post_id = await system.send(video, "youtube")
        uploads = await system.wait(post_id, lambda ups: ups["youtube"].state is state)
        await parts.book.disconnect(uploads["youtube"].account_id)
        upload = await system.wait_for(post_id, "youtube", WaitReason.PERSON)
        assert upload.state is UploadState.UNKNOWN
        await parts.posts.decide(upload.id, is_live=True)
        assert await system.world.live(video) == ["youtube"]


# Units


async def test_a_commit_that_surely_failed_costs_no_unit(tmp_path: Path) -> None:
    async with whole(tmp_path) as system:
        system.world.fail(("telegram", "sendVideo"), "status", status=502)
        post_id = await system.send(make_video(tmp_path, size=MIB), "telegram")
        await decide(system, post_id, "telegram", is_live=False)
        await system.wait_live(post_id)
        assert spent(tmp_path, "per_channel_a_day") == 1
        assert spent(tmp_path, "messages") == 1


async def test_making_a_video_seen_at_the_common_minute_is_counted(tmp_path: Path) -> None:
    async with caring(tmp_path) as care:
        video = make_video(tmp_path, size=MIB)
        request = f"A clip #clip\n{TOGETHER}\nto: youtube, facebook"
        parts = care.system.parts
        incoming = incoming_from_command(str(video.path), to="", caption=request)
        outcome = await parts.intake.receive(incoming)
        await care.system.wait_live(outcome.post_id or 0)
        counted: list[dict[str, Any]] = [
            row
            for key, row in care.world.sandbox.collection("youtube.quota").items()
            if "/units/" in key
        ]
        remote = sum(int(row["spent"]) for row in counted)
        assert remote > 50
        units = Books(path=tmp_path / "data" / "karvon.db").rows("units")
        assert units[0]["n"] == remote


# A person knows that it is live, and nobody knows where


async def test_without_an_address_nothing_is_called_gone_or_removed(tmp_path: Path) -> None:
    async with caring(tmp_path) as care:
        video = make_video(tmp_path, size=MIB)
        care.world.fail(("telegram", "sendVideo"), "drop_answer")
        post_id = await care.system.send(video, "telegram")
        await decide(care.system, post_id, "telegram", is_live=True)
        (upload,) = (await care.system.wait_live(post_id)).values()
        assert not upload.remote_id
        post = await care.system.parts.posts.require(post_id)
        edited = await care.aftercare.edit(post, "Other words", chat_id=1001)
        removable = await care.aftercare.removable(post)
        assert [one.key for one in (*edited.cannot, *removable.cannot)] == [UNSEEN, UNSEEN]
        assert not edited.asked
        assert not removable.asked
        assert len(await care.published("telegram")) == 1


async def test_words_given_before_it_went_live_unseen_say_why_they_are_not_there(
    tmp_path: Path,
) -> None:
    async with caring(tmp_path) as care:
        care.world.fail(("telegram", "sendVideo"), "drop_answer")
        post_id = await care.system.send(make_video(tmp_path, size=MIB), "telegram")
        await care.system.wait_for(post_id, "telegram", WaitReason.PERSON)
        post = await care.system.parts.posts.require(post_id)
        await care.aftercare.edit(post, "Other words", chat_id=1001)
        await decide(care.system, post_id, "telegram", is_live=True)
        assert await care.outcome() == {"telegram": UNSEEN}
        assert (await care.upload(post, "telegram")).visibility != "gone"


# The machine


async def test_a_second_process_on_the_folder_refuses_and_names_the_first(
    tmp_path: Path,
) -> None:
    async with open_world(tmp_path) as world:
        settings = world.settings(tmp_path / "data")
        async with running(world, settings) as system:
            post_id = await system.send(make_video(tmp_path, size=MIB), "youtube")
            with pytest.raises(InUseError, match=f"in use by process {os.getpid()}"):
                async with App(settings, chat=False):
                    pytest.fail("two of them run")
            await system.wait_live(post_id)


async def test_a_full_disk_while_new_tokens_are_saved_is_told_and_overcome(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with whole(tmp_path) as system:
        book = system.parts.book
        account = await book.find("karvon.tt")
        assert account is not None
        real, fails = book._save, 2

        async def save(*args: Any) -> None:
            nonlocal fails
            if fails:
                fails -= 1
                raise StoreFullError("The disk is full.")
            await real(*args)

        monkeypatch.setattr(book, "_save", save)
        system.world.fail(("tiktok", "begin"), "expire_token")
        post_id = await system.send(make_video(tmp_path, size=MIB), "tiktok")
        await system.wait_live(post_id)
        assert fails == 0
        assert len(system.world.rows("token")) == 1
