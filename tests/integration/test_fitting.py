from __future__ import annotations

import asyncio
import hashlib
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.errors import RefusedError
from core.media.fit.errors import FitError
from core.media.fit.make import Made, Output, make
from core.posts.fits import FitState, is_asked
from core.posts.models import UPLOAD_FINAL, MediaFacts, Upload, UploadState, WaitReason
from tests.acceptance.system import (
    BEGIN_STEP,
    System,
    Video,
    World,
    open_world,
    running,
    until,
    whole,
)
from tests.integration.test_modes import arrivals, held_link
from tests.media_kit import encode, video
from workers.fitter import Fitter

pytestmark = pytest.mark.timeout(90)
LIVE = UploadState.LIVE


class HeldMaker:
    """Makes files once it is let go; fails as long as it is told to."""

    def __init__(self, error: FitError | None = None) -> None:
        self.error = error
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()
        self.ended = asyncio.Event()
        self.calls = 0
        self.files = 0

    async def __call__(
        self, source: Path, facts: MediaFacts, outputs: Sequence[Output], **how: Any
    ) -> list[Made]:
        self.calls += 1
        self.files += len(outputs)
        self.begun.set()
        try:
            while not self.go_on.is_set():
                # As the real one does: a run that tells nothing loses its lease.
                how["on_progress"](0.0, None)
                # wait_for() could swallow a cancellation that comes with its timeout.
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.5):
                        await self.go_on.wait()
            if self.error is not None:
                raise self.error
            return await make(source, facts, outputs, **how)
        finally:
            self.ended.set()


@asynccontextmanager
async def held_making(system: System, maker: HeldMaker) -> AsyncIterator[None]:
    """Let a running Karvon make its files by this maker."""
    fitter = system.parts.engine._handlers["fit"]
    assert isinstance(fitter, Fitter)
    fitter._deps = replace(fitter._deps, make=maker)
    yield


def webm_clip() -> Path:
    return encode(
        "tall.webm",
        *("-f", "lavfi", "-i", "testsrc2=s=540x960:r=24:d=4"),
        *("-f", "lavfi", "-i", "sine=d=4:r=48000"),
        *("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus"),
    )


def copied(folder: Path, path: Path, name: str = "clip.mp4") -> Video:
    target = folder / name
    shutil.copyfile(path, target)
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    return Video(path=target, sha256=digest, size_bytes=target.stat().st_size)


def index_last(folder: Path) -> Video:
    """Return a video that Instagram refuses only for where its index stands."""
    return copied(folder, video(index_first=False, seconds=4, size="640x360"))


def too_long(folder: Path, *, index_first: bool = True) -> Video:
    """Return a video that is too long for Facebook's reels, and for nobody else."""
    path = encode(
        "long.mp4" if index_first else "long-last.mp4",
        *("-f", "lavfi", "-i", "testsrc2=s=540x960:r=24:d=100"),
        *("-f", "lavfi", "-i", "sine=d=100:r=48000"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "40", "-pix_fmt", "yuv420p"),
        *("-c:a", "aac", "-movflags", "+faststart" if index_first else "0"),
    )
    return copied(folder, path)


async def places(world: World) -> dict[str, str]:
    """Return the digest of what is live, by platform."""
    await world.sandbox.settle()
    return {str(row["service"]): str(row["sha256"]) for row in world.sandbox.published()}


def fitted_files(system: System) -> list[str]:
    folder = system.parts.settings.spool_dir
    found = [*folder.rglob("*fit-*"), *folder.glob("fitting/*")]
    return sorted(path.name for path in found)


async def test_an_index_at_the_end_is_put_to_the_front_by_itself(tmp_path: Path) -> None:
    clip = index_last(tmp_path)
    async with whole(tmp_path) as system:
        post_id = await system.send(clip, "instagram", "youtube")
        uploads = await system.wait_live(post_id)
        live = await places(system.world)
        assert live["youtube"] == clip.sha256
        assert live["instagram"] != clip.sha256
        (fit,) = await system.parts.posts.fits(post_id)
        assert fit.recipe.copy
        assert live["instagram"] == fit.sha256 == uploads["instagram"].fit["made"]["sha256"]
        await until(lambda: not fitted_files(system))


