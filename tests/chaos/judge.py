"""The verdict on a run, from what the stand-ins saw and from what Karvon says about itself."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

JSON = dict[str, Any]
MIB = 1024 * 1024
PART_BYTES = 8 * MIB
"""What counts as a part where the protocol has none."""
ENDED = frozenset({"live", "failed", "cancelled"})
LOSING = frozenset({"reset", "status", "drop_answer", "truncate", "stall", "expire_token"})
"""Faults after which the remote itself has lost what came."""
PUBLISHED_AS = {"youtube": "youtube", "tiktok": "tiktok", "telegram": "telegram"}
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One request that carried bytes of a video, as the remote saw it."""

    seq: int
    platform: str
    size_bytes: int
    """Of the whole video."""
    start: int
    received: int
    part_bytes: int
    has_failed: bool
    """A fault on command broke it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What went wrong; all zero, and at most one part, is what is promised."""

    lost: list[str]
    doubled: list[str]
    stuck: list[str]
    max_resent_parts: float
    resent: list[str]
    wrong: list[str] = field(default_factory=list)
    """What the books, the wishes of people or the keys came to otherwise."""

    @property
    def is_good(self) -> bool:
        damage = self.lost or self.doubled or self.stuck or self.wrong
        return not damage and self.max_resent_parts <= 1


def judge(
    *,
    wanted: Mapping[str, str],
    accounts: Iterable[str],
    reports: Sequence[JSON],
    published: Sequence[JSON],
    journal: Iterable[JSON],
    kills: Sequence[int],
    wrong: Sequence[str] = (),
) -> Verdict:
    """Compare what was asked for with what is there.

    Args:
        wanted: digest of each accepted video and its name.
        accounts: remote ids that each video was meant for.
        reports: Karvon's own words about all posts.
        published: what was live at any time, as the stand-ins list it.
        journal: their requests, oldest first.
        kills: number of the newest journal row at each kill.
        wrong: what was found elsewhere.
    """
    live = Counter((row["account"], row["sha256"]) for row in published)
    lost = [
        f"{name} is not live on {account}"
        for digest, name in wanted.items()
        for account in accounts
        if not live[account, digest]
    ]
    lost += _false_claims(reports)
    doubled = [
        f"{wanted.get(digest, digest)} {count} times on {account}"
        for (account, digest), count in live.items()
        if count > 1
    ]
    ratios = resent_parts(read_sendings(journal), kills)
    worst = max(ratios.values(), default=0.0)
    return Verdict(
        lost=lost,
        doubled=doubled,
        stuck=_open(reports),
        max_resent_parts=round(worst, 3),
        resent=[f"{key}: {ratio:.2f}" for key, ratio in ratios.items() if ratio > 1],
        wrong=list(wrong),
    )


def _false_claims(reports: Sequence[JSON]) -> list[str]:
    return [
        f"post {report['post_id']} ended {upload['state']} on {upload['platform']}:"
        f" {upload.get('error')}"
        for report in reports
        for upload in report["uploads"]
        if upload["state"] in ENDED - {"live"}
    ]


def _open(reports: Sequence[JSON]) -> list[str]:
    asking = [f"post {r['post_id']} still asks" for r in reports if r.get("state") == "draft"]
    return asking + [
        f"post {report['post_id']} is {upload['state']} on {upload['platform']}"
        f" for {upload.get('waits_for')} until {upload.get('waits_until')}"
        for report in reports
        for upload in report["uploads"]
        if upload["state"] not in ENDED
    ]


def resent_parts(
    sendings: Iterable[Sending], kills: Sequence[int]
) -> dict[tuple[str, int, int], float]:
    """Return for each platform, video (by its size) and kill how many parts came again.

    What came again after a fault on command is not counted: there the remote threw it away.
    """
    resent: dict[tuple[str, int, int], float] = defaultdict(float)
    known: dict[tuple[str, int], int] = {}
    before: dict[tuple[str, int], Sending] = {}
    for sending in sendings:
        upload = (sending.platform, sending.size_bytes)
        overlap = min(known.get(upload, 0), sending.start + sending.received) - sending.start
        previous = before.get(upload)
        if overlap > 0 and previous is not None and not previous.has_failed:
            window = bisect_right(kills, sending.seq - 1)
            resent[*upload, window] += overlap / sending.part_bytes
        known[upload] = max(known.get(upload, 0), sending.start + sending.received)
        before[upload] = sending
    return dict(resent)


def read_sendings(journal: Iterable[JSON]) -> list[Sending]:
    """Return the requests of the journal that carried bytes of videos."""
    found = []
    for row in journal:
        place = _place(row)
        if place is None:
            continue
        platform, start, size, part = place
        received = min(int(row["body_size"]), size - start)
        if received <= 0:
            continue
        found.append(
            Sending(
                seq=int(row["seq"]),
                platform=platform,
                size_bytes=size,
                start=start,
                received=received,
                part_bytes=part,
                has_failed=row["fault"] in LOSING,
            )
        )
    return found


def _place(row: JSON) -> tuple[str, int, int, int] | None:
    """Return platform, start, size and part of a request that carries bytes."""
    headers = {name.lower(): value for name, value in row["headers"].items()}
    match row["service"], row["step"]:
        case "youtube", "part" | "commit":
            ranged = _RANGE.fullmatch(headers.get("content-range", ""))
            if ranged is None:
                return "youtube", 0, int(headers["content-length"]), PART_BYTES
            return "youtube", int(ranged[1]), int(ranged[3]), PART_BYTES
        case "tiktok_upload", "part":
            ranged = _RANGE.fullmatch(headers["content-range"])
            if ranged is None:
                return None
            start, end, size = (int(value) for value in ranged.groups())
            return "tiktok", start, size, end + 1 - start
        case "graph_upload", "part":
            face = "instagram" if "/ig-api-upload" in row["path"] else "facebook"
            return face, int(headers["offset"]), int(headers["file_size"]), PART_BYTES
        case "telegram", "sendVideo":
            # The form around the video is some kilobytes: the videos' sizes lie further apart.
            size = int(headers["content-length"])
            return "telegram", 0, size, size
    return None
