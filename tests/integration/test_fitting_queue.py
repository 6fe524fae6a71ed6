"""Several posts that need fitting while only one is fitted at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.posts.fits import FitState
from core.posts.models import UploadState
from tests.acceptance.system import MIB, Video, until, whole
from tests.chaos.media import write_late
from tests.integration.test_fitting import HeldMaker, fitted_files, held_making

pytestmark = pytest.mark.timeout(90)


def clips(folder: Path, count: int) -> list[Video]:
    """Return videos whose index stands last."""
    made = []
    for number in range(count):
        path, size = folder / f"clip-{number}.mp4", MIB + number
        digest = write_late(path, size_bytes=size, seed=str(number))
        made.append(Video(path=path, sha256=digest, size_bytes=size))
    return made


async def test_one_that_is_cancelled_lets_the_next_begin_and_can_come_back(
    tmp_path: Path,
) -> None:
    maker = HeldMaker()
    async with whole(tmp_path, fit={"at_once": 1}) as system, held_making(system, maker):
        posts = system.parts.posts
        sent = [await system.send(clip, "instagram") for clip in clips(tmp_path, 3)]
        await maker.begun.wait()
        fits = [fit for one in sent for fit in await posts.fits(one)]
        running = [int(fit.post_id) for fit in fits if fit.state is FitState.RUNNING]
        assert len(running) == maker.calls == 1
        await posts.cancel_post(running[0], by="person")
        await maker.ended.wait()
        maker.go_on.set()
        for one in sent:
            if one not in running:
                await system.wait_live(one)
        upload = (await system.uploads(running[0]))["instagram"]
        assert upload.state is UploadState.CANCELLED
        await posts.retry_upload(upload.id)
        await system.wait_live(running[0])
        await until(lambda: not fitted_files(system))
