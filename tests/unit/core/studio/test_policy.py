from __future__ import annotations

from typing import Any

import pytest

from bot.chat.texts import say
from core.posts.models import AccountId
from core.settings import PolicySettings
from core.studio.assets import Asset
from core.studio.likeness import canonical, digest_of
from core.studio.mashup import AssetKind, File, Mashup, Music, Part
from core.studio.policy import Breach, Policy
from tests.choice_kit import Shelf, make_asset
from tests.clocks import ManualClock
from tests.quick_store import QuickStore

RULES = PolicySettings()
YOURS, OTHERS, TIKTOK = AccountId(1), AccountId(2), AccountId(3)
DAY = 86400.0
CC = "CC BY 4.0"


class Desk:
    """The rules over a database and a library in memory."""

    def __init__(self, *assets: Asset) -> None:
        self.clock = ManualClock()
        self.store = QuickStore()
        for number, platform in ((1, "youtube"), (2, "youtube"), (3, "tiktok")):
            self.insert(
                "accounts",
                id=number,
                platform=platform,
                name=f"{platform} {number}",
                remote_id=str(number),
                created_at=0,
            )
        for asset in assets:
            self.insert(
                "assets",
                id=asset.id,
                kind=asset.kind.value,
                sha256=asset.sha256,
                size_bytes=1,
                media="video",
                name=asset.name,
                added_at=0,
            )
        self.policy = Policy(self.store, self.clock, Shelf(*assets))

    def insert(self, table: str, **values: Any) -> None:
        names = ", ".join(values)
        places = ", ".join(f":{name}" for name in values)
        self.store.raw.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", values)

    def ago(self, seconds: float) -> float:
        return self.clock.now().timestamp() - seconds

    def used(self, asset_id: int, *, ago: float, account: int = 1, number: int = 1) -> None:
        self.insert(
            "asset_uses",
            asset_id=asset_id,
            holder=f"x:{number}",
            account=account,
            at=self.ago(ago),
        )

    def rendered(self, mashup: str, *, ago: float, account: int, **changes: Any) -> None:
        values = {"id": 9, "state": "ready", "mashup": mashup, "created_at": self.ago(ago)}
        self.insert("renders", **(values | changes))
        self.insert("asset_uses", asset_id=1, holder="render:9", account=account, at=self.ago(ago))

    async def check(self, mashup: Mashup, *targets: AccountId, **rules: Any) -> list[Breach]:
        settings = RULES.model_copy(update=rules)
        return await self.policy.check(mashup, targets or [YOURS], settings)


def part(asset: Asset, **changes: Any) -> Part:
    file = File(path="", sha256=asset.sha256, asset_id=asset.id)
    return Part.model_validate({"file": file, "role": asset.kind} | changes)


def keys(breaches: list[Breach]) -> list[str]:
    return [breach.key for breach in breaches]


MINE = make_asset(1)
FOREIGN = make_asset(2, AssetKind.TEMPLATE, rights="licensed", licence="CC0", name="Rain")
SIDE = Mashup(parts=(part(MINE), part(FOREIGN)), seconds=10)


async def test_two_thirds_that_are_own_break_no_rule() -> None:
    assert await Desk(MINE, FOREIGN).check(SIDE) == []


async def test_too_little_of_the_picture_is_told_with_its_figures() -> None:
    turned = SIDE.model_copy(update={"parts": SIDE.parts[::-1]})
    (breach,) = await Desk(MINE, FOREIGN).check(turned)
    assert (breach.key, breach.severity) == ("own_picture", "warn")
    assert breach.facts == {"percent": 33, "limit": 50}


async def test_too_little_of_the_time_is_told() -> None:
    parts = (part(MINE, seconds=2), part(FOREIGN, seconds=8))
    mashup = Mashup(layout="sequence", parts=parts)
    found = await Desk(MINE, FOREIGN).check(mashup)
    assert [(one.key, one.facts["percent"]) for one in found] == [
        ("own_time", 20),
        ("own_picture", 20),
    ]


@pytest.mark.parametrize(
    ("own", "foreign", "seconds", "percent"),
    [
        # A part of 10 seconds that is to last 30 comes again, unless it stops or is cut.
        ({"seconds": 20}, {"seconds": 30}, None, 40),
        ({"seconds": 20}, {"seconds": 30, "when_short": "stop"}, None, None),
        ({"seconds": 30, "when_short": "stop"}, {"seconds": 15}, None, 40),
        ({"seconds": 6}, {"seconds": 5}, 20, 30),
        ({"seconds": 6}, {"seconds": 5, "when_short": "stop"}, 20, None),
        ({"seconds": 6}, {"seconds": 12}, 11, None),
    ],
)
async def test_parts_count_as_long_as_they_are_seen(
    own: dict[str, Any], foreign: dict[str, Any], seconds: float | None, percent: int | None
) -> None:
    parts = (part(MINE, **own), part(FOREIGN, **foreign))
    mashup = Mashup(layout="sequence", parts=parts, seconds=seconds)
    found = await Desk(MINE, FOREIGN).check(mashup)
    assert [one.facts["percent"] for one in found] == [percent] * (0 if percent is None else 2)


