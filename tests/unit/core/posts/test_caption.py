from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from core.errors import RefusedError
from core.posts.caption import PLANNED, hashtags, parse_caption
from core.posts.models import Privacy, Wish

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def parse(text: str) -> Wish:
    return parse_caption(text, now=NOW, timezone=BERLIN)


def refusal(text: str) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        parse(text)
    return caught.value


def test_keeps_hashtags_in_the_text_and_as_tags() -> None:
    wish = parse("A cat on a #Roof\nwith #friends")
    assert wish.prompt == "A cat on a #Roof\nwith #friends"
    assert wish.tags == ("Roof", "friends")


def test_takes_order_lines_out_of_the_prompt() -> None:
    wish = parse("A cat\nto: youtube, TikTok\nTitle: Cat: the film\nchannel: @cats\nends")
    assert wish.prompt == "A cat\nends"
    assert wish.targets == ("youtube", "TikTok")
    assert wish.title == "Cat: the film"
    assert wish.channel == "cats"


def test_adds_up_targets_and_tags_of_several_lines() -> None:
    wish = parse("x #b\nto: youtube\nto: Youtube; my page\ntags: a b, #c, B")
    assert wish.targets == ("youtube", "my page")
    assert wish.tags == ("b", "a b", "c")


def test_all_means_every_connected_account() -> None:
    assert parse("x\nto: all").targets == ()


def test_splits_a_tags_line_of_hashtags_at_spaces() -> None:
    assert parse("tags: #a #b").tags == ("a", "b")


@pytest.mark.parametrize("word", list(Privacy))
def test_reads_every_privacy(word: Privacy) -> None:
    assert parse(f"PRIVACY: {word.upper()}").privacy is word


def test_refuses_an_unknown_privacy_and_names_the_known_ones() -> None:
    error = refusal("privacy: friends")
    assert error.key == "bad_privacy"
    assert "unlisted" in error.facts["known"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("18:30", datetime(2026, 11, 21, 17, 30, tzinfo=UTC)),
        ("6:30 pm", datetime(2026, 11, 21, 17, 30, tzinfo=UTC)),
        ("today 18.30", datetime(2026, 11, 21, 17, 30, tzinfo=UTC)),
        ("tomorrow 9:00", datetime(2026, 11, 22, 8, 0, tzinfo=UTC)),
        ("2026-12-01 18:30", datetime(2026, 12, 1, 17, 30, tzinfo=UTC)),
        ("2026-12-01T18:30Z", datetime(2026, 12, 1, 18, 30, tzinfo=UTC)),
        ("2027-06-01 12:00", datetime(2027, 6, 1, 10, 0, tzinfo=UTC)),
        ("2027-10-31 02:30 +01:00", datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),
    ],
)
def test_reads_times_in_the_persons_zone(written: str, meant: datetime) -> None:
    assert parse(f"at: {written}").publish_at == meant


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("soon", "bad_time"),
        ("25:00", "bad_time"),
        ("13:00 pm", "bad_time"),
        ("2027-02-30 10:00", "bad_time"),
        ("12:59", "time_in_past"),
        ("2026-11-20 23:00", "time_in_past"),
        ("2027-03-28 02:30", "time_skipped"),
        ("2027-10-31 02:30", "time_twice"),
    ],
)
def test_refuses_times_that_mean_nothing_or_two_things(written: str, key: str) -> None:
    error = refusal(f"at: {written}")
    assert error.key == key
    assert error.facts["given"] == written


@pytest.mark.parametrize(
    ("line", "suggestion"), [("titel: x", "title"), ("Chanel: x", "channel"), ("tag: x", "tags")]
)
def test_suggests_the_key_that_a_misspelt_line_meant(line: str, suggestion: str) -> None:
    error = refusal(f"A cat\n{line}")
    assert error.key == "unknown_line"
    assert error.facts["suggestion"] == suggestion


@pytest.mark.parametrize(("word", "suggestion"), list(PLANNED.items()))
def test_refuses_words_that_look_like_orders(word: str, suggestion: str) -> None:
    assert refusal(f"{word}: x").facts["suggestion"] == suggestion


@pytest.mark.parametrize(
    "line", ["Note: hello", "https://example.org/a", "18:30 we start", "Music: Bach", "Today: fun"]
)
def test_leaves_prose_alone(line: str) -> None:
    assert parse(line).prompt == line


def test_refuses_a_line_without_a_value() -> None:
    assert refusal("x\nto:").facts == {"word": "to"}


def test_a_number_an_anchor_and_an_entity_are_no_hashtags() -> None:
    assert hashtags("#12 https://x.org/#top a&#38; ##x #y2 #ёлка") == ["y2", "ёлка"]
