from __future__ import annotations

import pytest

from core.platforms.base import TextLimits, TextUnit
from core.platforms.fitting import (
    UNTITLED,
    count_hashtags,
    cut,
    fit_tags,
    fit_text,
    hashtag,
    measure,
    tags_length,
)
from core.platforms.registry import require_platform
from core.posts.models import PostText

CAPTION = TextLimits(title=None, description=40, hashtags=4, hashtags_wanted=2, mentions=1)
YOUTUBE = require_platform("youtube").capabilities.text
INSTAGRAM = require_platform("instagram").capabilities.text


def post(title: str = "", description: str = "", *tags: str) -> PostText:
    return PostText(title=title, description=description, tags=tags)


@pytest.mark.parametrize(
    ("tags", "length"), [(["Foo-Baz"], 7), (["Foo Baz"], 9), (["a", "b c"], 7), ([], 0)]
)
def test_counts_tags_by_youtubes_rule(tags: list[str], length: int) -> None:
    assert tags_length(tags) == length


def test_counts_by_the_remotes_unit() -> None:
    assert measure("é🎬", TextUnit.CHARACTERS) == 2
    assert measure("é🎬", TextUnit.UTF16) == 3
    assert measure("é🎬", TextUnit.BYTES) == 6


@pytest.mark.parametrize(
    ("text", "limit", "fitted"),
    [
        ("short", 5, "short"),
        ("two words here", 10, "two words…"),
        ("two words here", 9, "two…"),
        ("see https://a.test/long/path now", 28, "see https://a.test/long/path"[:3] + "…"),
        ("see https://a.test/x then more", 22, "see https://a.test/x …"),
        ("love #sunsets so much", 15, "love #sunsets …"),
        ("見て #日本語のタグ です", 8, "見て…"),
        ("見て https://a.test/日本語の道 です", 22, "見て…"),
        ("unbreakable", 5, ""),
        ("日本語の長い文章です", 5, "日本語の…"),
    ],
)
def test_cuts_between_words_only(text: str, limit: int, fitted: str) -> None:
    assert cut(text, limit, TextUnit.UTF16) == fitted


def test_a_caption_holds_title_words_and_hashtags() -> None:
    fitted = fit_text(post("Title", "Words", "one", "two three", "four"), CAPTION)
    assert fitted.title == ""
    assert fitted.description == "Title\n\nWords\n\n#one #twothree"
    assert fitted.tags == ()


def test_a_title_that_the_words_begin_with_stands_once() -> None:
    assert fit_text(post("A day", "A day at sea"), CAPTION).description == "A day at sea"


def test_the_words_are_cut_before_the_hashtags_are() -> None:
    fitted = fit_text(post("", "many many many many many many words", "one", "two"), CAPTION)
    assert fitted.description == "many many many many many…\n\n#one #two"


@pytest.mark.parametrize(
    ("asked", "count"), [("0", 0), ("none", 0), ("3", 3), ("99", 4), ("junk", 2)]
)
def test_a_person_may_ask_for_fewer_or_more_hashtags(asked: str, count: int) -> None:
    fitted = fit_text(post("", "w", *"abcdef"), CAPTION, {"hashtags": asked})
    assert count_hashtags(fitted.description) == count


def test_hashtags_that_are_written_already_count_and_are_not_repeated() -> None:
    fitted = fit_text(post("", "so #One", "one", "two", "three"), CAPTION)
    assert fitted.description == "so #One\n\n#two"


def test_surplus_hashtags_and_mentions_go_as_whole_words() -> None:
    fitted = fit_text(post("", "#a #b #c #d #e @x @y end"), CAPTION)
    assert fitted.description == "#a #b #c #d  @x  end"


def test_the_fragment_of_a_link_is_no_hashtag() -> None:
    assert count_hashtags("see https://a.test/#part and #real") == 1


def test_youtube_gets_a_title_without_angle_brackets_and_separate_tags() -> None:
    fitted = fit_text(post("A <b> title", "x > y", "#one", "two,three", "One"), YOUTUBE)
    assert fitted.title == "A ‹b› title"
    assert fitted.description == "x › y"
    assert fitted.tags == ("one", "two three")


def test_a_missing_title_is_made_from_the_words() -> None:
    assert fit_text(post("", "First line\nSecond"), YOUTUBE).title == "First line"
    assert fit_text(post("", ""), YOUTUBE).title == UNTITLED
    assert fit_text(post("x" * 101, ""), YOUTUBE).title == UNTITLED


def test_tags_that_do_not_fit_are_left_out_whole() -> None:
    assert fit_tags(["abc", "x" * 20, "de"], 7) == ("abc", "de")


@pytest.mark.parametrize(
    ("tag", "mark"),
    [("funny cats", "#funnycats"), ("#x", "#x"), ("2026", ""), ("!", ""), ("हिन्दी", "#हिन्दी")],
)
def test_makes_one_hashtag_of_a_tag(tag: str, mark: str) -> None:
    assert hashtag(tag) == mark


def test_instagram_gets_five_hashtags_unless_asked() -> None:
    tags = [f"tag{letter}" for letter in "abcdefgh"]
    assert count_hashtags(fit_text(post("", "w", *tags), INSTAGRAM).description) == 5
    asked = fit_text(post("", "w", *tags), INSTAGRAM, {"hashtags": "8"})
    assert count_hashtags(asked.description) == 8
