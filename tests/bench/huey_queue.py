"""The same work on huey's SQLite queue, in a process of its own."""

from __future__ import annotations

import json
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from huey import SqliteHuey

from utils.clock import SystemClock

WAIT_SECONDS = 120.0
IDLE_SECONDS = 1.5


class Work:
    """A task that counts its runs and notes when the last one began."""

    def __init__(self, file: Path) -> None:
        self.huey: Any = SqliteHuey(filename=str(file))
        self.started_at = 0.0
        self.wanted = 0
        self.done = 0
        self.all_done = threading.Event()
        self._lock = threading.Lock()
        self.task: Any = self.huey.task()(self.work)

    def work(self) -> None:
        self.started_at = time.perf_counter()
        with self._lock:
            self.done += 1
            if self.done >= self.wanted:
                self.all_done.set()

    def expect(self, runs: int) -> None:
        self.done, self.wanted = 0, runs
        self.all_done.clear()

    def wait(self) -> None:
        if not self.all_done.wait(WAIT_SECONDS):
            raise TimeoutError("huey did not run its tasks")


def throughput(file: Path, tasks: int, slots: int) -> dict[str, float]:
    """Return how many tasks a second its consumer takes and completes."""
    work = Work(file)
    for _ in range(tasks):
        work.task()
    work.expect(tasks)
    consumer = work.huey.create_consumer(workers=slots, periodic=False)
    started = time.perf_counter()
    consumer.start()
    work.wait()
    seconds = time.perf_counter() - started
    consumer.stop(graceful=True)
    durability = work.huey.storage.sql("pragma synchronous", results=True)[0][0]
    return {"per_second": tasks / seconds, "synchronous": float(durability)}


def idle(file: Path, waiting: int, samples: int) -> dict[str, list[float]]:
    """Return the seconds from the call of a task to its start when nothing else is to be done."""
    work = Work(file)
    due = SystemClock().now() + timedelta(days=1)
    message = work.huey.serialize_task(work.task.s())
    with work.huey.storage.db(commit=True) as cursor:
        cursor.executemany(
            "insert into schedule (queue, data, timestamp) values (?, ?, ?)",
            ((work.huey.storage.name, message, due.timestamp()) for _ in range(waiting)),
        )
    consumer = work.huey.create_consumer()
    consumer.start()
    seconds = []
    for _ in range(samples):
        threading.Event().wait(IDLE_SECONDS)
        work.expect(1)
        before = time.perf_counter()
        work.task()
        work.wait()
        seconds.append(work.started_at - before)
    consumer.stop(graceful=True)
    return {"seconds": seconds}


def main(kind: str, file: Path, first: int, second: int) -> dict[str, Any]:
    measure: Any = {"throughput": throughput, "idle": idle}[kind]
    found: dict[str, Any] = measure(file, first, second)
    return found


if __name__ == "__main__":
    answer = main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    sys.stdout.write(json.dumps(answer) + "\n")
