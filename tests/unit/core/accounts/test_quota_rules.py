from __future__ import annotations

import pytest

from core.accounts.rules import DRAFT, OWN, PUBLISH, STATUS, RuleBook
from core.accounts.windows import WINDOWS
from core.errors import SettingsError
from core.platforms.base import Operation
from core.platforms.registry import platform_names


def names(book: RuleBook, platform: str, action: str) -> dict[str, tuple[int, int]]:
    """Return units and limit of each quota that an action takes from."""
    return {cost.rule.name: (cost.units, cost.rule.limit) for cost in book.costs(platform, action)}


@pytest.mark.parametrize("platform", platform_names())
def test_every_rule_has_a_known_window_a_scope_a_moment_and_a_source(platform: str) -> None:
    rules = RuleBook().rules(platform)
    assert rules[0].name == OWN
    assert len({rule.name for rule in rules}) == len(rules)
    for rule in rules:
        assert rule.window in WINDOWS
        assert rule.scope in {"account", "project"}
        assert rule.spent_at in {"begin", "commit"}
        assert rule.source
        assert rule.limit >= max(rule.costs.values())


def test_uploads_to_youtube_have_their_own_bucket() -> None:
    book = RuleBook()
    assert names(book, "youtube", PUBLISH) == {OWN: (1, 50), "video_uploads": (1, 100)}
    assert names(book, "youtube", STATUS) == {"units": (1, 10_000)}
    assert names(book, "youtube", Operation.CAPTIONS) == {"units": (400, 10_000)}
    assert book.is_shared("youtube")
    assert not book.is_shared("tiktok")


def test_the_old_profile_counts_uploads_in_the_general_pool() -> None:
    book = RuleBook(profile="old")
    assert names(book, "youtube", PUBLISH) == {OWN: (1, 50), "units": (1600, 10_000)}
    assert names(book, "youtube", STATUS) == {"units": (1, 10_000)}
    assert names(book, "tiktok", PUBLISH)["posts"] == (1, 10)
    assert "youtube.video_uploads" not in book.known


def test_a_draft_is_no_post() -> None:
    assert set(names(RuleBook(), "tiktok", DRAFT)) == {OWN, "inits", "drafts"}
    assert set(names(RuleBook(), "tiktok", PUBLISH)) == {OWN, "inits", "posts"}


def test_the_settings_have_the_last_word() -> None:
    book = RuleBook(limits={"youtube.video_uploads": 200}, per_channel=7)
    assert names(book, "youtube", PUBLISH) == {OWN: (1, 7), "video_uploads": (1, 200)}
    chosen = {cost.rule.name: cost.is_chosen for cost in book.costs("youtube", PUBLISH)}
    assert chosen == {OWN: True, "video_uploads": True}
    assert not RuleBook().costs("youtube", PUBLISH)[1].is_chosen


def test_an_unknown_quota_is_refused_with_the_known_ones() -> None:
    with pytest.raises(SettingsError, match=r"no 'youtube.uploads'; known are .*video_uploads"):
        RuleBook(limits={"youtube.uploads": 3})
    with pytest.raises(SettingsError, match="write 1 or more"):
        RuleBook(limits={"tiktok.posts": 0})


@pytest.mark.parametrize(("limit", "warned"), [(50, 40), (3, 3), (1, 1), (10_000, 8000)])
def test_the_warning_comes_at_its_share(limit: int, warned: int) -> None:
    assert RuleBook().warn_at(limit) == warned


def test_short_windows_warn_nobody() -> None:
    (inits,) = [c for c in RuleBook().costs("tiktok", PUBLISH) if c.rule.name == "inits"]
    assert inits.warn_from > inits.rule.limit
