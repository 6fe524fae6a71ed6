"""Batches through the whole system: published, killed in the middle, the same file again."""

from __future__ import annotations

import asyncio
import json
import signal
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.control import ask_running
from core.settings import Settings
from tests.acceptance.system import BEGIN_STEP, MIB, World, make_video, running, until
from tests.terminal import Program, Said, program

pytestmark = pytest.mark.timeout(120)

JSON = dict[str, Any]
SHAPE = {
    "success",
    "platform",
    "video_id",
    "publish_id",
    "status",
    "upload_time_seconds",
    "video_url",
    "metadata",
}
PUBLISHER: JSON = {
    "platforms": ["tiktok", "youtube"],
    "metadata": {
        "title_template": "Best of {video_id} #{clip_id}",
        "description_template": "Score {score}",
        "privacy": "public",
        "tags": ["gaming"],
    },
    "upload_options": {"auto_retry": True, "max_retries": 3, "chunk_size": 10485760},
}


class Desk:
    """A folder with clips and a configuration, where `karvon batch` is typed."""

    def __init__(self, folder: Path, world: World) -> None:
        self.folder = folder
        self.world = world
        self.digests: dict[int, str] = {}
        self.list_file = folder / "clips_metadata.json"
        values = {
            **world.raw_settings(),
            "data_dir": str(folder / "data"),
            "uploads": {"retry_seconds": 0.2, "retry_max_seconds": 1, "stall_seconds": 5},
        }
        text = json.loads(json.dumps(values, default=str))
        (folder / "config.py").write_text(f"APP_CONFIG = {text!r}\n")

    @property
    def settings(self) -> Settings:
        return self.world.settings(self.folder / "data")

    def write(self, count: int, *, size: int = MIB, **changes: Any) -> None:
        """Write so many clips, their list and the configuration."""
        clips = []
        (self.folder / "clips").mkdir(exist_ok=True)
        for number in range(count):
            video = make_video(self.folder / "clips", f"abc_{number:04}", size=size + number)
            self.digests[number] = video.sha256
            name = video.path.name
            clip = {"clip_id": number, "filename": name, "path": f"clips/{name}"}
            clips.append({**clip, "score": float(number), "aspect_ratio": "9:16"})
        self.list_file.write_text(json.dumps({"video_id": "abc", "clips": clips}, indent=1))
        (self.folder / "publisher.json").write_text(json.dumps({**PUBLISHER, **changes}))

    def arguments(self, *more: str) -> list[str]:
        return ["batch", self.list_file.name, "--config", "publisher.json", "--json", *more]

    async def type(self, *more: str) -> Said:
        async with program(self.folder, *self.arguments(*more)) as started:
            return await started.read()

    async def live(self) -> Counter[tuple[str, str]]:
        """Return how often each video is live on each platform."""
        await self.world.sandbox.settle()
        rows = self.world.sandbox.published()
        return Counter((str(row["service"]), str(row["sha256"])) for row in rows)

    def begins(self, platform: str) -> int:
        service, step = BEGIN_STEP[platform]
        return sum(row["service"] == service for row in self.world.rows(step))


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    world = World(tmp_path / "sandbox")
    (tmp_path / "work").mkdir()
    async with world.sandbox:
        yield Desk(tmp_path / "work", world)


async def test_a_batch_is_published_and_ends_with_its_results(desk: Desk) -> None:
    desk.write(2)
    said = await desk.type()
    assert said.code == 0, said.err
    results = said.json
    assert len(results) == 4
    assert all(set(one) == SHAPE for one in results)
    assert {one["status"] for one in results} == {"PUBLISHED"}
    assert results[0]["metadata"]["title"] == "Best of abc #0"
    assert results[0]["metadata"]["file_size_mb"] == 1.0
    assert results[0]["upload_time_seconds"] > 0
    assert all(one["video_url"] and one["video_id"] for one in results)
    assert set((await desk.live()).values()) == {1}
    rows = desk.world.sandbox.published()
    assert {row["service"] for row in rows} == {"tiktok", "youtube"}
    titles = {str(row["text"]) for row in rows}
    assert any("Best of abc #1" in title for title in titles)


async def test_a_dry_run_tells_and_publishes_nothing(desk: Desk) -> None:
    desk.write(2)
    (desk.folder / "clips" / "abc_0001.mp4").write_text("this is text")
    said = await desk.type("--dry-run")
    report = said.json
    assert said.code == 1
    assert (report["entries"], report["ok"]) == (2, False)
    (found,) = [one for one in report["findings"] if one["severity"] == "block"]
    assert set(found) == {"entry", "field", "severity", "message", "remedy"}
    assert (found["entry"], found["field"]) == (2, "path")
    assert found["message"] == (
        "Entry 2, line 14: This is no video that can be read: clips/abc_0001.mp4."
    )
    assert not await desk.live()


async def test_what_blocks_keeps_everything_from_being_published(desk: Desk) -> None:
    desk.write(2)
    (desk.folder / "clips" / "abc_0001.mp4").unlink()
    said = await desk.type()
    assert said.code == 1
    assert said.json["ok"] is False
    assert not await desk.live()


