"""What a run does, decided beforehand from its seed: posts, faults, kills, what people want."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Any

from tests.chaos.media import LEAST_BYTES

MIB = 1024 * 1024
LARGEST_BYTES = 30 * MIB
LARGEST_IN_CHAT = 20_000_000
SPACING = 64 * 1024
"""No two videos of a run are closer in size: a size names its post in the journal."""
LEAST_SLOT = -(-LEAST_BYTES // SPACING)
KILL_SECONDS = (0.1, 2.5)
CHAT_SHARE = 0.25
"""Of the rounds with the chat, which takes seconds to start."""
EARLY_SHARE = 0.15
"""Of the rounds whose kill comes while the process may still be starting."""
SLOWEST, FASTEST = 2_000_000, 30_000_000
LIMITED = ("youtube", "tiktok_upload", "graph_upload", "telegram")

Fault = dict[str, Any]

# Steps as the journal of the stand-ins names them.
CALLS = (
    ("youtube", "begin"),
    ("youtube", "recover"),
    ("youtube", "status"),
    ("tiktok", "creator_info"),
    ("tiktok", "begin"),
    ("tiktok", "status"),
    ("graph", "begin"),
    ("graph", "commit"),
    ("graph", "status"),
    ("telegram", "getChat"),
    ("groq", "chat"),
)
BODIES = (
    ("youtube", "commit"),
    ("tiktok_upload", "part"),
    ("graph_upload", "part"),
    ("telegram", "sendVideo"),
)
EXPIRING = (("youtube", "begin"), ("youtube", "status"), ("tiktok", "begin"), ("tiktok", "status"))
"""Where a token may expire that can be renewed without its owner."""
TOKENS = (("tiktok", "refresh"), ("google_oauth", "refresh"))
TOKEN_FAULT_SHARE = 0.6
"""Of the rounds, where accounts are part of the run."""
TOGETHER_SHARE = 0.3
FILMS = ("", "", "late")
"""What a video is like: fine everywhere, or with its index last."""
FAST = "fast"
"""A video that some platforms take only after it was encoded anew."""
LEAST_FAST_BYTES = 4 * MIB
LEAST_LATE_BYTES = MIB
IN_A_LIST = 3
"""Videos of a batch, and of a page of links."""
THROTTLES = (None, None, 3_000_000, 8_000_000)
"""Bytes a second of a link."""
AFTERWARDS = ("", "", "edit", "edit_twice", "delete")
"""What people do with a video that is live."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPost:
    """One video to be sent."""

    number: int
    size_bytes: int
    door: str
    """``file``, ``link``, ``chat``, ``batch`` or ``page``."""
    cuts: tuple[int, ...]
    """After how many bytes the link breaks off, once each."""
    is_together: bool = False
    """It goes live everywhere at one minute, without those that fail."""
    afterwards: str = ""
    """One of `AFTERWARDS`."""
    film: str = ""
    """One of `FILMS`, or `FAST`."""
    throttle: int | None = None
    """Bytes a second of its link."""
    is_short: bool = False
    """Its link ends once in good order before all has come."""

    @property
    def name(self) -> str:
        return f"clip-{self.number:04d}.mp4"

    @property
    def caption(self) -> str:
        words = f"Clip number {self.number:04d} of many #chaos"
        return f"{words}\ntogether: yes\nonfail: go" if self.is_together else words


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """From one start of the process to its kill."""

    posts: tuple[PlannedPost, ...]
    faults: tuple[Fault, ...]
    rates: dict[str, dict[str, int | None]]
    has_chat: bool
    is_early: bool
    """The delay counts from the start of the process, else from when it answers."""
    delay_seconds: float
    rotates_key: bool = False
    """Somebody asks for a new key of the vault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole run; equal seeds and arguments give equal plans."""

    seed: int
    rounds: tuple[Round, ...]
    has_accounts: bool = False
    """Tokens end, quotas bind, and people edit, delete and rotate keys."""

    @property
    def posts(self) -> list[PlannedPost]:
        return [post for part in self.rounds for post in part.posts]


