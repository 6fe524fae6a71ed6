from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.media.fit.plan import Choices, Plan, Remedy, plan
from core.media.fit.recipe import Recipe
from core.media.fit.remedies import REMEDIES
from core.media.specs import Severity
from core.platforms.base import NO_LIMIT, MediaLimits
from core.posts.models import MediaFacts

LIMITS = MediaLimits(
    max_bytes=100_000_000,
    min_seconds=3,
    max_seconds=90,
    min_frame_rate=24,
    max_frame_rate=60,
    min_side=540,
    max_side=1920,
    min_aspect=9 / 16,
    max_aspect=16 / 9,
    containers=frozenset({"mp4"}),
    video_codecs=frozenset({"h264", "hevc"}),
    audio_codecs=frozenset({"aac"}),
    pixel_formats=frozenset({"yuv420p"}),
    max_bit_rate=25_000_000,
    max_audio_rate=48_000,
    max_audio_channels=2,
    index_first=True,
    no_edit_list=True,
    needs_audio=True,
    sdr_only=True,
    constant_rate=True,
)
GOOD = MediaFacts(
    size_bytes=20_000_000,
    duration_seconds=60.0,
    width=1080,
    height=1920,
    frame_rate=30.0,
    video_codec="h264",
    audio_codec="aac",
    container="mov,mp4,m4a",
    index_first=True,
    edit_list=False,
    has_audio=True,
    audio_rate=48_000,
    audio_channels=2,
    pixel_format="yuv420p",
    color_transfer="bt709",
    variable_rate=False,
    picture_bit_rate=2_500_000,
    bit_rate=2_660_000,
)


def planned(choices: Choices = Choices(), **changes: object) -> Plan:  # noqa: B008 - frozen
    return plan(replace(GOOD, **changes), LIMITS, choices)  # type: ignore[arg-type]  # by name


def recipe(choices: Choices = Choices(), **changes: object) -> Recipe:  # noqa: B008 - frozen
    found = planned(choices, **changes).recipe
    assert found is not None
    return found


def test_nothing_is_done_to_what_fits() -> None:
    assert planned() == Plan(findings=())
    assert planned().fits


@pytest.mark.parametrize(
    "changes",
    [{"index_first": False}, {"edit_list": True}, {"container": "matroska"}, {"container": "flv"}],
)
def test_only_the_container_is_written_anew_where_that_does(changes: dict[str, Any]) -> None:
    found = planned(**changes)

    assert found.recipe == Recipe(copy=True)
    assert found.remedies == (Remedy.REMUX,)
    assert found.is_lossless
    assert not found.fits


def test_containers_without_times_are_encoded() -> None:
    found = planned(container="avi")

    assert found.recipe
    assert not found.recipe.copy
    assert found.remedies == (Remedy.ENCODE,)


def test_sound_alone_is_encoded_beside_a_copied_picture() -> None:
    found = planned(container="matroska", audio_codec="opus")

    assert found.recipe == Recipe(copy=True, audio="aac", audio_rate=48_000, audio_channels=2)
    assert found.remedies == (Remedy.REMUX, Remedy.SOUND)
    assert not found.is_lossless


def test_silence_is_added_where_sound_is_demanded() -> None:
    found = planned(has_audio=False, audio_codec="")

    assert found.recipe is not None
    assert (found.recipe.copy, found.recipe.audio) == (True, "silence")
    assert found.remedies == (Remedy.SILENCE,)
    assert found.is_lossless


def test_what_is_too_long_loses_its_end_without_being_encoded() -> None:
    found = planned(duration_seconds=95.0)

    assert found.recipe == Recipe(copy=True, seconds=89.874)
    assert found.remedies == (Remedy.CUT,)
    assert found.offers == ("cut", "speed")
    assert not found.is_lossless


def test_what_is_too_long_is_played_faster_on_request() -> None:
    found = planned(Choices(length="speed"), duration_seconds=95.0)

    assert found.recipe
    assert found.recipe.seconds is None
    assert 95 / found.recipe.speed <= 89.9
    assert Remedy.SPEED in found.remedies
    assert not found.recipe.copy


def test_what_no_allowed_speed_makes_short_enough_is_cut() -> None:
    found = planned(Choices(length="speed", most_speed=1.25), duration_seconds=200.0)

    assert found.recipe is not None
    assert (found.recipe.speed, found.recipe.seconds) == (1.0, 89.874)
    assert found.offers == ()


@pytest.mark.parametrize(
    ("shape", "size"), [("blur", (1920, 1080)), ("pad", (1920, 1080)), ("crop", (960, 540))]
)
def test_another_shape_is_filled_up_or_cropped(shape: str, size: tuple[int, int]) -> None:
    found = planned(Choices(shape=shape), width=1920, height=540)

    assert found.recipe is not None
    assert found.recipe.fill == shape
    assert (found.recipe.width, found.recipe.height) == size
    assert found.offers == ("blur", "pad", "crop")
    assert Remedy.SHAPE in found.remedies


