from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.platforms.base import FittedText, TextLimits, TextUnit
from core.platforms.fitting import (
    ELLIPSIS,
    count_hashtags,
    count_mentions,
    cut,
    fit_text,
    hashtag,
    measure,
    tags_length,
)
from core.platforms.registry import require_platform
from core.posts.models import PostText
from tests.platform_cases import NAMES

WORDS = st.one_of(
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=12),
    st.sampled_from(
        [
            "https://example.test/a/long/path?with=a&query#frag",
            "www.example.test/x",
            "example.test/path",
            "#hashtag",
            "#日本",
            "@someone",
            "🎬🎬",
            "word,",
            "日本語の文章",
            "<b>",
        ]
    ),
)
TEXTS = st.lists(WORDS, max_size=40).map(" ".join)
LIMITS = st.builds(
    TextLimits,
    title=st.one_of(st.none(), st.integers(5, 60)),
    title_unit=st.sampled_from(TextUnit),
    description=st.integers(0, 120),
    description_unit=st.sampled_from(TextUnit),
    tags_total=st.one_of(st.none(), st.integers(0, 60)),
    hashtags=st.one_of(st.none(), st.integers(0, 5)),
    hashtags_wanted=st.one_of(st.none(), st.integers(0, 5)),
    mentions=st.one_of(st.none(), st.integers(0, 3)),
    forbidden=st.sampled_from(["", "<>"]),
)
POSTS = st.builds(
    PostText, title=TEXTS, description=TEXTS, tags=st.lists(WORDS, max_size=12).map(tuple)
)


def assert_keeps(fitted: FittedText, limits: TextLimits) -> None:
    if limits.title is not None:
        assert measure(fitted.title, limits.title_unit) <= limits.title
    assert limits.description is not None
    assert measure(fitted.description, limits.description_unit) <= limits.description
    if limits.tags_total is not None:
        assert tags_length(fitted.tags) <= limits.tags_total
    if limits.hashtags is not None:
        assert count_hashtags(fitted.description) <= limits.hashtags
    if limits.mentions is not None:
        assert count_mentions(fitted.description) <= limits.mentions
    for sign in limits.forbidden:
        assert sign not in fitted.title + fitted.description + "".join(fitted.tags)


@given(POSTS, LIMITS)
def test_never_exceeds_a_limit(text: PostText, limits: TextLimits) -> None:
    assert_keeps(fit_text(text, limits), limits)


@pytest.mark.parametrize("name", NAMES)
@given(text=POSTS)
def test_never_exceeds_a_limit_of_a_platform(name: str, text: PostText) -> None:
    limits = require_platform(name).capabilities.text
    longer = PostText(
        title=text.title * 3, description=f"{text.description} " * 40, tags=text.tags
    )
    fitted = fit_text(longer, limits)
    assert_keeps(fitted, limits)
    assert fitted == fit_text(longer, limits)


@given(POSTS, LIMITS)
def test_a_platform_with_a_title_always_gets_one(text: PostText, limits: TextLimits) -> None:
    fitted = fit_text(text, limits)
    assert bool(fitted.title) is (limits.title is not None)


@given(TEXTS, st.integers(0, 100), st.sampled_from(TextUnit))
def test_keeps_the_beginning_and_cuts_no_link_and_no_hashtag(
    text: str, limit: int, unit: TextUnit
) -> None:
    fitted = cut(text, limit, unit)
    if fitted in {text, ""}:
        return
    assert fitted.endswith(ELLIPSIS)
    kept = fitted.removesuffix(ELLIPSIS).rstrip()
    assert text.startswith(kept)
    rest = text[len(kept) :]
    assert rest
    last = re.split(r"\s", kept)[-1]
    if re.search(r"://|www\.|[#@]\w", last + re.split(r"\s", rest)[0]):
        assert rest[0].isspace()


@given(st.lists(st.from_regex(r"[a-z]{1,9}", fullmatch=True), min_size=1), st.integers(1, 80))
def test_keeps_as_many_whole_words_as_fit(words: list[str], limit: int) -> None:
    text = " ".join(words)
    fitted = cut(text, limit, TextUnit.CHARACTERS)
    if len(text) <= limit:
        assert fitted == text
        return
    kept = fitted.removesuffix(ELLIPSIS).split()
    assert kept == words[: len(kept)]
    longer = " ".join(words[: len(kept) + 1]) + ELLIPSIS
    assert len(longer) > limit


@given(POSTS, LIMITS)
def test_every_added_hashtag_is_a_whole_tag(text: PostText, limits: TextLimits) -> None:
    fitted = fit_text(text, limits)
    line = fitted.description.rsplit("\n\n", 1)[-1]
    whole = {hashtag(re.sub("[<>]", "", tag)) for tag in text.tags}
    if "\n\n" in fitted.description and limits.tags_total is None and line.startswith("#"):
        allowed = whole | set(re.split(r"\s", f"{text.title} {text.description}"))
        assert all(mark in allowed or ELLIPSIS in mark for mark in line.split())


@given(st.text(max_size=300))
def test_any_text_at_all_is_fitted(text: str) -> None:
    limits = require_platform("youtube").capabilities.text
    fitted = fit_text(PostText(title=text, description=text, tags=(text,)), limits)
    assert_keeps(fitted, limits)
    assert fitted.title
