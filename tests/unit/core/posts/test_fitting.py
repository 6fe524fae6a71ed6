from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import RefusedError
from core.media.fit.recipe import Recipe
from core.ports import TaskState
from core.posts.fits import Fit, FitState, MadeFit, is_asked, waits_for_fit
from core.posts.models import MediaFacts, PostState, Upload, UploadState, WaitReason
from core.posts.preflight import FitRules, Judge, Mode, Verdict
from core.posts.report import report_post
from core.store.sqlite import SqliteStore
from tests.clocks import ManualClock
from tests.factories import MIB, Desk, make_account, make_desk, make_incoming
from workers.engine.embedded import EmbeddedEngine
from workers.reaper import Reaper

GOOD = MediaFacts(
    size_bytes=3 * MIB,
    duration_seconds=12.0,
    width=720,
    height=1280,
    frame_rate=30.0,
    video_codec="h264",
    audio_codec="aac",
    container="mov,mp4,m4a,3gp,3g2,mj2",
    mime_type="video/mp4",
    index_first=True,
    has_audio=True,
    audio_rate=48000,
    audio_channels=2,
    pixel_format="yuv420p",
    variable_rate=False,
    edit_list=False,
)
LAST = replace(GOOD, index_first=False)
LONG = replace(GOOD, duration_seconds=100.0)


@pytest.fixture
async def both(store: SqliteStore, clock: ManualClock, engine: EmbeddedEngine) -> Desk:
    """Instagram wants the index first, Facebook takes 90 s, YouTube takes everything."""
    names = ("instagram", "facebook", "youtube")
    return await make_desk(store, clock, engine, *(make_account(name) for name in names))


async def accept(desk: Desk, caption: str = "A day at the sea", **facts: object) -> int:
    known = replace(MediaFacts(size_bytes=3 * MIB), **facts)  # type: ignore[arg-type]
    outcome = await desk.intake.receive(make_incoming(caption=caption, facts=known))
    assert outcome.post_id is not None
    return outcome.post_id


async def fetch(desk: Desk, post_id: int, facts: MediaFacts) -> None:
    await desk.posts.prepare(post_id)
    await desk.posts.open_uploading(post_id, MediaFacts(size_bytes=3 * MIB), "v")
    await desk.posts.probed(post_id, facts)
    await desk.posts.fetched(post_id, size=3 * MIB, version="v", sha256="original")


async def by_platform(desk: Desk, post_id: int) -> dict[str, Upload]:
    return {up.platform: up for up in await desk.posts.uploads(post_id)}


async def make(desk: Desk, post_id: int) -> Fit:
    (fit,) = [one for one in await desk.posts.fits(post_id) if one.state is FitState.WANTED]
    await desk.posts.start_fits(post_id, fit.generation)
    made = MadeFit(fit_id=fit.id, facts=GOOD, size_bytes=2 * MIB, sha256="fitted")
    kept = await desk.posts.fits_made(post_id, fit.generation, [made], source="original")
    assert kept == {fit.id}
    return (await desk.posts.fits(post_id))[0]


async def test_what_loses_nothing_is_wanted_when_the_video_is_known(both: Desk) -> None:
    post_id = await accept(both)
    await fetch(both, post_id, LAST)
    uploads = await by_platform(both, post_id)
    (fit,) = await both.posts.fits(post_id)
    assert fit.recipe == Recipe(copy=True)
    assert waits_for_fit(uploads["instagram"])
    assert uploads["instagram"].fit_id == fit.id
    assert uploads["youtube"].reason is WaitReason.TURN
    key = f"fit:{post_id}#{fit.generation}"
    assert await both.engine.state(key) is TaskState.READY


async def test_what_was_made_is_sent_and_named_after_the_video_that_came(both: Desk) -> None:
    post_id = await accept(both)
    await fetch(both, post_id, LAST)
    fit = await make(both, post_id)
    upload = (await by_platform(both, post_id))["instagram"]
    assert (upload.reason, upload.size_bytes) == (WaitReason.TURN, 2 * MIB)
    taken = await both.posts.take_fit(await both.start(upload.id))
    assert taken.fit is not None
    assert (taken.fit.sha256, taken.fit.source) == ("fitted", "original")
    report = report_post(await both.posts.require(post_id), [upload])
    assert report["uploads"][0]["sha256"] == "fitted"
    assert report["uploads"][0]["fit"]["recipe"] == {"copy": True}
    assert fit.state is FitState.READY


