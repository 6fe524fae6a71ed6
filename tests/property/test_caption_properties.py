from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.errors import RefusedError
from core.posts.caption import KEYS, hashtags, parse_caption
from core.posts.models import Wish
from core.posts.options import OPTIONS, read_option

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

prose = st.text(st.characters(exclude_characters=":\r"), max_size=120)
options = [key.replace(".XX", ".de") for key in OPTIONS]
values = st.one_of(st.text(max_size=30), st.sampled_from(["yes", "no", "7", "1:05", "de", "ann"]))
lines = st.lists(
    st.one_of(prose, st.builds("{}: {}".format, st.sampled_from([*KEYS, *options]), values)),
    max_size=6,
).map("\n".join)


def parse(text: str) -> Wish | None:
    try:
        return parse_caption(text, now=NOW, timezone="Europe/Berlin")
    except RefusedError:
        return None


@given(st.one_of(lines, st.text()))
def test_any_text_is_understood_or_refused_by_name(text: str) -> None:
    parse(text)


@given(prose)
def test_prose_without_colons_is_kept_but_for_blank_space(text: str) -> None:
    wish = parse(text)
    assert wish is not None
    assert wish.prompt.split() == text.split()
    assert {tag.casefold() for tag in hashtags(text)} == {tag.casefold() for tag in wish.tags}


@given(lines)
def test_reading_the_prompt_again_changes_nothing(text: str) -> None:
    wish = parse(text)
    if wish is None:
        return
    again = parse(wish.prompt)
    assert again is not None
    assert again.prompt == wish.prompt
    assert set(again.tags) <= set(wish.tags) | {tag for tag in again.tags if tag in wish.prompt}


@given(lines)
def test_options_are_canonical(text: str) -> None:
    wish = parse(text)
    for key, value in (wish.options if wish is not None else {}).items():
        assert key in options
        assert read_option(key, value) == value


@given(st.sampled_from(options), st.text(max_size=60))
def test_any_value_of_an_option_is_read_for_good_or_refused(key: str, value: str) -> None:
    try:
        canonical = read_option(key, value)
    except RefusedError:
        return
    assert canonical
    assert read_option(key, canonical) == canonical


@given(
    st.datetimes(NOW.replace(tzinfo=None) + timedelta(days=1), NOW.replace(tzinfo=None, year=2040))
)
def test_every_written_future_time_is_read_back(moment: datetime) -> None:
    written = moment.replace(second=0, microsecond=0)
    wish = parse_caption(f"at: {written:%Y-%m-%d %H:%M}", now=NOW, timezone="UTC")
    assert wish.publish_at == written.replace(tzinfo=UTC)
