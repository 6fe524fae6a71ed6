"""The life of a render as a state machine: never stuck, never two owners, nothing held in vain."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Coroutine, Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core.errors import LostFenceError, RefusedError
from core.ports import TaskState
from core.posts.models import AccountId, MediaFacts
from core.progress import Progress
from core.settings import PolicySettings
from core.store.base import Tx
from core.store.sqlite import SqliteStore
from core.studio.mashup import File, Mashup, Part
from core.studio.policy import Breach, Planned
from core.studio.queueing import RENDER_OPEN, RenderWait, render_key
from core.studio.render_moves import RenderResult
from core.studio.renders import NewRender, Render, RenderDeps, Renders, RenderState
from core.studio.workshop import Workshop
from tests.clocks import ManualClock
from tests.factories import make_account, make_desk
from workers.engine.embedded import EmbeddedEngine
from workers.engine.lock import FileLock

Result = TypeVar("Result")
MASHUP = Mashup(layout="full", parts=(Part(file=File(path="a.mp4", asset_id=1)),))
LIMIT = 3


class Holds:
    """Remembers who holds what; it knows nothing of transactions, so none of these fail."""

    def __init__(self) -> None:
        self.holders: set[str] = set()

    async def use(
        self, asset_ids: Iterable[int], user: str, tx: Tx, *, accounts: Sequence[int] = ()
    ) -> None:
        self.holders.add(user)

    async def unuse(self, user: str, tx: Tx) -> None:
        return

    async def hold(self, asset_ids: Iterable[int], holder: str, tx: Tx) -> None:
        self.holders.add(holder)

    async def release(self, holder: str, tx: Tx) -> None:
        self.holders.discard(holder)


class Lenient:
    """Rules that everything keeps."""

    async def check(
        self,
        mashup: Mashup,
        targets: Sequence[AccountId],
        rules: PolicySettings,
        *,
        twins_wanted: bool = False,
        planned: Planned | None = None,
    ) -> list[Breach]:
        return []


class RenderLife(RuleBasedStateMachine):
    """Workers, crashes and people, in any order, on a few renders."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.owned: dict[int, Render] = {}
        self.stale: list[Render] = []

    def do(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self.loop.run_until_complete(work)

    @initialize()
    def start(self) -> None:
        self.do(self._start())

    async def _start(self) -> None:
        clock, folder = ManualClock(), Path(self.folder.name)
        self.clock = clock
        self.store = await SqliteStore.open(folder / "karvon.db", clock=clock)
        self.engine = EmbeddedEngine(self.store, clock, lock=FileLock.beside(self.store.path))
        desk = await make_desk(self.store, clock, self.engine, make_account("youtube"))
        self.holds = Holds()
        self.renders = Renders(
            RenderDeps(
                store=self.store,
                clock=clock,
                engine=self.engine,
                library=self.holds,
                posts=desk.posts,
                intake=desk.intake,
                progress=Progress(clock),
                workshop=Workshop(folder / "studio"),
                policy=Lenient(),
                rules=PolicySettings(),
                keep=timedelta(days=30),
            )
        )

    def all(self) -> list[Render]:
        return self.do(self.renders.recent())

    def pick(self, number: int, states: Iterable[RenderState]) -> Render | None:
        wanted = set(states)
        found = [render for render in self.all() if render.state in wanted]
        return found[number % len(found)] if found else None

    @rule(chat=st.booleans())
    def want(self, chat: bool) -> None:
        if len(self.all()) < 4:
            self.do(self.renders.create(None, NewRender(mashup=MASHUP, chat_id=int(chat))))

    @rule(number=st.integers(0, 3))
    def begin(self, number: int) -> None:
        """A worker takes one, also one whose worker died."""
        render = self.pick(number, RENDER_OPEN)
        if render is None:
            return
        before = self.owned.pop(render.id, None)
        if before is not None:
            self.stale.append(before)
        begun = self.do(self.renders.start(render.id, render.generation))
        assert begun is not None
        assert begun.fence == render.fence + 1
        self.owned[render.id] = begun

    @precondition(lambda self: self.owned)
    @rule(number=st.integers(0, 3), outcome=st.sampled_from(["stage", "ready", "fail", "wait"]))
    def work(self, number: int, outcome: str) -> None:
        mine = list(self.owned.values())[number % len(self.owned)]
        try:
            self.do(self._work(mine, outcome))
        except LostFenceError:
            assert self.do(self.renders.require(mine.id)).state is not RenderState.PROCESSING
            outcome = "lost"
        if outcome != "stage":
            self.stale.append(self.owned.pop(mine.id))

    async def _work(self, mine: Render, outcome: str) -> None:
        now = self.clock.now()
        match outcome:
            case "stage":
                self.owned[mine.id] = await self.renders.enter(mine, "rendering", now)
            case "ready":
                result = RenderResult(facts=MediaFacts(), sha256="x", asset_id=9)
                await self.renders.ready(mine, result)
            case "fail":
                await self.renders.fail(mine, "bad_input", {})
            case _:
                until = now + timedelta(seconds=30)
                await self.renders.hold(mine, RenderWait.DISK, until, "full", {}, counted=False)

    @precondition(lambda self: self.stale)
    @rule(outcome=st.sampled_from(["stage", "ready", "fail", "wait"]))
    def wake_a_stale_worker(self, outcome: str) -> None:
        """Nothing that an old attempt says is heard."""
        old = self.stale.pop()
        before = self.do(self.renders.require(old.id))
        try:
            self.do(self._work(old, outcome))
        except LostFenceError:
            assert self.do(self.renders.require(old.id)) == before
            return
        raise AssertionError(f"{outcome} of attempt {old.fence} was heard in {before.fence}")

    @rule(number=st.integers(0, 3))
    def cancel(self, number: int) -> None:
        render = self.pick(number, RenderState)
        if render is None:
            return
        try:
            assert self.do(self.renders.cancel(render.id)).state is RenderState.CANCELLED
        except RefusedError:
            assert render.state not in RENDER_OPEN

    @rule(number=st.integers(0, 3))
    def again(self, number: int) -> None:
        render = self.pick(number, RenderState)
        if render is None:
            return
        try:
            assert self.do(self.renders.again(render.id)).render.state is RenderState.PENDING
        except RefusedError:
            assert render.state in RENDER_OPEN

    @rule(number=st.integers(0, 3))
    def put_first(self, number: int) -> None:
        render = self.pick(number, {RenderState.PENDING})
        if render is not None:
            self.do(self.renders.raise_priority(render.id))
            waiting = [one for one in self.all() if one.state is RenderState.PENDING]
            assert self.do(self.renders.facts(render.id))["place"] == 1, waiting

    @rule(number=st.integers(0, 3))
    def crash(self, number: int) -> None:
        render = self.pick(number, RENDER_OPEN)
        if render is None:
            return
        self.do(self.renders.crashed(render.id, LIMIT))
        after = self.do(self.renders.require(render.id))
        is_over = render.attempts + 1 >= LIMIT
        assert after.state is (RenderState.FAILED if is_over else RenderState.PENDING)

    @rule(number=st.integers(0, 3))
    def lose_the_task(self, number: int) -> None:
        render = self.pick(number, RENDER_OPEN)
        if render is not None:
            self.do(self.engine.cancel(render_key(render)))
            self.do(self.renders.recover())

    @invariant()
    def what_is_open_has_a_task_and_holds_its_assets_and_nothing_else_does(self) -> None:
        if not hasattr(self, "renders"):
            return
        renders = self.all()
        is_open = [render for render in renders if render.is_open]
        for render in is_open:
            assert self.do(self.engine.state(render_key(render))) is not TaskState.ABSENT
        assert self.holds.holders == {render.holder for render in is_open}
        places = [self.do(self.renders.facts(render.id))["place"] for render in renders]
        told = sorted(place for place in places if place is not None)
        assert told == list(range(1, len(told) + 1))

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.do(self.store.close())
        self.loop.close()
        self.folder.cleanup()


RenderLife.TestCase.settings = settings(max_examples=12, stateful_step_count=25, deadline=None)
TestRenderLife = RenderLife.TestCase