async def test_what_is_known_at_the_start_is_asked_before_a_byte_is_fetched(both: Desk) -> None:
    post_id = await accept(both, duration_seconds=100.0, width=720, height=1280)
    upload = (await by_platform(both, post_id))["facebook"]
    assert is_asked(upload)
    chosen = await both.posts.choose_fit(upload.id, "fix")
    assert (chosen.reason, chosen.fit_id) == (WaitReason.FIT, None)
    await fetch(both, post_id, LONG)
    upload = (await by_platform(both, post_id))["facebook"]
    (fit,) = await both.posts.fits(post_id)
    assert upload.fit_id == fit.id
    assert fit.recipe.seconds is not None


async def test_a_better_look_takes_a_question_back(both: Desk) -> None:
    post_id = await accept(both, duration_seconds=100.0, width=720, height=1280)
    await fetch(both, post_id, GOOD)
    upload = (await by_platform(both, post_id))["facebook"]
    assert (upload.reason, upload.error_code, upload.fit) == (WaitReason.TURN, "", {})


async def test_a_better_look_that_leaves_no_hope_ends_a_question(both: Desk) -> None:
    post_id = await accept(both, duration_seconds=100.0, width=720, height=1280)
    await fetch(both, post_id, replace(LONG, duration_seconds=1.0))
    upload = (await by_platform(both, post_id))["facebook"]
    assert (upload.state, upload.error_code) == (UploadState.FAILED, "fit.too_short")


async def test_of_two_things_one_is_noted_and_a_word_starts_it(
    store: SqliteStore, clock: ManualClock, engine: EmbeddedEngine
) -> None:
    desk = await make_desk(store, clock, engine, make_account("facebook"))
    post_id = await accept(desk)
    await fetch(desk, post_id, replace(LONG, width=1920, height=640))
    upload = (await by_platform(desk, post_id))["facebook"]
    assert set(upload.fit["offers"]) == {"cut", "speed", "blur", "pad", "crop"}
    noted = await desk.posts.choose_fit(upload.id, "crop")
    assert is_asked(noted)
    noted = await desk.posts.choose_fit(upload.id, "speed")
    assert is_asked(noted)
    assert noted.fit["choices"] == {"shape": "crop", "length": "speed"}
    gone = await desk.posts.choose_fit(upload.id, "fix")
    assert waits_for_fit(gone)
    (fit,) = await desk.posts.fits(post_id)
    assert fit.recipe.fill == "crop"
    assert fit.recipe.speed > 1


async def test_an_old_button_is_refused(both: Desk) -> None:
    post_id = await accept(both)
    await fetch(both, post_id, LONG)
    upload = (await by_platform(both, post_id))["facebook"]
    with pytest.raises(RefusedError, match="old_button"):
        await both.posts.choose_fit(upload.id, "crop")
    await both.posts.choose_fit(upload.id, "fix")
    for word in ("fix", "out", "cut"):
        with pytest.raises(RefusedError, match="fit_decided"):
            await both.posts.choose_fit(upload.id, word)


async def test_an_attempt_that_was_on_its_way_falls_silent(both: Desk) -> None:
    post_id = await accept(both)
    await both.posts.prepare(post_id)
    await both.posts.open_uploading(post_id, MediaFacts(size_bytes=3 * MIB), "v")
    upload = (await by_platform(both, post_id))["instagram"]
    held = await both.start(upload.id)
    await both.posts.probed(post_id, LAST)
    with pytest.raises(Exception, match="fence"):
        await both.posts.save(held, UploadState.UPLOADING)
    fresh = await both.posts.require_upload(upload.id)
    assert waits_for_fit(fresh)


async def test_nobody_needs_what_everybody_gave_up(both: Desk) -> None:
    post_id = await accept(both)
    await fetch(both, post_id, LAST)
    upload = (await by_platform(both, post_id))["instagram"]
    await both.posts.cancel_upload(upload.id, by="person")
    (fit,) = await both.posts.fits(post_id)
    assert fit.state is FitState.CANCELLED
    await both.posts.retry_upload(upload.id)
    taken = await both.posts.take_fit(await both.start(upload.id))
    assert taken.waits
    (fit,) = await both.posts.fits(post_id)
    assert fit.state is FitState.WANTED


async def test_a_task_that_was_replaced_can_finish_nothing(both: Desk) -> None:
    post_id = await accept(both)
    await fetch(both, post_id, LAST)
    (fit,) = await both.posts.fits(post_id)
    await both.posts.start_fits(post_id, fit.generation)
    await both.posts.resubmit_fits(post_id, generation=fit.generation)
    made = MadeFit(fit_id=fit.id, facts=GOOD, size_bytes=1, sha256="late")
    assert not await both.posts.fits_made(post_id, fit.generation, [made], source="original")
    (fresh,) = await both.posts.fits(post_id)
    assert (fresh.state, fresh.generation) == (FitState.WANTED, fit.generation + 1)