async def test_killed_in_the_middle_it_goes_on_and_sends_nothing_twice(desk: Desk) -> None:
    desk.write(4, size=2 * MIB)
    desk.world.sandbox.rates.assign({"youtube": {"up": 2 * MIB}, "tiktok_upload": {"up": 2 * MIB}})
    async with program(desk.folder, *desk.arguments()) as started:
        await until(lambda: len(desk.world.sandbox.published()) >= 2)
        await started.stop(signal.SIGKILL)
    assert 0 < sum((await desk.live()).values()) < 8
    desk.world.sandbox.rates.clear()
    said = await desk.type()
    assert said.code == 0, said.out + said.err
    assert [one["success"] for one in said.json] == [True] * 8
    live = await desk.live()
    assert set(live.values()) == {1}
    assert len(live) == 8


async def test_the_same_file_again_sends_only_what_is_missing(desk: Desk) -> None:
    desk.write(2)
    assert (await desk.type()).code == 0
    before = desk.begins("youtube")
    said = await desk.type()
    assert said.code == 0
    assert [one["success"] for one in said.json] == [True] * 4
    assert desk.begins("youtube") == before
    desk.write(3)
    said = await desk.type()
    assert said.code == 0
    assert len(said.json) == 6
    assert set((await desk.live()).values()) == {1}


async def test_through_the_running_process(desk: Desk) -> None:
    desk.write(2)
    async with running(desk.world, desk.settings):
        await _is_ready(desk)
        said = await desk.type()
        assert said.code == 0, said.err
        assert [one["success"] for one in said.json] == [True] * 4
        answers = await ask_running(desk.settings, {"command": "batch", "file": "/none.json"})
        assert answers is not None
        assert "No such file" in answers[-1]["message"]


@pytest.mark.parametrize(("retry", "most", "tries"), [(False, 9, 1), (True, 2, 3), (True, 0, 1)])
async def test_retries_are_as_many_as_asked_for(
    desk: Desk, retry: bool, most: int, tries: int
) -> None:
    options = {"auto_retry": retry, "max_retries": most}
    desk.write(1, platforms=["youtube"], upload_options=options)
    desk.world.fail(BEGIN_STEP["youtube"], "status", status=503, times=50)
    said = await desk.type()
    assert said.code == 1
    (result,) = said.json
    assert (result["success"], result["status"]) == (False, "FAILED")
    assert result["error"]
    assert desk.begins("youtube") == tries


async def test_parts_have_the_wanted_size(desk: Desk) -> None:
    desk.write(1, size=13 * MIB, upload_options={"chunk_size": 6 * MIB})
    said = await desk.type()
    assert said.code == 0, said.err
    await desk.world.sandbox.settle()
    sent = {name: sorted(_sizes(desk.world, name)) for name in ("tiktok", "youtube")}
    assert sent["tiktok"] == [6 * MIB, 7 * MIB]
    assert sent["youtube"] == [MIB, 6 * MIB, 6 * MIB]


def _sizes(world: World, platform: str) -> list[int]:
    return [one.received for one in world.sendings(platform)]


async def test_hostile_files_are_one_clear_answer(desk: Desk) -> None:
    desk.write(1, metadata={"title_template": "{title}"})
    async with running(desk.world, desk.settings):
        await _is_ready(desk)
        for content in (
            b"\x00" * 1000,
            b"[" * 200_000,
            b'{"clips": [' + b'{"path": "/etc/passwd"},' * 9999 + b'{"path": "../x"}]}',
            b"\xff\xfe\x00",
            json.dumps({"clips": [{"path": "a\u0000b"}]}).encode(),
            b'{"clips": [{"path": "clips/abc_0000.mp4", "title": "' + b"x" * 3_000_000 + b'"}]}',
        ):
            desk.list_file.write_bytes(content)
            found = await _dry_run(desk)
            assert found
            assert all(one["message"] and one["remedy"] for one in found)


async def _is_ready(desk: Desk) -> None:
    async with asyncio.timeout(20):
        while await ask_running(desk.settings, {"command": "ping"}) is None:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def _dry_run(desk: Desk) -> list[JSON]:
    """Return what a look through the running process finds, which is not in order."""
    request = {"command": "batch", "dry_run": True}
    files = {"file": desk.list_file, "config": desk.folder / "publisher.json"}
    request |= {name: str(path) for name, path in files.items()}
    answers = await ask_running(desk.settings, request)
    assert answers is not None
    assert not answers[-1]["report"]["ok"]
    return [one for answer in answers for one in answer.get("findings", [])]


async def test_an_interrupted_batch_goes_on_with_the_next_start(desk: Desk) -> None:
    desk.write(3)
    desk.world.sandbox.rates.assign({"youtube": {"up": MIB}, "tiktok_upload": {"up": MIB}})
    async with program(desk.folder, *desk.arguments()) as started:
        await _has_begun(desk, started)
        await started.stop(signal.SIGINT)
    desk.world.sandbox.rates.clear()
    async with running(desk.world, desk.settings) as system:
        async with asyncio.timeout(40):
            while len(await desk.live()) < 6:  # noqa: ASYNC110 - the remote tells nobody
                await asyncio.sleep(0.05)
        batch = await system.parts.batches.book.require(1)
        assert batch.state in {"publishing", "done"}
    assert set((await desk.live()).values()) == {1}


async def _has_begun(desk: Desk, started: Program) -> None:
    await until(lambda: desk.begins("youtube") > 0 or started.process.returncode is not None)
    assert started.process.returncode is None
