from __future__ import annotations

import asyncio
import hashlib
import os
import subprocess
from array import array
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from core.media.fit.make import FitError, Made, Output, make
from core.media.fit.plan import Choices, plan
from core.media.fit.recipe import Recipe
from core.media.probe import probe
from core.platforms.base import NO_LIMIT, MediaLimits
from core.posts.models import MediaFacts
from tests.fit_kit import AAC, FAST, SENT, decoded, gray, picture, tone
from tests.media_kit import encode
from utils.ffmpeg import PID_NAME, end_orphan, find_ffmpeg

SMALL = Recipe(width=90, height=160, audio="aac", audio_rate=48_000, audio_channels=2)


def ignored(share: float, left: float | None) -> None:
    del share, left


async def made_of(
    source: Path,
    folder: Path,
    *recipes: Recipe,
    on_progress: Callable[[float, float | None], None] = ignored,
    facts: MediaFacts | None = None,
) -> list[Made]:
    known = facts or await probe(source)
    outputs = [
        Output(recipe=recipe, path=folder / f"made-{number}.mp4")
        for number, recipe in enumerate(recipes)
    ]
    return await make(source, known, outputs, threads=1, on_progress=on_progress, folder=folder)


async def made_for(
    source: Path, folder: Path, limits: MediaLimits, choices: Choices | None = None
) -> Made:
    found = plan(await probe(source), limits, choices or Choices())
    assert found.recipe is not None
    return (await made_of(source, folder, found.recipe))[0]


def wrapper(folder: Path, monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """Let another program run in place of ffmpeg; ``$REAL`` is the real one."""
    path = folder / "ffmpeg"
    script = ["#!/bin/bash", f"REAL='{find_ffmpeg()}'", *lines]
    path.write_text("\n".join(script) + "\n")
    path.chmod(0o700)
    monkeypatch.setenv("KARVON_FFMPEG", str(path))


def running_in(folder: Path) -> int:
    return int(next(folder.glob(f".fit-*/{PID_NAME}")).read_text())


def endless(work: Path) -> subprocess.Popen[bytes]:
    """Start what a caller that was killed would leave running."""
    arguments = ("-re", "-f", "lavfi", "-i", "color", "-f", "null", "-")
    command = [find_ffmpeg(), "-nostdin", "-v", "quiet", *arguments]
    process = subprocess.Popen(command, cwd=work, start_new_session=True)
    (work / PID_NAME).write_text(str(process.pid))
    return process


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def loudness(path: Path) -> float:
    """Return the mean power of the sound."""
    samples = array("h", decoded(path, "-vn", "-ac", "1", "-f", "s16le"))
    return sum(value * value for value in samples) / max(1, len(samples))


async def test_a_copy_has_the_same_pictures_and_its_index_first(tmp_path: Path) -> None:
    source = SENT["mkv"]()

    made = (await made_of(source, tmp_path, Recipe(copy=True)))[0]

    hashed = ("-map", "0:v", "-f", "framehash")
    assert decoded(made.path, *hashed).split()[-1] == decoded(source, *hashed).split()[-1]
    assert (made.facts.index_first, made.facts.edit_list) == (True, False)
    assert made.facts.mime_type == "video/mp4"
    assert made.sha256 == hashlib.sha256(made.path.read_bytes()).hexdigest()
    assert made.size_bytes == made.path.stat().st_size
    assert left_in(tmp_path) == ["made-0.mp4"]


async def test_the_same_video_and_recipe_give_the_same_bytes(tmp_path: Path) -> None:
    made = await made_of(SENT["fine"](), tmp_path, SMALL, SMALL, Recipe(copy=True))
    again = await made_of(SENT["fine"](), tmp_path, SMALL, SMALL, Recipe(copy=True))

    assert made[0].sha256 == made[1].sha256
    assert [one.sha256 for one in made] == [one.sha256 for one in again]


async def test_one_process_decodes_once_for_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, folder = tmp_path / "log", tmp_path / "work"
    folder.mkdir()
    wrapper(tmp_path, monkeypatch, f'printf "%s\\n" "$*" >> {log}', 'exec "$REAL" "$@"')

    await made_of(SENT["fine"](), folder, SMALL, replace(SMALL, frame_rate=24.0), SMALL)

    lines = log.read_text().splitlines()
    assert len(lines) == 1
    assert lines[0].count(" -i ") == 1


async def test_two_passes_share_their_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, folder = tmp_path / "log", tmp_path / "work"
    folder.mkdir()
    sizes = [replace(SMALL, most_bytes=size) for size in (150_000, 90_000)]
    wrapper(tmp_path, monkeypatch, f'echo "$*" >> {log}', 'exec "$REAL" "$@"')

    made = await made_of(SENT["fine"](), folder, SMALL, *sizes)

    assert len(log.read_text().splitlines()) == 2
    assert [one.size_bytes <= most for one, most in zip(made[1:], (150_000, 90_000), strict=True)]
    assert made[1].size_bytes > 100_000
    assert made[2].size_bytes > 60_000


async def test_what_was_too_big_uses_the_size_that_is_allowed(tmp_path: Path) -> None:
    source = SENT["fine"]()
    limits = MediaLimits(max_bytes=300_000)
    assert source.stat().st_size > 300_000

    made = await made_for(source, tmp_path, limits)

    assert 200_000 < made.size_bytes <= 300_000


async def test_progress_grows_and_ends_with_all(tmp_path: Path) -> None:
    told: list[tuple[float, float | None]] = []
    recipe = replace(SMALL, most_bytes=200_000)

    await made_of(
        SENT["fine"](),
        tmp_path,
        recipe,
        on_progress=lambda share, left: told.append((share, left)),
    )

    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert told[-1] == (1.0, 0.0)
    assert all(0 <= share <= 1 for share in shares)


async def test_a_cancel_kills_at_once_and_leaves_nothing(tmp_path: Path) -> None:
    source = SENT["long"]()
    facts, begun = await probe(source), asyncio.Event()
    recipe = replace(SMALL, width=1280, height=720, frame_rate=60.0, audio="keep")
    work = made_of(
        source, tmp_path, recipe, on_progress=lambda share, left: begun.set(), facts=facts
    )
    async with asyncio.TaskGroup() as group:
        task = group.create_task(work)
        await asyncio.wait_for(begun.wait(), 20)
        pid = running_in(tmp_path)
        task.cancel()
        await asyncio.wait([task])

    assert task.cancelled()
    assert left_in(tmp_path) == []
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_what_a_crash_left_is_cleared_by_the_next_attempt(tmp_path: Path) -> None:
    source = SENT["fine"]()
    await made_of(source, tmp_path, SMALL)
    seen: list[Path] = []
    await made_of(
        source, tmp_path, SMALL, on_progress=lambda share, left: seen.extend(tmp_path.glob(".*"))
    )
    work = seen[0]
    work.mkdir()
    (work / "0.mp4").write_bytes(b"half")
    with endless(work) as orphan:
        made = await made_of(source, tmp_path, SMALL)

        assert orphan.wait(10) == -9
    assert made[0].facts.width == 90
    assert left_in(tmp_path) == ["made-0.mp4"]


def test_a_process_elsewhere_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / PID_NAME).write_text(str(os.getpid()))

    end_orphan(tmp_path)

    assert os.getpgrp()


