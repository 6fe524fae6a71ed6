"""The process is killed with SIGKILL between the steps of a quota: nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC
from pathlib import Path

import pytest

from core.accounts.quotas import Quotas
from core.accounts.rules import RuleBook
from core.posts.models import Upload, UploadState, WaitReason
from core.store.sqlite import SqliteStore
from tests.clocks import ManualClock
from tests.factories import Desk, make_account, make_desk, make_incoming
from workers.engine.embedded import EmbeddedEngine
from workers.engine.lock import FileLock

WAIT_SECONDS = 30.0
STEPS = ("accepted", "reserved", "intended", "committed", "live", "failed")
"""After which the process dies."""
LIMITS = {"youtube.video_uploads": 2}


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[Desk]:
    clock = ManualClock()
    async with await SqliteStore.open(path, clock=clock) as store:
        engine = EmbeddedEngine(store, clock, lock=FileLock.beside(store.path))
        desk = await make_desk(store, clock, engine, make_account("youtube", "a"))
        desk.posts.quotas = Quotas(store, clock, RuleBook(per_channel=2, limits=LIMITS))
        yield desk


async def live_until(path: Path, step: str) -> None:
    """Lead an upload up to a step, tell, and wait for the end."""
    async with opened(path) as desk:
        await desk.intake.receive(make_incoming())
        if step != "accepted":
            await lead(desk, step)
        sys.stdout.write("here\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


async def lead(desk: Desk, step: str) -> None:
    posts = desk.posts
    upload, lack = await posts.reserve(await posts.start(1))
    assert lack is None
    if step == "reserved":
        return
    if step == "failed":
        await posts.save(upload, UploadState.FAILED)
        return
    upload, _ = await posts.intend(upload, sha256="x")
    if step == "intended":
        return
    upload = await posts.save(upload, UploadState.PROCESSING, intent_at=None)
    if step == "live":
        await posts.save(upload, UploadState.LIVE)


async def die_after(path: Path, step: str) -> None:
    code = (
        "import asyncio; from pathlib import Path; "
        "from tests.acceptance.test_quota_kill import live_until; "
        f"asyncio.run(live_until(Path({str(path)!r}), {step!r}))"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    async with asyncio.timeout(WAIT_SECONDS):
        assert await process.stdout.readline() == b"here\n"
    process.send_signal(signal.SIGKILL)
    await process.wait()


async def counted(desk: Desk) -> dict[str, int]:
    """Return what each quota has used, reserved units too."""
    line = (await desk.posts.quotas.report(UTC)).accounts[0]
    return {quota.name: quota.used for quota in line.quotas if quota.used}


async def finish(desk: Desk, upload: Upload) -> None:
    """What the next attempt does, wherever the last one ended."""
    posts = desk.posts
    if upload.state is UploadState.FAILED:
        await posts.retry_upload(upload.id)
        upload = await posts.require_upload(upload.id)
    upload = await posts.start(upload.id)
    if upload.state in {UploadState.WAITING, UploadState.UPLOADING}:
        upload, lack = await posts.reserve(upload)
        assert lack is None
    if upload.state is not UploadState.PROCESSING:
        upload, _ = await posts.intend(upload, sha256="x")
    await posts.save(upload, UploadState.LIVE, intent_at=None)


@pytest.mark.parametrize("step", STEPS)
async def test_every_unit_is_counted_once_whenever_it_dies(tmp_path: Path, step: str) -> None:
    path = tmp_path / "karvon.db"
    await die_after(path, step)
    async with opened(path) as desk:
        before = await counted(desk)
        upload = await desk.posts.require_upload(1)
        if upload.state is not UploadState.LIVE:
            await finish(desk, upload)
        after = await counted(desk)
    held = step in {"reserved", "intended", "committed", "live"}
    # The request that begins a session at YouTube may have gone out before the end, and counts.
    begins = 2 if step in {"reserved", "failed"} else 1
    began = step != "accepted"
    assert before == {
        **({"per_channel_a_day": 1} if held else {}),
        **({"video_uploads": 1} if began else {}),
    }
    assert after == {"per_channel_a_day": 1, "video_uploads": begins}


async def test_who_waited_is_woken_by_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "karvon.db"
    await die_after(path, "reserved")
    async with opened(path) as desk:
        for number in (2, 3):
            await desk.intake.receive(
                make_incoming(update_id=number, fingerprint=f"telegram:{number}")
            )
        await desk.posts.reserve(await desk.posts.start(2))
        waiting, _ = await desk.posts.reserve(await desk.posts.start(3))
        assert waiting.reason is WaitReason.QUOTA
        raised = RuleBook(per_channel=3, limits={"youtube.video_uploads": 3})
        desk.posts.quotas = Quotas(desk.store, desk.clock, raised)
        await desk.posts.wake_quotas()
        assert (await desk.posts.require_upload(3)).until_at == desk.clock.now()