def test_the_shape_stays_where_it_is_taken() -> None:
    found = recipe(width=2160, height=3840)

    assert (found.width, found.height, found.fill) == (1080, 1920, "")


@pytest.mark.parametrize(
    ("rate", "made"), [(120.0, 60.0), (90.0, 45.0), (12.0, 24.0), (10.0, 30.0), (23.0, 46.0)]
)
def test_frames_are_doubled_or_dropped_evenly(rate: float, made: float) -> None:
    assert recipe(frame_rate=rate).frame_rate == made


@pytest.mark.parametrize(("rate", "made"), [(17.3, 30.0), (29.1, 30.0), (47.0, 60.0)])
def test_uneven_frames_become_even(rate: float, made: float) -> None:
    assert recipe(frame_rate=rate, variable_rate=True).frame_rate == made


@pytest.mark.parametrize("transfer", ["smpte2084", "arib-std-b67"])
def test_hdr_becomes_sdr(transfer: str) -> None:
    found = planned(color_transfer=transfer)

    assert found.recipe is not None
    assert found.recipe.to_sdr
    assert found.remedies == (Remedy.SDR,)


def test_hdr_becomes_sdr_too_when_something_else_is_the_reason() -> None:
    limits = MediaLimits(max_bytes=NO_LIMIT, video_codecs=frozenset({"h264"}))
    found = plan(replace(GOOD, color_transfer="smpte2084", video_codec="hevc"), limits)

    assert found.recipe
    assert found.recipe.to_sdr
    assert Remedy.SDR in found.remedies


def test_what_is_too_big_is_encoded_to_a_size() -> None:
    found = planned(size_bytes=150_000_000)

    assert found.recipe
    assert found.recipe.most_bytes == 96_000_000
    assert found.remedies == (Remedy.SMALLER,)


def test_few_bits_are_spent_on_fewer_pixels() -> None:
    limits = MediaLimits(max_bytes=2_000_000)
    found = plan(GOOD, limits)

    assert found.recipe
    assert found.recipe.width
    assert found.recipe.width < 500
    assert found.recipe.width % 2 == 0


def test_a_long_video_is_not_squeezed_into_nothing() -> None:
    found = plan(replace(GOOD, duration_seconds=7200.0), MediaLimits(max_bytes=5_000_000))

    assert found.recipe is None
    assert [finding.key for finding in found.hopeless] == ["much_too_big"]


@pytest.mark.parametrize(
    ("changes", "key"),
    [({"duration_seconds": 0.5}, "too_short"), ({"size_bytes": 0}, "empty_file")],
)
def test_what_nothing_helps_against_is_told(changes: dict[str, Any], key: str) -> None:
    found = planned(**changes)

    assert [finding.key for finding in found.hopeless] == [key]
    assert found.recipe is None


def test_what_is_not_measured_can_not_be_mended() -> None:
    found = planned(index_first=False, duration_seconds=None)

    assert [finding.key for finding in found.hopeless] == ["unmeasured"]


def test_advice_is_followed_on_request_only() -> None:
    limits = MediaLimits(
        max_bytes=NO_LIMIT, advice=MediaLimits(max_bytes=NO_LIMIT, index_first=True)
    )
    facts = replace(GOOD, index_first=False)

    as_it_is, better = plan(facts, limits), plan(facts, limits, Choices(better=True))

    assert [finding.severity for finding in as_it_is.findings] == [Severity.WARN]
    assert as_it_is.fits
    assert as_it_is.recipe is None
    assert better.recipe == Recipe(copy=True)


def test_advice_is_not_told_where_the_same_is_refused() -> None:
    strict = replace(LIMITS, advice=MediaLimits(max_bytes=NO_LIMIT, index_first=True))

    found = plan(replace(GOOD, index_first=False), strict)

    assert [finding.severity for finding in found.findings] == [Severity.BLOCK]


def test_loudness_is_evened_out_on_request() -> None:
    found = planned(Choices(loudness=-16), index_first=False)

    assert found.recipe
    assert (found.recipe.loudness, found.recipe.audio) == (-16, "aac")
    assert Remedy.LOUDNESS in found.remedies


def test_a_copy_can_be_forbidden() -> None:
    assert not recipe(Choices(rewrite=False), index_first=False).copy


def test_recipe_survives_being_kept() -> None:
    found = recipe(size_bytes=150_000_000, duration_seconds=95.0)

    assert Recipe.from_dict(found.to_dict()) == found


def test_each_remedy_is_the_answer_to_something() -> None:
    other_answers = {Remedy.SPEED, Remedy.LOUDNESS}
    assert set(REMEDIES.values()) | other_answers == set(Remedy)
