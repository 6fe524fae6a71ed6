"""Operations after publishing, carried out against the stand-ins as the engine does it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.platforms.base import Access, FittedText, Job, Operation, Platform, Session, Step, Work
from core.posts.models import MediaFacts, Privacy
from tests.platform_cases import stored
from utils.http import Request, Response
from utils.sandbox.server import Sandbox
from utils.transport import HttpTransport

CONTENT = b"a short clip " * 50


def saved(work: Work) -> Work:
    """Return the work as it comes back from the database: without its body."""
    kept = json.loads(json.dumps({"stage": work.stage, "data": dict(work.data)}))
    return replace(work, stage=kept["stage"], data=kept["data"])


@dataclass(kw_only=True)
class Live:
    """One account of one platform at its stand-in."""

    platform: Platform
    transport: HttpTransport
    sandbox: Sandbox
    access: Access
    options: Mapping[str, str] = field(default_factory=dict)

    def job(self, **changes: Any) -> Job:
        values: dict[str, Any] = {
            "upload_id": 1,
            "access": self.access,
            "endpoints": self._endpoints(),
            "text": FittedText(title="Sunrise", description="Over the city", tags=("sea",)),
            "privacy": Privacy.PUBLIC,
            "facts": MediaFacts(duration_seconds=20.0),
            "size_bytes": len(CONTENT),
            "filename": "clip.mp4",
            "content_type": "video/mp4",
            "options": {**self.access.options, **self.options},
        }
        return Job(**(values | changes))

    def _endpoints(self) -> dict[str, str]:
        found: dict[str, str] = self.sandbox.settings()["endpoints"]
        if "telegram" in self.sandbox.services:
            found["telegram"] = self.sandbox.address("telegram")
        return found

    async def publish(self, **changes: Any) -> Session:
        """Walk from opening to the end; waits are the stand-in's clock."""
        job, session = self.job(**changes), Session()
        while session.step is not Step.DONE:
            session = stored(await self.step(session, job))
            if session.pending:
                if "due_at" in session.data:
                    return session
                self.sandbox.advance(self.platform.capabilities.polls.max_seconds)
        return session

    async def step(self, session: Session, job: Job) -> Session:
        platform = self.platform
        match session.step:
            case Step.BEGIN:
                response = await self.send(platform.build_begin(session, job))
                return platform.read_begin(session, job, response)
            case Step.PARTS:
                span = platform.next_span(session, job)
                request = platform.build_part(session, job, span)
                response = await self.transport.send(request, _pieces(span.start, span.end))
                return platform.read_part(session, job, span, response)
            case Step.COMMIT:
                response = await self.send(platform.build_commit(session, job))
                return platform.read_commit(session, job, response)
            case _:
                response = await self.send(platform.build_status(session, job))
                return platform.read_status(session, job, response)

    async def send(self, request: Request) -> Response:
        return await self.transport.send(request)

    def work(self, operation: Operation, session: Session, **changes: Any) -> Work:
        values: dict[str, Any] = {
            "operation": operation,
            "media_id": session.media_id or session.remote_id,
            "session": session.to_dict(),
        }
        return Work(**(values | changes))

    async def do(self, operation: Operation, session: Session, **changes: Any) -> Work:
        """Carry an operation out to its end."""
        work, job = self.work(operation, session, **changes), self.job()
        while not work.done:
            response = await self.send(self.platform.build_operation(work, job))
            work = saved(self.platform.read_operation(work, job, response))
        return work

    def calls(self) -> list[tuple[str, str]]:
        """Return method and path of all that was sent, in order."""
        return [(row["method"], row["path"]) for row in self.sandbox.journal.rows()]


async def _pieces(start: int, end: int) -> AsyncIterator[bytes]:
    yield CONTENT[start:end]


def script(platform: Platform, work: Work, job: Job, *responses: Response) -> Work:
    """Read these answers one after the other, without a remote."""
    for response in responses:
        assert not work.done
        _ = platform.build_operation(work, job)
        work = saved(platform.read_operation(work, job, response))
    return work