async def test_what_ends_with_its_shortest_part_gives_an_intro_more_weight() -> None:
    parts = (part(MINE), part(FOREIGN, seconds=2, when_short="stop"))
    mashup = Mashup(parts=parts, intro=part(FOREIGN, seconds=3), seconds=30)
    (time, _) = await Desk(MINE, FOREIGN).check(mashup)
    assert (time.key, time.facts["percent"]) == ("own_time", 40)


async def test_a_long_foreign_intro_counts_too() -> None:
    mashup = SIDE.model_copy(update={"intro": part(FOREIGN, seconds=4)})
    assert keys(await Desk(MINE, FOREIGN).check(mashup)) == ["own_picture"]


async def test_half_is_not_more_than_half() -> None:
    parts = (part(MINE, seconds=5), part(FOREIGN, seconds=5))
    found = await Desk(MINE, FOREIGN).check(Mashup(layout="sequence", parts=parts))
    assert keys(found) == ["own_time", "own_picture"]


async def test_what_goes_nowhere_may_be_anybodys() -> None:
    desk = Desk(MINE, FOREIGN)
    alone = Mashup(layout="full", parts=(part(FOREIGN),))
    assert await desk.policy.check(alone, [], RULES) == []
    meant = alone.model_copy(update={"profile": "tiktok"})
    assert keys(await desk.policy.check(meant, [], RULES)) == ["own_time", "own_picture"]


async def test_a_part_that_is_said_to_be_foreign_is_not_own() -> None:
    mashup = Mashup(layout="full", parts=(part(MINE, is_own=False),))
    assert keys(await Desk(MINE).check(mashup)) == ["own_time", "own_picture"]


@pytest.mark.parametrize(
    ("said", "line", "found"),
    [
        ({"rights": "mine"}, "", []),
        ({"rights": "licensed", "licence": ""}, "", ["no_licence"]),
        ({"rights": "", "licence": "CC0 1.0"}, "", []),
        ({"rights": "", "licence": CC}, "", ["no_attribution"]),
        ({"rights": "", "licence": CC, "attribution": "Ann"}, "", ["not_credited"]),
        ({"rights": "", "licence": CC, "attribution": "Ann"}, "By Joanna", ["not_credited"]),
        ({"rights": "", "licence": CC, "attribution": "Ann B"}, "Music: ann  b!", []),
        ({"rights": "", "licence": ""}, "", ["no_licence"]),
    ],
)
async def test_licence_and_attribution_of_the_music(
    said: dict[str, Any], line: str, found: list[str]
) -> None:
    tune = make_asset(3, AssetKind.AUDIO, **said)
    music = Music(file=File(path="", asset_id=3))
    mashup = SIDE.model_copy(update={"music": music, "attribution": line})
    assert keys(await Desk(MINE, FOREIGN, tune).check(mashup)) == found


async def test_a_file_that_is_no_asset_has_a_right_only_when_it_is_own() -> None:
    own = Part(file=File(path="/nowhere/own.mp4"), seconds=10)
    other = Part(file=File(path="/nowhere/other.mp4"), seconds=10, is_own=False)
    (breach,) = await Desk().check(Mashup(parts=(own, other), seconds=10))
    assert (breach.key, breach.facts) == ("unknown_licence", {"name": "other.mp4"})


async def test_a_source_that_was_used_often_is_told_with_how_long_to_wait() -> None:
    desk = Desk(MINE, FOREIGN)
    for number in range(3):
        desk.used(1, ago=(6.5 - number) * DAY, number=number)
    (breach,) = await desk.check(SIDE)
    assert breach.key == "reuse"
    assert breach.facts == {
        "name": "source 1",
        "account": "youtube 1",
        "used": 3,
        "limit": 3,
        "count": 1,
    }


async def test_how_long_to_wait_is_until_enough_uses_are_a_week_old() -> None:
    desk = Desk(MINE, FOREIGN)
    for number in range(5):
        desk.used(1, ago=(6.5 - number) * DAY, number=number)
    (breach,) = await desk.check(SIDE)
    assert (breach.facts["used"], breach.facts["count"]) == (5, 3)
    many = await desk.policy.check_many([(SIDE, [YOURS])] * 4, RULES)
    assert [found[0].facts["count"] for found in many] == [3, 4, 5, 7]


async def test_uses_long_ago_or_of_others_or_of_templates_do_not_count() -> None:
    desk = Desk(MINE, FOREIGN)
    for number in range(5):
        desk.used(1, ago=8 * DAY, number=number)
        desk.used(1, ago=DAY, account=2, number=number)
        desk.used(2, ago=DAY, number=number)
    assert await desk.check(SIDE) == []
    assert keys(await desk.check(SIDE, OTHERS)) == ["reuse"]


