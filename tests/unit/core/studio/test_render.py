from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from core.media.probe import examine
from core.studio.errors import StudioError
from core.studio.mashup import Captions, File, Mashup, Transition, Watermark
from core.studio.picture import LOOP_BYTES
from core.studio.render import (
    Limits,
    Progressed,
    RenderStage,
    kept_bytes,
    load_sheet,
    render,
)
from core.studio.rendered import Rendered
from core.studio.timeline import Scene, Slot, Timeline
from core.studio.trouble import of_disk
from tests.mashup_kit import (
    BLUE,
    GREEN,
    RED,
    YELLOW,
    clip,
    is_near,
    looked,
    mashup,
    music,
    part,
    pixel,
    song,
    still,
)
from tests.media_kit import encode
from tests.seen_kit import samples
from utils.ffmpeg import PID_NAME

pytestmark = pytest.mark.timeout(90)
ALONE = Limits(threads=1)
"""Threads of an encoder share what bits are left by chance; one has them all."""


async def small(wanted: Mashup, folder: Path, **more: Any) -> Rendered:
    """Make a preview: the whole way, but small."""
    return await render(wanted, folder / "out.mp4", folder=folder, preview=True, **more)


def shown(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_two_parts_are_seen_in_their_cells(tmp_path: Path) -> None:
    made = await small(mashup(part(clip("red")), part(clip("green"))), tmp_path)

    assert (made.facts.width, made.facts.height) == (360, 640)
    assert is_near(pixel(made.path, 0.5, 0.33, 0.5), RED)
    assert is_near(pixel(made.path, 0.5, 0.64, 0.5), RED)
    assert is_near(pixel(made.path, 0.5, 0.69, 0.5), GREEN)
    assert shown(tmp_path) == {"out.mp4", "out.json"}


async def test_full_size_with_pictures_and_sheet(tmp_path: Path) -> None:
    wanted = mashup(
        part(clip("red")),
        part(still(), fit="contain"),
        layout="stack",
        seconds=0.4,
        thumbnail={},
        music=music(song()),
        captions=Captions(text="it's 100% [a];'b':c,\\N{\\b1}"),
        watermark=Watermark(file=File(path=str(still("blue"))), corner="top_left", opacity=1),
    )
    stages: list[Progressed] = []

    made = await render(
        wanted, tmp_path / "out.mp4", folder=tmp_path / "work", on_progress=stages.append
    )

    assert (made.facts.width, made.facts.height, made.facts.index_first) == (1080, 1920, True)
    assert made.facts.edit_list is False
    assert (made.facts.audio_rate, made.facts.pixel_format) == (48_000, "yuv420p")
    assert made.sha256 == hashlib.sha256(made.path.read_bytes()).hexdigest()
    assert is_near(pixel(made.path, 0.2, 0.1, 0.06), BLUE)
    assert is_near(pixel(made.path, 0.2, 0.5, 0.3), RED)
    assert is_near(pixel(made.path, 0.2, 0.5, 0.75), YELLOW)
    assert shown(tmp_path) == {
        "out.mp4", "out.json", "out-1280x720.jpg", "out-1080x1920.jpg", "work",
    }  # fmt: skip
    assert shown(tmp_path / "work") == set()
    again = load_sheet(tmp_path / "out.json")
    assert again.captions == wanted.captions
    assert all(len(file.sha256) == 64 for file in again.files)
    assert stages[0].stage is RenderStage.LOOKING
    assert stages[-1] == Progressed(stage=RenderStage.DONE, share=1.0)


async def test_the_sheet_makes_the_same_bytes(tmp_path: Path) -> None:
    wanted = mashup(part(clip("red")), part(clip("green")), music=music(song()))
    made = await small(wanted, tmp_path, limits=ALONE)

    sheet = load_sheet(tmp_path / "out.json")
    again = await render(sheet, tmp_path / "b.mp4", folder=tmp_path, preview=True, limits=ALONE)

    assert again.sha256 == made.sha256


async def test_parts_follow_each_other(tmp_path: Path) -> None:
    made = await small(
        mashup(
            part(clip("red")),
            part(clip("green")),
            part(still(), seconds=0.5),
            layout="sequence",
            transition=Transition(kind="fade", seconds=0.2),
        ),
        tmp_path,
    )

    assert made.facts.duration_seconds == pytest.approx(2.1, abs=0.01)
    assert is_near(pixel(made.path, 0.5, 0.5, 0.5), RED)
    assert is_near(pixel(made.path, 1.2, 0.5, 0.5), GREEN)
    assert is_near(pixel(made.path, 2.0, 0.5, 0.5), YELLOW)
    mixed = pixel(made.path, 0.9, 0.5, 0.5)
    assert 60 < mixed[0] < 200


async def test_out_of_black_and_into_black(tmp_path: Path) -> None:
    wanted = mashup(part(clip("red"), fit="blur"), fade_in=0.4, aspect="16:9")
    made = await small(wanted, tmp_path)

    assert is_near(pixel(made.path, 0.0, 0.5, 0.5), (0, 0, 0))
    assert is_near(pixel(made.path, 0.8, 0.5, 0.5), RED)


@pytest.mark.parametrize(
    ("when_short", "colour", "seconds"),
    [("loop", RED, 2.0), ("freeze", BLUE, 2.0), ("stop", BLUE, 1.0)],
)
async def test_a_short_part_loops_freezes_or_ends_it(
    tmp_path: Path, when_short: str, colour: tuple[int, int, int], seconds: float
) -> None:
    look = "color=red:s=160x284:r=15:d=1,drawbox=c=blue:t=fill:enable='gte(t,0.5)'"
    short = encode("two.mp4", "-f", "lavfi", "-i", look, "-pix_fmt", "yuv420p", "-c:v", "libx264")
    wanted = mashup(part(short, when_short=when_short), seconds=2)

    made = await small(wanted, tmp_path)

    assert made.facts.duration_seconds == pytest.approx(seconds, abs=0.01)
    assert is_near(pixel(made.path, min(1.2, seconds - 0.1), 0.5, 0.5), colour)


async def test_long_loops_that_are_read_again_look_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = mashup(part(clip("red", seconds=2)), part(clip("green")), seconds=2)
    kept = await small(wanted, tmp_path)
    monkeypatch.setattr("core.studio.render.LOOP_BYTES", 0)

    again = await render(wanted, tmp_path / "b.mp4", folder=tmp_path, preview=True)

    assert again.facts.duration_seconds == kept.facts.duration_seconds
    assert is_near(pixel(again.path, 1.9, 0.9, 0.5), GREEN)


async def test_prepared_templates_give_the_same_bytes(tmp_path: Path) -> None:
    wanted = mashup(part(clip("red")), part(clip("green", seconds=0.5)), seconds=1, aspect="1:1")
    folder, digests, stages = tmp_path / "templates", [], []
    for number in range(3):
        made = await render(
            wanted,
            tmp_path / f"{number}.mp4",
            folder=tmp_path,
            templates=folder,
            limits=ALONE,
            on_progress=lambda now: stages.append(now.stage),
        )
        digests.append(made.sha256)

    assert len(set(digests)) == 1
    assert len(list(folder.glob("*.mp4"))) == 1
    assert stages.count(RenderStage.PREPARING) == 1


async def test_a_growing_result_can_be_read(tmp_path: Path) -> None:
    made = await small(mashup(part(clip("red"))), tmp_path, growing=True)

    content = made.path.read_bytes()
    assert b"moof" in content
    # Of which platforms warn.
    assert b"elst" not in content
    assert made.facts.edit_list is False
    assert made.sha256 == hashlib.sha256(content).hexdigest()


async def test_a_growing_result_that_fails_is_gone(tmp_path: Path) -> None:
    slow, tight = mashup(part(clip("red")), seconds=600), Limits(memory_bytes=1)

    with pytest.raises(StudioError, match="over_memory"):
        await render(slow, tmp_path / "o.mp4", folder=tmp_path, growing=True, limits=tight)

    assert shown(tmp_path) == set()


async def test_music_is_put_under_a_copied_picture(tmp_path: Path) -> None:
    source = clip("red", size="1080x1920", rate=25)
    wanted = mashup(part(source), music=music(song(), replace=True, volume=1))

    made = await render(wanted, tmp_path / "out.mp4", folder=tmp_path)

    assert made.sheet["settings"]["copied"] is True
    assert made.facts.frame_rate == 25
    lengths = (await examine(made.path))[1]
    assert lengths["audio"] == pytest.approx(1.0, abs=0.03)


@pytest.mark.parametrize(
    "name", ["-i.mp4", "it's a:[b],c;d=%d.mp4", "line\nbreak.mp4", "é 你.mp4"]
)
async def test_names_mean_nothing(tmp_path: Path, name: str) -> None:
    source, words = tmp_path / name, tmp_path / f"{name}.srt"
    shutil.copyfile(clip("red"), source)
    words.write_text("1\n00:00:00,000 --> 00:00:01,000\nhello\n")
    captions = Captions(file=File(path=str(words)))
    target = tmp_path / f"out {name}"

    made = await render(
        mashup(part(source), captions=captions), target, folder=tmp_path, preview=True
    )

    assert made.path == target
    assert is_near(pixel(target, 0.5, 0.5, 0.2), RED)


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "empty"),
        (b"not a video" * 99, "unreadable"),
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "unreadable"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "unreadable"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "too_small"),
    ],
)
async def test_files_that_are_no_media_are_refused(
    tmp_path: Path, content: bytes, key: str
) -> None:
    source = tmp_path / "in.mp4"
    source.write_bytes(content)

    with pytest.raises(StudioError) as refused:
        await small(mashup(part(source)), tmp_path)

    assert (refused.value.key, shown(tmp_path)) == (key, {"in.mp4"})


