"""Each video that people really send is taken as it is or made so that it is."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.chat.texts import human, say
from core.media.fit.make import FitError, Output, make
from core.media.fit.plan import Plan, plan
from core.media.probe import CutOffError, NotAVideoError, probe
from core.media.specs import blocks, check
from core.platforms.base import MediaLimits
from core.platforms.registry import require_platform
from core.posts.models import MediaFacts
from tests.fit_kit import HOPELESS, PLATFORMS, SENT, SLOW, broken, fault, mutations

AT_ONCE = 2
DAMAGED = ("fine", "mkv", "ts", "webm", "avi", "flv")
EACH = 60
TRIED = 4
"""So many of each kind are also made to fit, which takes longer than a look."""


def limits_of(platform: str) -> MediaLimits:
    return require_platform(platform).media_limits({})


def ignored(share: float, left: float | None) -> None:
    del share, left


@pytest.mark.parametrize("name", sorted(SENT))
async def test_every_platform_takes_what_is_made_of_it(tmp_path: Path, name: str) -> None:
    source = SENT[name]()
    facts = await probe(source)
    wanted: dict[str, Output] = {}
    for platform in SLOW.get(name, PLATFORMS):
        found = plan(facts, limits_of(platform))
        assert found.hopeless == ()
        if found.recipe is None:
            assert await fault(platform, source) is None, platform
        else:
            wanted[platform] = Output(recipe=found.recipe, path=tmp_path / f"{platform}.mp4")

    made = await make(
        source, facts, list(wanted.values()), threads=0, on_progress=ignored, folder=tmp_path
    )

    for platform, one in zip(wanted, made, strict=True):
        assert blocks(check(one.facts, limits_of(platform))) == [], platform
        assert await fault(platform, one.path) is None, platform


@pytest.mark.parametrize("name", sorted(HOPELESS))
async def test_what_is_too_short_stays_so(name: str) -> None:
    facts = await probe(HOPELESS[name]())

    for platform in ("instagram", "facebook"):
        found = plan(facts, limits_of(platform))
        assert [finding.key for finding in found.hopeless] == ["too_short"]


async def test_what_is_no_video_is_told(tmp_path: Path) -> None:
    for name, path in broken(tmp_path).items():
        with pytest.raises(NotAVideoError):
            await probe(path)
            pytest.fail(name)


@pytest.mark.parametrize("name", ["fine", "mkv"])
async def test_a_video_without_its_end_is_told(tmp_path: Path, name: str) -> None:
    content = SENT[name]().read_bytes()
    path = tmp_path / "half"
    path.write_bytes(content[: len(content) // 2])

    with pytest.raises(CutOffError, match=f"{len(content) // 2} of {len(content)}"):
        await probe(path)
    assert (await probe(path, total_bytes=len(content))).duration_seconds == pytest.approx(
        4, abs=0.1
    )


@pytest.mark.parametrize("name", DAMAGED)
async def test_damage_ends_in_facts_or_in_one_sentence(tmp_path: Path, name: str) -> None:
    """Nothing but these errors may come out of hundreds of damaged files."""
    turn, seen = asyncio.Semaphore(AT_ONCE), dict.fromkeys(("facts", "error"), 0)
    content = SENT[name]().read_bytes()

    async def look(number: int, damaged: bytes) -> None:
        path = tmp_path / f"{number}{SENT[name]().suffix}"
        path.write_bytes(damaged)
        async with turn:
            try:
                facts = await probe(path)
            except NotAVideoError as error:
                seen["error"] += bool(str(error))
                return
            seen["facts"] += 1
            found = plan(facts, limits_of("instagram"))
            assert found.fits or found.hopeless or found.recipe
            if number < TRIED:
                await repaired(path, facts, found)

    async with asyncio.TaskGroup() as group:
        for number, damaged in enumerate(mutations(content, EACH, seed=len(name))):
            group.create_task(look(number, damaged))

    assert seen["facts"] + seen["error"] == EACH
    assert seen["facts"] > 0


async def repaired(path: Path, facts: MediaFacts, found: Plan) -> None:
    """Make a damaged file fit, where that can be; what is made is really taken."""
    if found.recipe is None:
        return
    output = Output(recipe=found.recipe, path=path.with_suffix(".made.mp4"))
    try:
        made = await make(
            path, facts, [output], threads=1, on_progress=ignored, folder=path.parent
        )
    except FitError as error:
        told = human.plain(say(f"fit_error_{error.key}", **error.facts))
    else:
        assert blocks(check(made[0].facts, limits_of("instagram"))) == []
        assert await fault("instagram", made[0].path) is None
        return
    assert "{" not in told