async def asked(system: System, post_id: int, platform: str) -> Upload:
    uploads = await system.wait(post_id, lambda ups: is_asked(ups[platform]))
    return uploads[platform]


async def test_a_lossy_change_is_asked_for_and_one_tap_makes_it(tmp_path: Path) -> None:
    clip = too_long(tmp_path)
    async with whole(tmp_path) as system:
        post_id = await system.send(clip, "facebook", "youtube")
        upload = await asked(system, post_id, "facebook")
        assert [one["key"] for one in upload.fit["findings"]] == ["too_long"]
        uploads = await system.wait(post_id, lambda ups: ups["youtube"].state is LIVE)
        assert uploads["facebook"].reason is WaitReason.PERSON
        assert await system.parts.posts.choose_all(post_id) == 1
        await system.wait_live(post_id)
        live = await places(system.world)
        (fit,) = await system.parts.posts.fits(post_id)
        assert live == {"youtube": clip.sha256, "facebook": fit.sha256}
        assert fit.facts.duration_seconds == pytest.approx(90, abs=0.5)
        with pytest.raises(RefusedError, match="fit_decided"):
            await system.parts.posts.choose_all(post_id)


async def test_without_asking_when_the_caption_says_so(tmp_path: Path) -> None:
    clip = too_long(tmp_path)
    async with whole(tmp_path) as system:
        post_id = await system.send(clip, "facebook", caption="A clip\nfit: auto")
        await system.wait_live(post_id)
        live = await places(system.world)
        assert live["facebook"] != clip.sha256


async def test_an_account_default_decides_where_the_caption_is_silent(tmp_path: Path) -> None:
    clip = too_long(tmp_path)
    async with whole(tmp_path) as system:
        for account in await system.parts.posts.accounts():
            if account.platform == "facebook":
                await system.parts.book.set_default(account.id, "fit", "auto")
        post_id = await system.send(clip, "facebook")
        await system.wait_live(post_id)


async def test_a_target_that_is_left_out_is_cancelled_alone(tmp_path: Path) -> None:
    clip = too_long(tmp_path)
    async with whole(tmp_path) as system:
        post_id = await system.send(clip, "facebook", "youtube")
        upload = await asked(system, post_id, "facebook")
        await system.parts.posts.choose_fit(upload.id, "out")
        uploads = await system.wait(
            post_id, lambda ups: all(up.state in UPLOAD_FINAL for up in ups.values())
        )
        assert uploads["facebook"].state is UploadState.CANCELLED
        assert uploads["youtube"].state is UploadState.LIVE
        with pytest.raises(RefusedError, match="fit_decided"):
            await system.parts.posts.choose_fit(upload.id, "fix")


async def test_targets_that_take_it_are_live_before_the_fitting_is_over(tmp_path: Path) -> None:
    clip = index_last(tmp_path)
    maker = HeldMaker()
    async with whole(tmp_path) as system, held_making(system, maker):
        post_id = await system.send(clip, "instagram", "youtube", "telegram")
        await system.wait(
            post_id,
            lambda ups: (
                ups["youtube"].state is LIVE
                and ups["telegram"].state is LIVE
                and ups["instagram"].reason is WaitReason.FIT
            ),
        )
        await maker.begun.wait()
        maker.go_on.set()
        await system.wait_live(post_id)


async def test_equal_recipes_share_one_file_and_others_come_from_the_same_run(
    tmp_path: Path,
) -> None:
    clip = copied(tmp_path, webm_clip(), "clip.webm")
    maker = HeldMaker()
    maker.go_on.set()
    async with whole(tmp_path) as system, held_making(system, maker):
        every = ("instagram", "facebook", "telegram")
        post_id = await system.send(clip, *every, caption="A clip\nfit: auto")
        uploads = await system.wait_live(post_id)
        fits = await system.parts.posts.fits(post_id)
        assert maker.calls == 1
        assert maker.files == len(fits)
        assert {up.fit_id for up in uploads.values()} == {fit.id for fit in fits}
        assert {fit.state for fit in fits} == {FitState.READY}