async def test_other_bytes_than_meant_are_refused(tmp_path: Path) -> None:
    file = File(path=str(clip("red")), sha256="0" * 64)
    wanted = mashup(part(clip("red")).model_copy(update={"file": file}))

    with pytest.raises(StudioError, match="changed"):
        await small(wanted, tmp_path)


async def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(StudioError) as missing:
        await small(mashup(part(tmp_path / "no.mp4")), tmp_path)
    assert (missing.value.key, missing.value.facts["name"]) == ("missing", "no.mp4")
    with pytest.raises(StudioError, match="no_sound"):
        await small(mashup(part(clip("red")), music=music(still())), tmp_path)
    with pytest.raises(StudioError, match="no_still"):
        mark = Watermark(file=File(path=str(clip("red"))))
        await small(mashup(part(clip("red")), watermark=mark), tmp_path)


async def test_too_little_time_leaves_nothing(tmp_path: Path) -> None:
    slow = mashup(part(clip("red")), seconds=600, preset="medium")

    with pytest.raises(StudioError, match="over_time"):
        await render(slow, tmp_path / "o.mp4", folder=tmp_path, limits=Limits(seconds=0.3))

    assert shown(tmp_path) == set()


def noted(folder: Path) -> int:
    """Return the process that works below a folder."""
    return int(next(folder.glob(f".mashup-*/{PID_NAME}")).read_text())


