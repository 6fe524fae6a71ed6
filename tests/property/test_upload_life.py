"""The life of an upload as a state machine: whatever happens, it is never published twice."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core.errors import LostFenceError, RefusedError, TransitionError
from core.posts.deciding import is_undecided
from core.posts.models import UPLOAD_FINAL, Upload, UploadState, WaitReason
from core.posts.moves import post_state
from core.store.sqlite import SqliteStore
from tests.clocks import ManualClock
from tests.factories import Desk, make_account, make_desk, make_incoming
from workers.engine.embedded import EmbeddedEngine
from workers.engine.lock import FileLock

Result = TypeVar("Result")


class UploadLife(RuleBasedStateMachine):
    """Attempts, crashes, lost answers and people, in any order; `published` is the remote."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.held: Upload | None = None
        self.published = 0
        self.sent_by_person = 0

    def do(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self.loop.run_until_complete(work)

    @initialize()
    def start(self) -> None:
        self.desk = self.do(self._make())

    async def _make(self) -> Desk:
        clock = ManualClock()
        store = await SqliteStore.open(Path(self.folder.name) / "karvon.db", clock=clock)
        self.store = store
        engine = EmbeddedEngine(store, clock, lock=FileLock.beside(store.path))
        desk = await make_desk(store, clock, engine, make_account("telegram"))
        await desk.intake.receive(make_incoming())
        return desk

    def upload(self) -> Upload:
        return self.do(self.desk.posts.require_upload(1))

    def may_work(self) -> bool:
        """Tell whether the deliverer would take an attempt now."""
        upload = self.upload()
        return upload.state not in UPLOAD_FINAL and upload.reason is not WaitReason.PERSON

    @precondition(lambda self: self.may_work())
    @rule()
    def attempt(self) -> None:
        """A process takes it: after a lost intent it only asks, and nobody can be asked."""
        upload = self.do(self.desk.posts.start(1))
        if upload.intent_at is not None:
            self.do(self.desk.posts.save(upload, UploadState.UNKNOWN, reason=WaitReason.PERSON))
            self.held = None
            return
        self.held = self.do(self.desk.posts.save(upload, UploadState.UPLOADING))

    @precondition(lambda self: self.held is not None)
    @rule(answered=st.booleans(), arrived=st.booleans())
    def commit(self, answered: bool, arrived: bool) -> None:
        """The irreversible step, whose answer may be lost."""
        held, self.held = self.held, None
        assert held is not None
        try:
            moved, duplicate = self.do(self.desk.posts.intend(held, sha256="abc"))
        except (LostFenceError, TransitionError):
            return
        if duplicate is not None:
            return
        self.published += arrived
        if answered and arrived:
            self.do(self.desk.posts.save(moved, UploadState.LIVE, intent_at=None))

    @rule()
    def crash(self) -> None:
        self.held = None

    @rule()
    def cancel(self) -> None:
        self.do(self.desk.posts.cancel_upload(1, by="person"))

    @rule()
    def give_up(self) -> None:
        """Nobody decides in time."""
        self.do(self.desk.posts.nobody_decided(1))

    @precondition(
        lambda self: self.upload().state is UploadState.UNKNOWN or is_undecided(self.upload())
    )
    @rule()
    def decide(self) -> None:
        """A person looks and tells the truth, in time or later."""
        self.do(self.desk.posts.decide(1, is_live=self.published > self.sent_by_person))

    @precondition(lambda self: self.upload().state in {UploadState.CANCELLED, UploadState.FAILED})
    @rule()
    def retry(self) -> None:
        try:
            self.do(self.desk.posts.retry_upload(1))
        except RefusedError:
            return

    @precondition(lambda self: self.upload().state is UploadState.FAILED)
    @rule()
    def replay(self) -> None:
        """It is tried again along with others."""

        async def replay() -> None:
            async with self.store.transaction() as tx:
                await self.desk.posts.replay(tx, 1)

        self.do(replay())

    @invariant()
    def never_twice(self) -> None:
        assert self.published <= 1

    @invariant()
    def the_post_says_what_its_upload_says(self) -> None:
        if not hasattr(self, "desk"):
            return
        post = self.do(self.desk.posts.require(1))
        assert post.state is post_state(post.state, [self.upload().state])

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.do(self.store.close())
        self.loop.close()
        self.folder.cleanup()


TestUploadLife = UploadLife.TestCase
TestUploadLife.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
