"""What each account did, and the sums of it: platforms, and all together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from core.diagnostics.model import GroupFigures, Timing
from core.posts.measuring import Stage
from core.store.base import Row

Key = tuple[str, int]
"""Platform and number of the account; 0 for the whole platform, ``("", 0)`` for all."""
ALL: Key = ("", 0)
COUNTS = (
    *("uploads", "live", "failed", "cancelled", "bytes_sent"),
    *("attempts", "failed_attempts", "crashed_attempts"),
)


@dataclass(slots=True)
class Trouble:
    """Failures of one kind."""

    count: int = 0
    last: tuple[str, int] = ("", 0)
    """Statement that reads the last one, and its id."""
    last_at: float = 0.0


@dataclass(slots=True)
class _Sums:
    """Counts that add up."""

    name: str = ""
    counts: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    errors: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))


class Groups:
    """Takes rows of accounts and gives their figures, summed as is asked for."""

    def __init__(self) -> None:
        self._sums: defaultdict[Key, _Sums] = defaultdict(_Sums)
        self.p95: dict[Key, float | None] = {}
        """Of the whole way, by key."""
        self.troubles: defaultdict[str, Trouble] = defaultdict(Trouble)
        """By kind of error."""

    def add(self, row: Row) -> None:
        """Add counts of an account."""
        for sums in self._of(row):
            for name in COUNTS:
                if name in row.keys():  # noqa: SIM118 - a row is no dict
                    sums.counts[name] += row[name] or 0

    def add_trouble(self, statement: str, row: Row) -> None:
        """Add failures of one kind of an account."""
        for sums in self._of(row):
            sums.errors[row["kind"]] += row["n"]
        trouble = self.troubles[row["kind"]]
        trouble.count += row["n"]
        if row["last_at"] >= trouble.last_at:
            trouble.last, trouble.last_at = (statement, row["last_id"]), row["last_at"]

    def add_measure(self, row: Row) -> None:
        """Add what the measures of one stage of an account say."""
        if not row["account_id"]:
            return
        for sums in self._of(row):
            sums.seconds[row["stage"]] += row["seconds"]
            sums.counts[f"{row['stage']} n"] += row["n"]
            sums.counts[f"{row['stage']} bytes"] += row["bytes"]
            sums.counts[f"{row['stage']} with_bytes"] += row["with_bytes"]

    def lives(self, key: Key) -> int:
        """Return how many whole ways were measured."""
        return self._sums[key].counts[f"{Stage.TOTAL} n"]

    def platforms(self) -> list[Key]:
        return sorted(key for key in self._sums if key != ALL and not key[1])

    def accounts(self) -> list[Key]:
        return sorted(key for key in self._sums if key[1])

    def build(self, key: Key) -> GroupFigures:
        """Return the figures of an account, a platform, or all."""
        sums = self._sums[key]
        counts, ended = sums.counts, sums.counts["live"] + sums.counts["failed"]
        sent, total = Stage.SEND, Stage.TOTAL
        return GroupFigures(
            platform=key[0],
            account_id=key[1],
            account=sums.name if key[1] else "",
            **{name: counts[name] for name in COUNTS},
            success_rate=counts["live"] / ended if ended else None,
            errors=dict(sorted(sums.errors.items())),
            total=timing(counts[f"{total} n"], sums.seconds[total], self.p95.get(key)),
            bytes_per_second=rate(counts[f"{sent} bytes"], sums.seconds[sent]),
            resumes=counts[f"{Stage.RESUME} n"],
            resumes_helped=counts[f"{Stage.RESUME} with_bytes"],
            bytes_not_resent=counts[f"{Stage.RESUME} bytes"],
        )

    def _of(self, row: Row) -> tuple[_Sums, ...]:
        platform, account_id = row["platform"], row["account_id"]
        account = self._sums[platform, account_id]
        account.name = row["account"]
        return account, self._sums[platform, 0], self._sums[ALL]


def beyond_p95(count: int) -> int:
    """Return how many of so many values are greater in rank than the one at 95 of 100."""
    return count - (count * 95 + 99) // 100


def timing(count: int, seconds: float, p95: float | None) -> Timing:
    mean = seconds / count if count else None
    return Timing(count=count, seconds=seconds, mean_seconds=mean, p95_seconds=p95)


def rate(count: int, seconds: float) -> float | None:
    return count / seconds if seconds > 0 else None