def make_plan(
    seed: int,
    kills: int,
    *,
    posts: int,
    doors: tuple[str, ...],
    largest: int = LARGEST_BYTES,
    kill_seconds: tuple[float, float] = KILL_SECONDS,
    accounts: bool = False,
    films: bool = False,
) -> Plan:
    """Spread the posts over the rounds, the last tenth of which gets none.

    With ``accounts`` sign-ins, quotas and people are part of the run; with ``films`` videos
    that have to be fitted, a batch and a page of links.
    """
    rng = random.Random(seed)
    planned = [_post(rng, number + 1, doors, largest) for number in range(posts)]
    planned = _apart(planned)
    fed = max(1, kills - kills // 10)
    where = sorted(rng.randrange(fed) for _ in planned)
    where[:2] = [0] * len(where[:2])
    rounds = []
    for number in range(kills):
        own = tuple(p for p, at in zip(planned, where, strict=True) if at == number)
        faults = tuple(_fault(rng) for _ in range(rng.choice((0, 1, 1, 2))))
        rates = _rates(rng) if rng.random() < 0.5 else {}
        rounds.append(
            Round(
                posts=own,
                faults=faults,
                rates=rates,
                has_chat=rng.random() < CHAT_SHARE and "chat" in doors,
                is_early=rng.random() < EARLY_SHARE,
                delay_seconds=rng.uniform(*kill_seconds),
            )
        )
    plan = Plan(seed=seed, rounds=tuple(rounds), has_accounts=accounts)
    plan = _with_accounts(plan) if accounts else plan
    return _with_lists(_with_films(plan)) if films else plan


def _with_films(plan: Plan) -> Plan:
    """Make some videos such that platforms take them only fitted, and some links poor."""
    rng = random.Random(f"films {plan.seed}")
    rounds = [
        replace(part, posts=tuple(_filmed(rng, post) for post in part.posts))
        for part in plan.rounds
    ]
    big = [p.number for r in rounds for p in r.posts if p.size_bytes >= LEAST_FAST_BYTES]
    fast = next(iter(big), None)
    return replace(
        plan,
        rounds=tuple(
            replace(part, posts=tuple(_sped(post, fast) for post in part.posts)) for part in rounds
        ),
    )


def _filmed(rng: random.Random, post: PlannedPost) -> PlannedPost:
    film, throttle, short = rng.choice(FILMS), rng.choice(THROTTLES), rng.random() < 0.5
    if post.size_bytes < LEAST_LATE_BYTES:
        film = ""
    if post.door != "link":
        return replace(post, film=film)
    return replace(post, film=film, throttle=throttle, is_short=short)


def _sped(post: PlannedPost, fast: int | None) -> PlannedPost:
    return replace(post, film=FAST) if post.number == fast else post


def _with_lists(plan: Plan) -> Plan:
    """Send some of the videos as a batch and some as a page of links, in rounds of their own."""
    free = [p for r in plan.rounds for p in r.posts if p.door != "chat" and p.film != FAST]
    batch, page = free[-IN_A_LIST:], free[-2 * IN_A_LIST : -IN_A_LIST]
    moved = {post.number for post in (*batch, *page)}
    rounds = [
        replace(part, posts=tuple(p for p in part.posts if p.number not in moved))
        for part in plan.rounds
    ]
    for posts, door, share in ((batch, "batch", 3), (page, "page", 2)):
        at = len(rounds) // share
        own = tuple(
            replace(p, door=door, is_together=False, afterwards="", cuts=(), throttle=None)
            for p in posts
        )
        rounds[at] = replace(rounds[at], posts=(*rounds[at].posts, *own))
    return replace(plan, rounds=tuple(rounds))


def _with_accounts(plan: Plan) -> Plan:
    """Add what touches accounts; the rest of the plan stays as it is without them."""
    rng = random.Random(f"accounts {plan.seed}")
    rotation = len(plan.rounds) // 2
    rounds = [
        replace(
            part,
            posts=tuple(_wanted(rng, post) for post in part.posts),
            faults=(*part.faults, *_token_faults(rng, first=number == 0)),
            rotates_key=number == rotation,
        )
        for number, part in enumerate(plan.rounds)
    ]
    return replace(plan, rounds=tuple(rounds))


def _wanted(rng: random.Random, post: PlannedPost) -> PlannedPost:
    together = rng.random() < TOGETHER_SHARE
    return replace(post, is_together=together, afterwards=rng.choice(AFTERWARDS))


def _token_faults(rng: random.Random, *, first: bool) -> tuple[Fault, ...]:
    """Let token servers fail; at first the given tokens end, so that all are renewed from then."""
    ends: tuple[Fault, ...] = ()
    if first:
        begins = ("youtube", "tiktok")
        ends = tuple({"service": s, "step": "begin", "action": "expire_token"} for s in begins)
    if rng.random() >= TOKEN_FAULT_SHARE:
        return ends
    service, step = rng.choice(TOKENS)
    action = rng.choice(("drop_answer", "drop_answer", "status", "reset"))
    fault: Fault = {"service": service, "step": step, "action": action, "nth": rng.randint(1, 3)}
    if action == "status":
        fault["status"] = rng.choice((500, 503))
    return (*ends, fault)


def _post(rng: random.Random, number: int, doors: tuple[str, ...], largest: int) -> PlannedPost:
    door = rng.choice(doors)
    most = min(largest, LARGEST_IN_CHAT) if door == "chat" else largest
    size = round(LEAST_BYTES * (most / LEAST_BYTES) ** rng.random())
    cuts = tuple(rng.randrange(1, size) for _ in range(rng.choice((0, 0, 1, 2))))
    return PlannedPost(
        number=number, size_bytes=size, door=door, cuts=cuts if door == "link" else ()
    )


def _apart(posts: list[PlannedPost]) -> list[PlannedPost]:
    """Make equal sizes different; smaller ones move up, and none above its door's limit."""
    taken: set[int] = set()
    moved = []
    for post in posts:
        slot = max(post.size_bytes // SPACING, LEAST_SLOT)
        top = (LARGEST_IN_CHAT if post.door == "chat" else LARGEST_BYTES) // SPACING - 1
        free = [s for s in (*range(slot, top), *range(slot, LEAST_SLOT - 1, -1)) if s not in taken]
        taken.add(free[0])
        size = free[0] * SPACING + post.size_bytes % (SPACING // 4)
        moved.append(
            PlannedPost(number=post.number, size_bytes=size, door=post.door, cuts=post.cuts)
        )
    return moved


def _rates(rng: random.Random) -> dict[str, dict[str, int | None]]:
    service = rng.choice(LIMITED)
    limit = None if rng.random() < 0.3 else rng.randrange(SLOWEST, FASTEST)
    return {service: {"up": limit}}


def _fault(rng: random.Random) -> Fault:
    draw = rng.random()
    if draw < 0.12:
        service, step = rng.choice(EXPIRING)
        return {"service": service, "step": step, "action": "expire_token"}
    body = draw < 0.6
    service, step = rng.choice(BODIES if body else CALLS)
    action = rng.choice(("reset", "reset", "stall", "status", "drop_answer", "truncate", "slow"))
    fault: Fault = {"service": service, "step": step, "action": action}
    fault |= {"nth": rng.randint(1, 3), "times": rng.choice((1, 1, 2))}
    after = rng.randrange(1, 4 * MIB) if body and action in {"reset", "stall"} else 0
    if after:
        fault["after_bytes"] = after
    if action == "status":
        fault["status"] = rng.choice((500, 502, 503))
    if action == "stall":
        fault["seconds"] = rng.uniform(1, 5)
    if action == "slow":
        fault["rate"] = rng.randrange(SLOWEST, FASTEST)
    return fault
