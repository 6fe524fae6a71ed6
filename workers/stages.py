"""What one attempt spends on each stage, told once a stage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from core.platforms.base import Step
from core.posts.measuring import Measuring, Stage
from core.posts.models import Upload
from utils.clock import Clock
from utils.http import Request

STAGES = {Step.BEGIN: Stage.BEGIN, Step.PARTS: Stage.RESUME, Step.COMMIT: Stage.COMMIT}
"""What a request without bytes of the video belongs to; among the parts it asks where to go on."""
ORDER = (Stage.BEGIN, Stage.RESUME, Stage.SEND, Stage.COMMIT)
LEAST_SECONDS = 0.05
"""A shorter wait for the source is none: it is the reading of the disk."""


class Stages:
    """Adds up seconds and bytes until they are told."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seconds: dict[Stage, float] = {}
        self._bytes: dict[Stage, int] = {}
        self._waits: dict[str, float] = {}
        self._asked = clock.monotonic()
        self._grows = False

    @contextmanager
    def request(self, request: Request, step: Step) -> Iterator[None]:
        """Time one request."""
        stage = Stage.SEND if request.span is not None else STAGES.get(step)
        began = self._clock.monotonic()
        try:
            yield
        finally:
            if stage is not None:
                spent = self._clock.monotonic() - began
                self._seconds[stage] = self._seconds.get(stage, 0.0) + spent

    def asks(self, *, grows: bool) -> None:
        """The next bytes are wanted, of a file that still grows or is whole."""
        self._asked, self._grows = self._clock.monotonic(), grows

    def came(self) -> None:
        """They are there: a file that is whole is only waited for when that takes long."""
        waited = self._clock.monotonic() - self._asked
        if self._grows or waited >= LEAST_SECONDS:
            self._wait("source", waited)

    @contextmanager
    def waiting(self, what: str) -> Iterator[None]:
        """Time a wait before the first request."""
        began = self._clock.monotonic()
        try:
            yield
        finally:
            self._wait(what, self._clock.monotonic() - began)

    def _wait(self, what: str, seconds: float) -> None:
        self._waits[what] = self._waits.get(what, 0.0) + seconds

    def count(self, stage: Stage, count: int) -> None:
        """Count bytes; a resume that saved none counts as well."""
        self._bytes[stage] = self._bytes.get(stage, 0) + count

    def tell(self, measuring: Measuring, upload: Upload) -> None:
        """Hand over what is new; the next commit writes it."""
        seconds, counts, waits = self._seconds, self._bytes, self._waits
        self._seconds, self._bytes, self._waits = {}, {}, {}
        for what, waited in waits.items():
            if waited >= LEAST_SECONDS:
                _measure(measuring, upload, Stage.WAIT, waited, 0, what)
        for stage in ORDER:
            if stage not in (counts if stage is Stage.RESUME else seconds):
                continue
            spent = seconds.get(stage, 0.0)
            if stage is Stage.SEND:
                spent = max(0.0, spent - waits.get("source", 0.0))
            _measure(measuring, upload, stage, spent, counts.get(stage, 0))


def _measure(
    measuring: Measuring,
    upload: Upload,
    stage: Stage,
    seconds: float,
    count: int,
    detail: str = "",
) -> None:
    measuring.measure(
        stage,
        seconds,
        post_id=upload.post_id,
        upload_id=upload.id,
        platform=upload.platform,
        bytes=count,
        detail=detail,
    )