async def test_who_cancels_leaves_nothing_running(tmp_path: Path) -> None:
    slow = mashup(part(clip("red")), seconds=600, preset="medium")
    begun = asyncio.Event()

    def tell(now: Progressed) -> None:
        if now.stage is RenderStage.RENDERING and now.share > 0:
            begun.set()

    making = asyncio.ensure_future(  # noqa: TID251 - it is cancelled from outside
        render(slow, tmp_path / "o.mp4", folder=tmp_path, on_progress=tell)
    )
    async with asyncio.timeout(60):
        await begun.wait()
    pid = noted(tmp_path)
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making

    assert shown(tmp_path) == set()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # What is written there does not fit, whatever it is.
    monkeypatch.setattr("core.studio.render.VIDEO_NAME", "/dev/full")

    with pytest.raises(StudioError) as refused:
        await small(mashup(part(clip("red"))), tmp_path)

    assert (refused.value.key, refused.value.retry) == ("disk_full", True)
    assert shown(tmp_path) == set()


async def test_two_makers_of_one_result_do_not_harm_each_other(tmp_path: Path) -> None:
    wanted = mashup(part(clip("red")))
    results = await asyncio.gather(
        *(small(wanted, tmp_path) for _ in range(2)), return_exceptions=True
    )

    assert {getattr(one, "key", "made") for one in results} == {"made", "busy"}
    assert shown(tmp_path) == {"out.mp4", "out.json"}


async def test_what_changes_meanwhile_is_told(tmp_path: Path) -> None:
    source = tmp_path / "in.mp4"
    shutil.copyfile(clip("red"), source)

    def change(now: Progressed) -> None:
        if now.stage is RenderStage.RENDERING:
            shutil.copyfile(clip("green"), source)

    with pytest.raises(StudioError, match="replaced") as refused:
        await small(mashup(part(source)), tmp_path, on_progress=change)

    assert (refused.value.retry, shown(tmp_path)) == (True, {"in.mp4"})


async def test_names_that_cannot_be_given_leave_nothing(tmp_path: Path) -> None:
    (tmp_path / "out.json").mkdir()

    with pytest.raises(StudioError):
        await small(mashup(part(clip("red"))), tmp_path)

    assert shown(tmp_path) == {"out.json"}


async def test_the_time_counts_from_the_first_look_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def listen(*_: object, **__: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("core.studio.render.measure", listen)
    wanted = mashup(part(clip("red")))

    with pytest.raises(StudioError, match="over_time"):
        await render(wanted, tmp_path / "o.mp4", folder=tmp_path, limits=Limits(seconds=0.5))

    assert shown(tmp_path) == set()


async def test_music_of_a_preview_goes_on(tmp_path: Path) -> None:
    wanted = mashup(part(clip("red", sound=False)), seconds=30, music=music(song(), fade_out=2))

    heard = samples((await small(wanted, tmp_path)).path)

    end, middle = heard[-12_000:-2000], heard[70_000:80_000]
    assert abs(end).max() == pytest.approx(abs(middle).max(), rel=0.1)


def test_loops_share_the_memory() -> None:
    def line(loops: int) -> Timeline:
        slots = tuple(
            Slot(part=part(clip("red")), looked=looked(), frames=90, has=30) for _ in range(loops)
        )
        return Timeline(scenes=(Scene(slots=slots, frames=90),), rate=30.0)

    limits = Limits(memory_bytes=4 * 1024**3)
    assert kept_bytes(line(0), limits) == kept_bytes(line(2), limits) == LOOP_BYTES
    assert 12 * kept_bytes(line(12), limits) <= limits.memory_bytes // 2


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES])
def test_a_folder_that_takes_nothing_is_named(code: int) -> None:
    told = of_disk(OSError(code, os.strerror(code), "/far/away/made.mp4"))
    assert told.key == "no_access"
    assert told.facts["text"] == f"made.mp4: {os.strerror(code)}"