async def test_the_sweep_gives_a_lost_fit_a_new_task(both: Desk) -> None:
    post_id = await accept(both)
    await fetch(both, post_id, LAST)
    (fit,) = await both.posts.fits(post_id)
    await both.engine.cancel(f"fit:{post_id}#{fit.generation}")
    reaper = Reaper(both.posts, both.engine)
    assert await reaper.reconcile() == 1
    assert await reaper.reconcile() == 0
    (fresh,) = await both.posts.fits(post_id)
    assert await both.engine.state(f"fit:{post_id}#{fresh.generation}") is TaskState.READY


async def test_the_sweep_leaves_a_question_to_the_person(both: Desk) -> None:
    post_id = await accept(both)
    await fetch(both, post_id, LONG)
    reaper = Reaper(both.posts, both.engine)
    assert await reaper.reconcile() == 0
    assert is_asked((await by_platform(both, post_id))["facebook"])


async def test_a_wait_for_the_disk_says_so_and_ends(both: Desk) -> None:
    post_id = await accept(both)
    await fetch(both, post_id, LAST)
    (fit,) = await both.posts.fits(post_id)
    until = both.clock.now() + timedelta(seconds=30)
    await both.posts.hold_fits(post_id, fit.generation, until, "disk_full")
    upload = (await by_platform(both, post_id))["instagram"]
    assert (upload.until_at, upload.error_code) == (until, "disk_full")
    await make(both, post_id)
    upload = (await by_platform(both, post_id))["instagram"]
    assert (upload.reason, upload.error_code) == (WaitReason.TURN, "")


async def test_a_source_that_changed_voids_what_was_made_of_it(both: Desk) -> None:
    post_id = await accept(both)
    await fetch(both, post_id, LAST)
    await make(both, post_id)
    await both.posts.void_sessions(post_id)
    upload = (await by_platform(both, post_id))["instagram"]
    assert (upload.fit_id, upload.fit) == (None, {})
    (fit,) = await both.posts.fits(post_id)
    assert fit.state is FitState.CANCELLED
    await both.posts.probed(post_id, GOOD)
    upload = (await by_platform(both, post_id))["instagram"]
    assert upload.reason is WaitReason.TURN


async def test_a_post_without_hope_ends_its_fits(both: Desk) -> None:
    post_id = await accept(both, caption="The sea\nto: instagram")
    await fetch(both, post_id, LAST)
    await both.posts.fail_fits(post_id, "internal")
    assert (await both.posts.require(post_id)).state is PostState.FAILED
    upload = (await by_platform(both, post_id))["instagram"]
    assert upload.error_code == "fit.error_internal"


@pytest.mark.parametrize(
    ("word", "default", "setting", "mode"),
    [
        ("auto", "off", "off", Mode.ALL),
        ("ask", "auto", "all", Mode.ASK),
        ("off", "auto", "all", Mode.NEVER),
        ("", "auto", "off", Mode.ALL),
        ("", "", "safe", Mode.SAFE),
        ("", "", "off", Mode.ASK),
        ("", "", "all", Mode.ALL),
    ],
)
async def test_the_caption_goes_before_the_account_and_that_before_the_settings(
    both: Desk, word: str, default: str, setting: str, mode: Mode
) -> None:
    caption = f"The sea\nfit: {word}" if word else "The sea"
    post = await both.posts.require(await accept(both, caption=caption))
    judge = Judge(FitRules(auto=setting))
    assert judge.mode(post.wish, {"fit": default} if default else {}) is mode


@pytest.mark.parametrize(
    ("facts", "mode", "verdict"),
    [
        (GOOD, Mode.SAFE, Verdict.GO),
        (LAST, Mode.SAFE, Verdict.FIT),
        (LAST, Mode.ASK, Verdict.ASK),
        (LAST, Mode.NEVER, Verdict.REFUSE),
        (replace(LAST, size_bytes=0), Mode.ALL, Verdict.REFUSE),
        (replace(LAST, duration_seconds=1000.0), Mode.SAFE, Verdict.ASK),
        (replace(LAST, duration_seconds=1000.0), Mode.ALL, Verdict.FIT),
        (MediaFacts(size_bytes=400_000_000), Mode.SAFE, Verdict.LATER),
        (MediaFacts(duration_seconds=1000.0), Mode.ALL, Verdict.LATER),
    ],
)
def test_verdicts(facts: MediaFacts, mode: Mode, verdict: Verdict) -> None:
    judge = Judge()
    assert judge.judge(facts, judge.limits("instagram"), mode).verdict is verdict
