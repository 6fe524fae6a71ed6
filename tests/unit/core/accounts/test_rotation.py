"""Which account of a group is chosen, why, and when accounts rest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.accounts.groups import GroupRule
from core.accounts.rotation import Candidate, choose, health
from core.errors import RefusedError
from core.posts.models import Account, AccountId, UploadState, WaitReason
from tests.factories import Desk, make_account, make_incoming

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)


def candidate(number: int, **changes: Any) -> Candidate:
    account = Account(
        id=AccountId(number), platform="youtube", name=f"A{number}", remote_id=f"UC{number}"
    )
    return Candidate(**{"account": account, "ready_at": NOW, **changes})


def chosen(candidates: Sequence[Candidate], rule: GroupRule, turn: int = 0) -> tuple[int, str]:
    found, why = choose(candidates, rule, turn, NOW)
    return int(found.account.id), str(why["key"])


def test_accounts_take_turns() -> None:
    three = [candidate(1), candidate(2), candidate(3)]
    got = [chosen(three, GroupRule.ROUND_ROBIN, turn)[0] for turn in range(6)]
    assert got == [1, 2, 3, 1, 2, 3]


def test_the_least_used_is_taken() -> None:
    rivals = [candidate(1, used=4), candidate(2, used=1), candidate(3, used=9)]
    assert chosen(rivals, GroupRule.LEAST_USED) == (2, "choice_least_used")


def test_who_rests_is_passed_over_and_it_is_said_until_when() -> None:
    rivals = [candidate(1, ready_at=LATER, held_by="choice_cooldown"), candidate(2)]
    found, why = choose(rivals, GroupRule.ROUND_ROBIN, 0, NOW)
    assert found.account.id == 2
    assert why == {
        "key": "choice_cooldown",
        "facts": {"chosen": "A2", "passed": "A1", "until": LATER.isoformat()},
    }


def test_when_all_wait_the_earliest_is_taken() -> None:
    rivals = [
        candidate(1, ready_at=LATER, held_by="choice_quota"),
        candidate(2, ready_at=LATER - timedelta(hours=1), held_by="choice_quota"),
        candidate(3, held_by="choice_paused"),
    ]
    assert chosen(rivals, GroupRule.ROUND_ROBIN) == (2, "choice_quota")


@given(
    delays=st.lists(st.integers(0, 3), min_size=1, max_size=6),
    turn=st.integers(0, 50),
    rule=st.sampled_from([GroupRule.ROUND_ROBIN, GroupRule.LEAST_USED]),
)
def test_nobody_waits_while_another_is_ready(
    delays: list[int], turn: int, rule: GroupRule
) -> None:
    rivals = [
        candidate(
            number,
            ready_at=NOW + timedelta(hours=delay),
            held_by="choice_quota" if delay else "",
        )
        for number, delay in enumerate(delays, start=1)
    ]
    found, _ = choose(rivals, rule, turn, NOW)
    assert found.ready_at == min(rival.ready_at for rival in rivals)


def test_health_weighs_the_newest_outcomes_most() -> None:
    good_lately = health([("live", NOW), ("live", NOW), ("failed", NOW)])
    bad_lately = health([("failed", NOW), ("live", NOW), ("live", NOW)])
    assert good_lately.score is not None
    assert bad_lately.score is not None
    assert good_lately.score > bad_lately.score
    assert (good_lately.failures, bad_lately.failures) == (0, 1)
    assert health([]).score is None


async def two_channels(desk: Desk, rule: GroupRule) -> tuple[int, int]:
    """Connect two channels and put them into the group ``brand A``."""
    for number in (1, 2):
        await desk.book.add(
            make_account("youtube", name=f"Brand {number}", remote_id=f"UC{number}")
        )
    known = {account.name: account.id for account in await desk.book.all()}
    group = await desk.groups.create("brand A", rule)
    for number in (1, 2):
        await desk.groups.add(group.id, known[f"Brand {number}"])
    return known["Brand 1"], known["Brand 2"]


async def send(desk: Desk, number: int, caption: str = "Sea\nto: brand A") -> list[str]:
    """Send a video; returns the names of the accounts that it goes to."""
    incoming = make_incoming(update_id=number, fingerprint=f"telegram:{number}", caption=caption)
    outcome = await desk.intake.receive(incoming)
    assert outcome.post_id is not None
    return [upload.account_name for upload in await desk.posts.uploads(outcome.post_id)]


async def test_a_group_is_one_target_for_all_its_accounts(desk: Desk) -> None:
    await two_channels(desk, GroupRule.ALL)
    assert await send(desk, 1) == ["Brand 1", "Brand 2"]


async def test_a_rotating_group_sends_each_video_to_the_next_account(desk: Desk) -> None:
    await two_channels(desk, GroupRule.ROUND_ROBIN)
    sent = [await send(desk, number) for number in range(1, 5)]
    assert sent == [["Brand 1"], ["Brand 2"], ["Brand 1"], ["Brand 2"]]


async def test_the_choice_is_kept_with_the_upload(desk: Desk) -> None:
    first, _ = await two_channels(desk, GroupRule.ROUND_ROBIN)
    await desk.rotation.rest_until(first, desk.clock.now() + timedelta(minutes=10))
    assert await send(desk, 1) == ["Brand 2"]
    upload = (await desk.posts.open_uploads())[0]
    assert upload.choice["key"] == "choice_cooldown"
    assert upload.choice["facts"]["passed"] == "Brand 1"


async def test_an_account_rests_after_failures_in_a_row(desk: Desk) -> None:
    first, _ = await two_channels(desk, GroupRule.ROUND_ROBIN)
    for number in range(1, 4):
        await send(desk, number, "Sea\nto: Brand 1")
        upload = await desk.posts.start((await desk.posts.open_uploads())[-1].id)
        await desk.posts.save(upload, UploadState.FAILED, error_kind="transient")
        rests = await desk.rotation.rest_after_failure(first)
        assert (rests is not None) == (number == 3)
    account = await desk.book.get(first)
    assert account is not None
    resting = await desk.rotation.resting(account)
    assert resting == (desk.clock.now() + timedelta(minutes=15), "choice_cooldown")
    await desk.clock.advance(15 * 60)
    assert await desk.rotation.resting(account) is None


async def test_what_was_wrong_with_the_video_says_nothing_about_the_account(desk: Desk) -> None:
    first, _ = await two_channels(desk, GroupRule.ROUND_ROBIN)
    for number in range(1, 5):
        await send(desk, number, "Sea\nto: Brand 1")
        upload = await desk.posts.start((await desk.posts.open_uploads())[-1].id)
        await desk.posts.save(upload, UploadState.FAILED, error_kind="rejected")
        assert await desk.rotation.rest_after_failure(first) is None


async def test_accounts_of_one_video_keep_the_gap_of_their_group(desk: Desk) -> None:
    await two_channels(desk, GroupRule.ALL)
    group = await desk.groups.find("Brand a")
    assert group is not None
    await desk.groups.set_gap(group.id, 300)
    await send(desk, 1)
    now = desk.clock.now()
    waits = [(u.reason, u.until_at) for u in await desk.posts.open_uploads()]
    assert waits == [(WaitReason.MEDIA, None), (WaitReason.TIME, now + timedelta(seconds=300))]


async def test_an_upload_moves_to_another_account_with_its_claim(desk: Desk) -> None:
    _, second = await two_channels(desk, GroupRule.ROUND_ROBIN)
    await send(desk, 1)
    upload = await desk.posts.start((await desk.posts.open_uploads())[0].id)
    other = await desk.book.get(second)
    assert other is not None
    assert await desk.posts.reassign(upload, other, {"key": "choice_quota", "facts": {}})
    moved = await desk.posts.require_upload(upload.id)
    assert (moved.account_name, moved.reason) == ("Brand 2", WaitReason.TURN)
    async with desk.store.transaction() as tx:
        post = await desk.posts.require(upload.post_id)
        owners = await desk.posts.duplicates(tx, post.fingerprint, await desk.book.all())
    assert [owner.account for owner in owners] == ["Brand 2"]


@pytest.mark.parametrize("name", ["", "a,b", "a:b", "x" * 41])
async def test_bad_names_of_groups_are_refused(desk: Desk, name: str) -> None:
    with pytest.raises(RefusedError, match="group_bad_name"):
        await desk.groups.create(name)


async def test_a_name_is_given_once_whatever_its_capitals(desk: Desk) -> None:
    await desk.groups.create("Brand A")
    with pytest.raises(RefusedError, match="group_there"):
        await desk.groups.create("brand  a")


async def test_an_empty_group_is_told(desk: Desk) -> None:
    await desk.groups.create("brand A")
    with pytest.raises(RefusedError, match="group_empty"):
        await send(desk, 1)
