"""The life of a fitted file as a state machine: nothing waits for what nobody will do."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core.errors import LostFenceError, RefusedError, TransitionError
from core.platforms.base import Session, Step
from core.ports import TaskState
from core.posts.fits import FIT_OPEN, Fit, FitState, MadeFit, is_asked, waits_for_fit
from core.posts.models import UPLOAD_FINAL, MediaFacts, Upload, UploadState
from core.store.sqlite import SqliteStore
from tests.clocks import ManualClock
from tests.factories import Desk, make_account, make_desk, make_incoming
from tests.unit.core.posts.test_fitting import GOOD, LAST, LONG
from workers.engine.embedded import EmbeddedEngine
from workers.engine.lock import FileLock
from workers.reaper import Reaper

Result = TypeVar("Result")
SEEN = [GOOD, LAST, LONG, replace(LONG, index_first=False), replace(GOOD, duration_seconds=1.0)]
WORDS = ["fix", "cut", "speed", "out"]


class FitLife(RuleBasedStateMachine):
    """Looks, choices, makings, attempts, losses and people, in any order, on three targets."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.held: dict[int, Upload] = {}
        self.sent: dict[int, str] = {}

    def do(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self.loop.run_until_complete(work)

    @initialize(mode=st.sampled_from(["", "\nfit: auto", "\nfit: ask", "\nfit: off"]))
    def start(self, mode: str) -> None:
        self.desk = self.do(self._make(mode))

    async def _make(self, mode: str) -> Desk:
        clock = ManualClock()
        store = await SqliteStore.open(Path(self.folder.name) / "karvon.db", clock=clock)
        self.store = store
        engine = EmbeddedEngine(store, clock, lock=FileLock.beside(store.path))
        names = ("instagram", "facebook", "youtube")
        desk = await make_desk(store, clock, engine, *(make_account(name) for name in names))
        facts = MediaFacts(size_bytes=1000)
        await desk.intake.receive(make_incoming(caption=f"The sea{mode}", facts=facts))
        await desk.posts.open_uploading(1, facts, "v")
        return desk

    def uploads(self) -> list[Upload]:
        return self.do(self.desk.posts.uploads(1))

    def fits(self) -> dict[int, Fit]:
        return {fit.id: fit for fit in self.do(self.desk.posts.fits(1))}

    @rule(facts=st.sampled_from(SEEN), whole=st.booleans())
    def look(self, facts: MediaFacts, whole: bool) -> None:
        self.do(self.desk.posts.probed(1, facts))
        if whole:
            self.do(self.desk.posts.fetched(1, size=1000, version="v", sha256="original"))

    @rule()
    def change_source(self) -> None:
        self.do(self.desk.posts.void_sessions(1))

    @rule(number=st.integers(1, 3), word=st.sampled_from(WORDS))
    def choose(self, number: int, word: str) -> None:
        try:
            self.do(self.desk.posts.choose_fit(number, word))
        except RefusedError:
            return

    @rule(outcome=st.sampled_from(["made", "made", "fail", "hold", "crash"]))
    def run_task(self, outcome: str) -> None:
        """One run of the oldest task that has something to make."""
        todo = sorted(
            (fit for fit in self.fits().values() if fit.state in FIT_OPEN), key=lambda f: f.id
        )
        if not todo:
            return
        generation = todo[0].generation
        fits = self.do(self.desk.posts.start_fits(1, generation))
        match outcome:
            case "made":
                made = [
                    MadeFit(fit_id=one.id, facts=GOOD, size_bytes=500, sha256=f"fit {one.id}")
                    for one in fits
                ]
                self.do(self.desk.posts.fits_made(1, generation, made, source="original"))
            case "fail":
                self.do(self.desk.posts.fail_fit(fits[0].id, generation, "broken", {}))
            case "hold":
                until = self.desk.clock.now() + timedelta(seconds=30)
                self.do(self.desk.posts.hold_fits(1, generation, until, "disk_full"))
            case _:
                self.do(self.desk.posts.fits_crashed(1, 5))

    @rule(number=st.integers(1, 3), lost=st.booleans())
    def attempt(self, number: int, lost: bool) -> None:
        """A task of the engine takes the upload, as far as its session."""
        upload = self.do(self.desk.posts.require_upload(number))
        if upload.state in UPLOAD_FINAL or is_asked(upload):
            return
        upload = self.do(self.desk.posts.start(number))
        if upload.fit_id is None and not waits_for_fit(upload):
            self._begin(upload, "original")
            return
        taken = self.do(self.desk.posts.take_fit(upload))
        if taken.waits:
            return
        if taken.fit is None:
            self._begin(taken.upload, "original")
        elif lost:
            self.do(self.desk.posts.lose_fit(taken.upload, taken.fit))
        else:
            assert taken.fit.state is FitState.READY
            self._begin(taken.upload, taken.fit.sha256)

    def _begin(self, upload: Upload, content: str) -> None:
        session = Session(step=Step.PARTS, source=content, size_bytes=500).to_dict()
        self.held[upload.id] = self.do(
            self.desk.posts.save(upload, UploadState.UPLOADING, session=session)
        )
        self.sent[upload.id] = content

    @rule(number=st.integers(1, 3), end=st.sampled_from(["live", "misfit", "crash"]))
    def go_on(self, number: int, end: str) -> None:
        """The attempt that holds it comes to its gate."""
        held = self.held.pop(number, None)
        if held is None or end == "crash":
            return
        try:
            if end == "misfit":
                limits = self.desk.posts.judge.limits(held.platform)
                self.do(self.desk.posts.settle_fit(held, LAST, limits))
                return
            moved, _ = self.do(self.desk.posts.intend(held, sha256="original"))
            self.do(self.desk.posts.save(moved, UploadState.LIVE, intent_at=None))
        except (LostFenceError, TransitionError):
            return

    @rule(number=st.integers(1, 3))
    def cancel(self, number: int) -> None:
        self.do(self.desk.posts.cancel_upload(number, by="person"))

    @rule(number=st.integers(1, 3))
    def retry(self, number: int) -> None:
        try:
            self.do(self.desk.posts.retry_upload(number))
        except RefusedError:
            return

    @precondition(lambda self: hasattr(self, "desk"))
    @invariant()
    def nothing_is_stuck(self) -> None:
        """After a sweep, whoever waits is waited upon."""
        self.do(Reaper(self.desk.posts, self.desk.engine).reconcile())
        fits, post = self.fits(), self.do(self.desk.posts.require(1))
        for upload in self.uploads():
            if not waits_for_fit(upload):
                continue
            if upload.fit_id is None:
                key = f"ingest:1#{post.generation}"
            elif fits[upload.fit_id].state in FIT_OPEN:
                key = f"fit:1#{fits[upload.fit_id].generation}"
            else:
                key = f"upload:{upload.id}#{upload.generation}"
            assert self.do(self.desk.engine.state(key)) is not TaskState.ABSENT

    @precondition(lambda self: hasattr(self, "desk"))
    @invariant()
    def nothing_is_made_for_nobody(self) -> None:
        needed = {up.fit_id for up in self.uploads() if up.state not in UPLOAD_FINAL}
        for fit in self.fits().values():
            assert fit.state not in FIT_OPEN or fit.id in needed

    @precondition(lambda self: hasattr(self, "desk"))
    @invariant()
    def who_waits_has_begun_nothing(self) -> None:
        for upload in self.uploads():
            if is_asked(upload) or waits_for_fit(upload):
                assert upload.session == {}
                assert upload.intent_at is None

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.do(self.store.close())
        self.loop.close()
        self.folder.cleanup()


TestFitLife = FitLife.TestCase
TestFitLife.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
