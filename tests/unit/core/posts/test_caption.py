from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from core.errors import RefusedError
from core.posts.caption import ALIASES, PLANNED, hashtags, parse_caption
from core.posts.models import Privacy, Wish
from core.posts.options import OPTIONS, rule_of

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
    error = refusal("privacy: neighbours")
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


def test_takes_options_out_of_the_prompt() -> None:
    wish = parse("A cat\nKids: no\ncategory: music\ntitle.DE: Katze: der Film\ncover: 0:02.5")
    assert wish.prompt == "A cat"
    assert wish.title == ""
    assert wish.options == {
        "kids": "no",
        "category": "10",
        "title.de": "Katze: der Film",
        "cover": "2.5",
    }


def test_the_later_of_two_equal_options_counts() -> None:
    assert parse("ai: yes\nAI: no").options == {"ai": "no"}


@pytest.mark.parametrize("key", [key for key in OPTIONS if "." not in key])
def test_an_option_with_a_value_it_does_not_take_is_refused(key: str) -> None:
    error = refusal(f"A cat\n{key}: ¿?")
    assert error.key == "bad_option"
    assert error.facts["key"] == key


@pytest.mark.parametrize(
    ("line", "suggestion"),
    [
        ("kid: yes", "kids"),
        ("kidz: yes", "kids"),
        ("colaborators: ann", "collaborators"),
        ("covers: 2.5", "cover"),
        ("titel.de: Katze", "title.de"),
        ("title.german: Katze", "title.de"),
        ("description.fr: Chat", "text.fr"),
    ],
)
def test_suggests_the_option_that_a_misspelt_line_meant(line: str, suggestion: str) -> None:
    error = refusal(f"A cat\n{line}")
    assert error.key == "unknown_line"
    assert error.facts["suggestion"] == suggestion


@pytest.mark.parametrize(("word", "option"), list(ALIASES.items()))
def test_suggests_the_option_for_another_word(word: str, option: str) -> None:
    rule = rule_of(option)
    assert rule is not None
    assert refusal(f"{word}: {rule.choices[0]}").facts["suggestion"] == option
    assert parse(f"{word}: ¿?").prompt == f"{word}: ¿?"


@pytest.mark.parametrize(
    "line",
    [
        "Band: Queen",
        "Due: tomorrow",
        "Switch: Nintendo",
        "Children: Ann and Bob",
        "Thumbnail: by Eve",
        "example.com: the best",
        "v.2: now in colour",
        "Text: Ann",
    ],
)
def test_leaves_prose_that_resembles_an_option_alone(line: str) -> None:
    assert parse(line).prompt == line


@pytest.mark.parametrize(
    "line", ["Note: hello", "https://example.org/a", "18:30 we start", "Music: Bach", "Today: fun"]
)
def test_leaves_prose_alone(line: str) -> None:
    assert parse(line).prompt == line


def test_refuses_a_line_without_a_value() -> None:
    assert refusal("x\nto:").facts == {"word": "to"}


def test_a_number_an_anchor_and_an_entity_are_no_hashtags() -> None:
    assert hashtags("#12 https://x.org/#top a&#38; ##x #y2 #ёлка") == ["y2", "ёлка"]