async def test_a_cancelled_upload_ends_the_making_at_once(tmp_path: Path) -> None:
    clip = index_last(tmp_path)
    maker = HeldMaker()
    async with whole(tmp_path) as system, held_making(system, maker):
        post_id = await system.send(clip, "instagram")
        await maker.begun.wait()
        await system.parts.posts.cancel_post(post_id, by="person")
        await maker.ended.wait()
        (fit,) = await system.parts.posts.fits(post_id)
        assert fit.state is FitState.CANCELLED
        await until(lambda: not fitted_files(system))
        uploads = await system.uploads(post_id)
        assert uploads["instagram"].state is UploadState.CANCELLED


async def test_a_full_disk_is_waited_for(tmp_path: Path) -> None:
    clip = index_last(tmp_path)
    maker = HeldMaker(FitError("disk_full", retry=True))
    maker.go_on.set()
    async with whole(tmp_path) as system, held_making(system, maker):
        post_id = await system.send(clip, "instagram")
        uploads = await system.wait(
            post_id, lambda ups: ups["instagram"].error_code == "disk_full"
        )
        assert uploads["instagram"].reason is WaitReason.FIT
        assert uploads["instagram"].until_at is not None
        maker.error = None
        await system.wait_live(post_id)


async def test_without_room_nothing_is_begun(tmp_path: Path) -> None:
    clip = index_last(tmp_path)
    async with whole(tmp_path, min_free_disk=1) as system:
        system.parts.spools._min_free_bytes = 1 << 60
        post_id = await system.send(clip, "instagram")
        await system.wait(post_id, lambda ups: ups["instagram"].error_code == "disk_full")
        (fit,) = await system.parts.posts.fits(post_id)
        assert fit.state is FitState.WANTED
        system.parts.spools._min_free_bytes = 0
        await system.wait_live(post_id)


async def test_what_cannot_be_made_fails_its_uploads_alone_and_retry_makes_it(
    tmp_path: Path,
) -> None:
    clip = index_last(tmp_path)
    maker = HeldMaker(FitError("broken", text="Invalid data"))
    maker.go_on.set()
    async with whole(tmp_path) as system, held_making(system, maker):
        post_id = await system.send(clip, "instagram", "youtube")
        uploads = await system.wait(
            post_id, lambda ups: all(up.state in UPLOAD_FINAL for up in ups.values())
        )
        assert uploads["youtube"].state is LIVE
        assert uploads["instagram"].error_code == "fit.error_broken"
        maker.error = None
        await system.parts.posts.retry_post(post_id)
        await system.wait_live(post_id)


async def test_what_may_work_later_is_tried_again_a_few_times(tmp_path: Path) -> None:
    clip = index_last(tmp_path)
    maker = HeldMaker(FitError("stalled", retry=True))
    maker.go_on.set()
    async with whole(tmp_path) as system, held_making(system, maker):
        post_id = await system.send(clip, "instagram")
        uploads = await system.wait(
            post_id, lambda ups: ups["instagram"].state is UploadState.FAILED
        )
        assert uploads["instagram"].error_code == "fit.error_stalled"
        assert maker.calls == system.parts.settings.uploads.max_attempts


async def test_a_fitted_file_that_somebody_deletes_is_made_again(tmp_path: Path) -> None:
    clip = index_last(tmp_path)
    maker = HeldMaker()
    maker.go_on.set()
    async with whole(tmp_path) as system, held_making(system, maker):
        system.world.fail(BEGIN_STEP["instagram"], "status", status=503, times=2)
        post_id = await system.send(clip, "instagram")
        await system.wait(
            post_id,
            lambda ups: (
                bool(ups["instagram"].fit.get("made"))
                and ups["instagram"].reason is WaitReason.RETRY
            ),
        )
        for name in fitted_files(system):
            (system.parts.settings.spool_dir / name).unlink()
        await system.wait_live(post_id)
        assert maker.calls == 2


async def test_a_source_that_vanishes_fails_what_needs_it(tmp_path: Path) -> None:
    clip = index_last(tmp_path)
    maker = HeldMaker(FitError("broken", text="No such file"))
    async with whole(tmp_path) as system, held_making(system, maker):
        post_id = await system.send(clip, "instagram")
        await maker.begun.wait()
        clip.path.unlink()
        maker.go_on.set()
        uploads = await system.wait(
            post_id, lambda ups: ups["instagram"].state is UploadState.FAILED
        )
        assert uploads["instagram"].error_code == "fit.error_source_gone"