async def test_two_accounts_of_one_platform_get_no_copies() -> None:
    desk = Desk(MINE, FOREIGN)
    assert keys(await desk.check(SIDE, YOURS, OTHERS, TIKTOK)) == ["twins"]
    assert await desk.check(SIDE, YOURS, TIKTOK) == []
    wanted = await desk.policy.check(SIDE, [YOURS, OTHERS], RULES, twins_wanted=True)
    assert wanted == []
    pair = (SIDE, [YOURS, OTHERS])
    assert await desk.policy.check_many([pair, pair], RULES, twins_wanted=True) == [[], []]


async def test_the_same_mashup_for_another_account_within_the_hour_is_told() -> None:
    moved = SIDE.model_copy(
        update={"parts": (part(MINE, file=File(path="/x", sha256=MINE.sha256)), SIDE.parts[1])}
    )
    desk = Desk(MINE, FOREIGN)
    desk.rendered(moved.model_dump_json(), ago=3500, account=OTHERS)
    (breach,) = await desk.check(SIDE)
    assert breach.key == "twins_lately"
    assert breach.facts == {"account": "youtube 1", "other": "youtube 2", "render_id": 9}


@pytest.mark.parametrize(
    ("account", "ago", "change"),
    [
        (1, 60, {}),
        (3, 60, {}),
        (2, 3700, {}),
        (2, 60, {"state": "failed"}),
        (2, 60, {"preview": 1}),
        (2, 60, {"mashup": "{}"}),
        (2, 60, {"mashup": SIDE.model_copy(update={"seconds": 9}).model_dump_json()}),
    ],
)
async def test_what_is_no_copy_elsewhere_is_not_told(
    account: int, ago: float, change: dict[str, Any]
) -> None:
    desk = Desk(MINE, FOREIGN)
    values = {"mashup": SIDE.model_dump_json()} | change
    desk.rendered(ago=ago, account=account, **values)
    assert await desk.check(SIDE) == []


async def test_what_the_same_order_makes_counts_too() -> None:
    desk = Desk(MINE, FOREIGN)
    other = SIDE.model_copy(update={"seconds": 9})
    wanted = [(SIDE, [YOURS]), (other, [OTHERS]), (SIDE, [OTHERS]), (other, [TIKTOK])]
    found = await desk.policy.check_many(wanted, RULES)
    assert [keys(breaches) for breaches in found] == [[], [], ["twins"], []]
    many = await desk.policy.check_many([(SIDE, [YOURS])] * 5, RULES)
    assert [keys(breaches) for breaches in many] == [[], [], [], ["reuse"], ["reuse"]]
    assert many[4][0].facts["used"] == 4


async def test_the_same_bytes_are_told_however_they_were_made() -> None:
    desk = Desk(MINE, FOREIGN)
    desk.rendered("{}", ago=60, account=OTHERS, sha256="ab")
    assert keys(await desk.policy.check_result("ab", [YOURS], RULES)) == ["twins_lately"]
    assert await desk.policy.check_result("cd", [YOURS], RULES) == []
    assert await desk.policy.check_result("ab", [YOURS], RULES, twins_wanted=True) == []


async def test_rules_are_as_severe_as_they_are_set_and_blocks_come_first() -> None:
    desk = Desk(MINE, FOREIGN)
    unknown = Part(file=File(path="/nowhere.mp4"), is_own=False, seconds=5)
    mashup = Mashup(layout="full", parts=(unknown,))
    found = await desk.check(mashup, licence="block")
    assert [(one.severity, one.key) for one in found] == [
        ("block", "unknown_licence"),
        ("warn", "own_time"),
        ("warn", "own_picture"),
    ]
    off = dict.fromkeys(("own_content", "licence", "reuse", "twins"), "off")
    assert await desk.check(mashup, **off) == []


async def test_every_breach_has_a_sentence_that_says_its_figures() -> None:
    desk = Desk(MINE, FOREIGN)
    for number in range(3):
        desk.used(1, ago=DAY, number=number)
    mashup = SIDE.model_copy(update={"parts": SIDE.parts[::-1]})
    for breach in await desk.check(mashup, YOURS, OTHERS):
        told = say(f"policy_{breach.key}", **breach.facts)
        assert "–" not in told
        for value in breach.facts.values():
            assert str(value) in told


def test_the_canonical_form_forgets_names_but_not_bytes() -> None:
    named = SIDE.model_copy(
        update={"parts": (part(MINE, file=File(path="/a b", sha256=MINE.sha256)), SIDE.parts[1])}
    )
    assert canonical(named) == canonical(SIDE)
    other = SIDE.model_copy(update={"parts": (part(MINE, volume=0.5), SIDE.parts[1])})
    assert digest_of(other) != digest_of(SIDE)
