from __future__ import annotations

import asyncio
import hashlib
import shutil
from pathlib import Path
from typing import Any

import pytest

from core.posts.fits import FitState, is_asked
from core.posts.models import UploadState, WaitReason
from tests.acceptance.system import System, Video, World, open_world, running, until, whole
from tests.media_kit import encode, video

pytestmark = pytest.mark.timeout(90)


def copied(folder: Path, path: Path, name: str = "clip.mp4") -> Video:
    target = folder / name
    shutil.copyfile(path, target)
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    return Video(path=target, sha256=digest, size_bytes=target.stat().st_size)


def index_last(folder: Path) -> Video:
    """Return a video that Instagram refuses only for where its index stands."""
    return copied(folder, video(index_first=False, seconds=4, size="640x360"))


def too_long(folder: Path) -> Video:
    """Return a video that is too long for Facebook's reels, and for nobody else."""
    path = encode(
        "long.mp4",
        *("-f", "lavfi", "-i", "testsrc2=s=540x960:r=24:d=100"),
        *("-f", "lavfi", "-i", "sine=d=100:r=48000"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "40", "-pix_fmt", "yuv420p"),
        *("-c:a", "aac", "-movflags", "+faststart"),
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