@pytest.mark.parametrize(
    ("lines", "key", "retry"),
    [
        (("ln -sf /dev/full 0.mp4", 'exec "$REAL" "$@"'), "disk_full", True),
        (('exec "$REAL" "${@//format=/no_such_filter=pixels=}"',), "no_filter", False),
        (('exec "$REAL" "${@//libx264/no_such_encoder}"',), "no_encoder", False),
        (("kill -9 $$",), "killed", True),
        (("exit 3",), "broken", False),
        (('"$REAL" "$@"', "head -c 2000 0.mp4 > 1", "mv 1 0.mp4"), "damaged", False),
    ],
)
async def test_each_failure_is_told_apart_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: Sequence[str], key: str, *, retry: bool
) -> None:
    source, folder = SENT["fine"](), tmp_path / "work"
    facts = await probe(source)
    folder.mkdir()
    wrapper(tmp_path, monkeypatch, *lines)

    with pytest.raises(FitError) as failed:
        await made_of(source, folder, SMALL, facts=facts)

    assert (failed.value.key, failed.value.retry) == (key, retry)
    assert left_in(folder) == []


async def test_a_missing_ffmpeg_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = await probe(SENT["fine"]())
    monkeypatch.setenv("KARVON_FFMPEG", str(tmp_path / "nothing"))

    with pytest.raises(FitError) as failed:
        await made_of(SENT["fine"](), tmp_path, SMALL, facts=facts)

    assert failed.value.key == "no_ffmpeg"


async def test_sound_that_was_lost_on_the_way_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts, folder = await probe(SENT["fine"]()), tmp_path / "work"
    folder.mkdir()
    wrapper(tmp_path, monkeypatch, 'exec "$REAL" "${@/aresample=/atrim=end=1.5,aresample=}"')

    with pytest.raises(FitError, match=r"audio of 1\.5"):
        await made_of(SENT["fine"](), folder, SMALL, facts=facts)


async def test_a_list_of_other_files_is_not_followed(tmp_path: Path) -> None:
    facts = await probe(SENT["fine"]())
    source = tmp_path / "list.mp4"
    source.write_text(f"ffconcat version 1.0\nfile {SENT['fine']()}\n")

    with pytest.raises(FitError) as failed:
        await made_of(source, tmp_path, SMALL, facts=facts)

    assert failed.value.key == "broken"


async def test_what_an_edit_list_hides_stays_hidden(tmp_path: Path) -> None:
    """A copy would show it again, so it is encoded instead."""
    source = SENT["edited"]()
    facts = await probe(source)

    made = (await made_of(source, tmp_path, Recipe(copy=True)))[0]

    assert made.facts.duration_seconds == pytest.approx(facts.duration_seconds, abs=0.1)
    near = zip(gray(made.path, 0), gray(source, 0), strict=True)
    assert max(abs(one - other) for one, other in near) < 12
    assert made.facts.edit_list is False