async def test_a_source_that_vanished_before_the_making_fails_what_needs_it(
    tmp_path: Path,
) -> None:
    clip = index_last(tmp_path)
    async with whole(tmp_path, min_free_disk=1) as system:
        system.parts.spools._min_free_bytes = 1 << 60
        post_id = await system.send(clip, "instagram")
        await system.wait(post_id, lambda ups: ups["instagram"].error_code == "disk_full")
        clip.path.unlink()
        system.parts.spools._min_free_bytes = 0
        uploads = await system.wait(
            post_id, lambda ups: ups["instagram"].state is UploadState.FAILED
        )
        assert uploads["instagram"].error_code == "fit.error_source_gone"


async def test_a_fetched_video_that_somebody_deletes_is_fetched_again(tmp_path: Path) -> None:
    clip = index_last(tmp_path)
    maker = HeldMaker(FitError("disk_full", retry=True))
    maker.go_on.set()
    async with (
        held_link(clip, 1000) as link,
        whole(tmp_path, sources={"allowed_hosts": ["127.0.0.1"]}) as system,
        held_making(system, maker),
    ):
        link.go_on.set()
        post_id = await system.send(link.base, "instagram")
        await system.wait(post_id, lambda ups: ups["instagram"].error_code == "disk_full")
        system.parts.spools.path(post_id).unlink()
        maker.error = None
        uploads = await system.wait_live(post_id)
        live = await places(system.world)
        assert live["instagram"] == uploads["instagram"].fit["made"]["sha256"]


async def test_stopped_amid_the_making_it_goes_on_at_the_next_start(tmp_path: Path) -> None:
    clip = index_last(tmp_path)
    async with open_world(tmp_path) as world:
        settings = world.settings(tmp_path / "data")
        maker = HeldMaker()
        async with running(world, settings) as system, held_making(system, maker):
            post_id = await system.send(clip, "instagram")
            await maker.begun.wait()
        async with running(world, settings) as system:
            await system.wait_live(post_id)
            await until(lambda: not fitted_files(system))


async def test_a_session_begun_with_the_file_that_came_is_given_up(tmp_path: Path) -> None:
    clip = too_long(tmp_path, index_first=False)
    async with (
        held_link(clip, clip.size_bytes - 40_000) as link,
        whole(tmp_path, sources={"allowed_hosts": ["127.0.0.1"]}) as system,
    ):
        post_id = await system.send(link.base, "youtube", "facebook")
        await until(lambda: arrivals(system.world) >= {"youtube", "facebook"})
        link.go_on.set()
        upload = await asked(system, post_id, "facebook")
        assert (upload.session, upload.confirmed_bytes, upload.intent_at) == ({}, 0, None)
        assert upload.bytes_sent > 0
        await system.parts.posts.choose_fit(upload.id, "fix")
        await system.wait_live(post_id)
        live = await places(system.world)
        assert live["youtube"] == clip.sha256
        assert live["facebook"] != clip.sha256
        assert len(system.world.sandbox.published()) == 2


async def test_where_the_index_must_come_first_nothing_is_sent_in_vain(tmp_path: Path) -> None:
    clip = index_last(tmp_path)
    async with (
        held_link(clip, clip.size_bytes - 40_000) as link,
        whole(tmp_path, sources={"allowed_hosts": ["127.0.0.1"]}) as system,
    ):
        post_id = await system.send(link.base, "youtube", "instagram")
        await until(lambda: arrivals(system.world) >= {"youtube"})
        link.go_on.set()
        uploads = await system.wait_live(post_id)
        assert uploads["instagram"].bytes_sent == uploads["instagram"].size_bytes


async def test_the_same_video_again_is_known_by_the_file_that_came(tmp_path: Path) -> None:
    clip = index_last(tmp_path)
    other = copied(tmp_path, clip.path, "other.mp4")
    async with whole(tmp_path) as system:
        await system.wait_live(await system.send(clip, "instagram"))
        post_id = await system.send(other, "instagram")
        uploads = await system.wait(
            post_id, lambda ups: ups["instagram"].state is UploadState.FAILED
        )
        assert uploads["instagram"].error_code == "duplicate"
