"""The cuts of music keep to the time that was asked for, and to its beats."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.studio.beats import END_SECONDS, LEAST_COVER, LEAST_LOOP_SECONDS, Cuts, cut
from core.studio.errors import StudioError
from core.studio.mashup import File, Music

TIMES = st.floats(0, 600)


def music(*, start: float = 0.0, beats: tuple[float, ...] = (), stops: bool = False) -> Music:
    return Music(
        file=File(path="x"), start=start, beats=beats, when_short="stop" if stops else "loop"
    )


def grid(first: float, step: float, count: int) -> tuple[float, ...]:
    return tuple(first + step * number for number in range(count))


def lasts(cuts: Cuts) -> float:
    """Return how long the chosen pieces are, one after another."""
    return cuts.loop_to - cuts.start + cuts.times * (cuts.loop_to - cuts.loop_from)


def test_music_that_is_long_enough_is_trimmed() -> None:
    assert cut(music(start=3), 60, 10) == Cuts(
        start=3, loop_from=3, loop_to=13, times=0, seconds=10
    )


def test_music_that_is_too_short_is_looped_or_stops() -> None:
    assert cut(music(start=2), 10, 20) == Cuts(
        start=2, loop_from=2, loop_to=10, times=2, seconds=20
    )
    stopped = cut(music(start=2, stops=True), 10, 20)
    assert (stopped.times, stopped.seconds) == (0, 8)


def test_loops_from_beat_to_beat_and_ends_on_one() -> None:
    cuts = cut(music(start=1.2, beats=grid(0.5, 1.0, 9)), 9.1, 21.7)
    assert (cuts.loop_from, cuts.loop_to) == (1.5, 8.5)
    assert cuts.seconds == pytest.approx(21.3)
    assert cuts.at(cuts.seconds) % 1 == pytest.approx(0.5)


def test_a_start_after_the_end_is_refused() -> None:
    with pytest.raises(StudioError) as error:
        cut(music(start=12), 10, 5)
    assert (error.value.key, error.value.facts) == ("music_start", {"start": 12, "length": 10})


def test_pieces_that_are_too_short_are_not_looped() -> None:
    assert cut(music(), 0.2, 10).times == 0
    assert cut(music(beats=(1.0, 1.1)), 5, 10).loop_to == 5


@given(start=TIMES, length=st.floats(0.01, 600), wanted=st.floats(0.1, 3600), stops=st.booleans())
def test_without_beats_it_is_as_long_as_asked(
    start: float, length: float, wanted: float, stops: bool
) -> None:
    assume(start < length)
    cuts = cut(music(start=start, stops=stops), length, wanted)
    rest = length - start
    is_whole = not stops and rest >= LEAST_LOOP_SECONDS
    assert cuts.seconds == pytest.approx(wanted if is_whole else min(rest, wanted))
    assert lasts(cuts) >= cuts.seconds - 1e-6
    assert start == cuts.start <= cuts.loop_from < cuts.loop_to <= length + 1e-9


@given(
    start=st.floats(0, 30),
    length=st.floats(31, 300),
    step=st.floats(0.2, 2),
    first=st.floats(0, 5),
    wanted=st.floats(3, 2000),
    stops=st.booleans(),
)
def test_with_beats_every_cut_is_on_one(
    start: float, length: float, step: float, first: float, wanted: float, stops: bool
) -> None:
    beats = grid(first, step, int((length - first) / step))
    covered = beats[-1] - min(beat for beat in beats if beat >= start or beat == beats[-1])
    assume(covered >= LEAST_COVER * (length - start))
    assume(covered >= LEAST_LOOP_SECONDS)
    cuts = cut(music(start=start, beats=beats, stops=stops), length, wanted)
    is_beat = {round(beat, 6) for beat in beats}
    most_missing = max(step, END_SECONDS)
    assert wanted - most_missing - 1e-6 <= cuts.seconds <= wanted + 1e-9 or stops
    assert lasts(cuts) >= cuts.seconds - 1e-6
    if cuts.times:
        assert round(cuts.loop_from, 6) in is_beat
        assert round(cuts.loop_to, 6) in is_beat
    place = cuts.at(cuts.seconds) if cuts.seconds < lasts(cuts) - 1e-6 else cuts.loop_to
    is_on_beat = min(abs(place - beat) for beat in beats) < 1e-6
    assert is_on_beat or (not cuts.times and min(wanted, length - start) == cuts.seconds)


@given(
    start=st.floats(0, 5),
    length=st.floats(6, 30),
    wanted=st.floats(1, 200),
    beats=st.lists(st.floats(0, 40), max_size=12),
)
def test_any_beats_give_cuts_within_the_music(
    start: float, length: float, wanted: float, beats: list[float]
) -> None:
    cuts = cut(music(start=start, beats=tuple(beats)), length, wanted)
    assert 0 < cuts.seconds <= wanted + 1e-9
    assert start == cuts.start <= cuts.loop_from < cuts.loop_to <= length + 1e-9
    assert cuts.times == 0 or cuts.loop_to - cuts.loop_from >= LEAST_LOOP_SECONDS
    assert lasts(cuts) >= cuts.seconds - 1e-6