async def test_rotation_is_baked_in(tmp_path: Path) -> None:
    source = SENT["rotated"]()
    facts = await probe(source)
    recipe = replace(SMALL, width=facts.width, height=facts.height)

    made = (await made_of(source, tmp_path, recipe))[0]

    assert facts.rotation != 0
    assert (made.facts.rotation, made.facts.width, made.facts.height) == (0, 360, 640)
    near = zip(gray(made.path, 1), gray(source, 1), strict=True)
    assert max(abs(one - other) for one, other in near) < 12


async def test_uneven_frames_become_even(tmp_path: Path) -> None:
    source = SENT["variable"]()
    facts = await probe(source)
    assert facts.variable_rate

    made = (await made_of(source, tmp_path, replace(SMALL, frame_rate=30.0)))[0]

    assert (made.facts.variable_rate, made.facts.frame_rate) == (False, 30)
    assert made.facts.duration_seconds == pytest.approx(facts.duration_seconds, abs=0.1)


@pytest.mark.parametrize("name", ["hdr", "hlg"])
async def test_hdr_becomes_sdr(tmp_path: Path, name: str) -> None:
    limits = MediaLimits(max_bytes=NO_LIMIT, sdr_only=True)

    made = await made_for(SENT[name](), tmp_path, limits)

    assert (made.facts.color_transfer, made.facts.pixel_format) == ("bt709", "yuv420p")
    shades = gray(made.path, 1)
    assert max(shades) - min(shades) > 60


@pytest.mark.parametrize(("fill", "edge"), [("pad", 16), ("blur", 60), ("crop", 60)])
async def test_the_edges_are_filled(tmp_path: Path, fill: str, edge: int) -> None:
    source = encode("gray.mp4", "-f", "lavfi", "-i", "color=0x808080:s=640x160:r=25:d=1", *FAST)
    recipe = Recipe(width=160, height=160, fill=fill)

    made = (await made_of(source, tmp_path, recipe))[0]
    shades = gray(made.path, 0.2)

    assert (made.facts.width, made.facts.height) == (160, 160)
    assert shades[36] > 100
    assert shades[4] <= edge if fill == "pad" else shades[4] >= edge


async def test_speed_shortens_picture_and_sound(tmp_path: Path) -> None:
    made = (await made_of(SENT["fine"](), tmp_path, replace(SMALL, speed=1.25)))[0]

    assert made.facts.duration_seconds == pytest.approx(3.2, abs=0.1)


async def test_the_end_is_cut_off_a_copy(tmp_path: Path) -> None:
    made = (await made_of(SENT["fine"](), tmp_path, Recipe(copy=True, seconds=2.5)))[0]

    assert made.facts.duration_seconds == pytest.approx(2.5, abs=0.1)


async def test_silence_is_as_long_as_the_picture(tmp_path: Path) -> None:
    quiet = Recipe(copy=True, audio="silence", audio_rate=48_000, audio_channels=2)

    made = (await made_of(SENT["gif-like"](), tmp_path, quiet))[0]

    assert (made.facts.audio_codec, made.facts.audio_rate) == ("aac", 48_000)
    assert made.facts.audio_channels == 2
    assert loudness(made.path) == 0


async def test_loudness_is_evened_out(tmp_path: Path) -> None:
    arguments = ("-af", "volume=0.05", *FAST, *AAC)
    source = encode("faint.mp4", *picture("64x64"), *tone(), *arguments)

    made = (await made_of(source, tmp_path, replace(SMALL, loudness=-16)))[0]

    assert loudness(made.path) > 20 * loudness(source)


async def test_two_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    source = SENT["fine"]()
    facts = await probe(source)
    paths = [tmp_path / name for name in ("a.mp4", "b.mp4")]

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(
                make(
                    source,
                    facts,
                    [Output(recipe=SMALL, path=path)],
                    threads=1,
                    on_progress=ignored,
                    folder=tmp_path,
                )
            )
            for path in paths
        ]

    assert [task.result()[0].path for task in tasks] == paths
    assert left_in(tmp_path) == ["a.mp4", "b.mp4"]


async def test_an_index_that_is_larger_than_guessed_finds_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts, folder = await probe(SENT["mkv"]()), tmp_path / "work"
    folder.mkdir()
    little = 'ARGUMENTS=("$@"); for at in "${!ARGUMENTS[@]}"; do'
    little += ' [ "${ARGUMENTS[$at]}" = -moov_size ] && ARGUMENTS[$((at + 1))]=200; done'
    wrapper(tmp_path, monkeypatch, little, 'exec "$REAL" "${ARGUMENTS[@]}"')

    made = (await made_of(SENT["mkv"](), folder, Recipe(copy=True), facts=facts))[0]

    assert made.facts.index_first is True
    hashed = ("-map", "0:v", "-f", "streamhash")
    assert decoded(made.path, *hashed) == decoded(SENT["mkv"](), *hashed)
