from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.media.fit.shape import Size, fitting_size
from core.media.specs import check
from core.platforms.base import MediaLimits
from core.platforms.registry import BUILT_IN, require_platform
from core.posts.models import MediaFacts

PIXELS = st.integers(min_value=2, max_value=8192)


@given(width=PIXELS, height=PIXELS, name=st.sampled_from(sorted(BUILT_IN)), crop=st.booleans())
def test_every_size_becomes_one_that_is_taken(
    *, width: int, height: int, name: str, crop: bool
) -> None:
    limits = require_platform(name).media_limits({})

    size = fitting_size(Size(width=width, height=height), limits, crop=crop)

    found = check(MediaFacts(width=size.width, height=size.height), limits)
    assert [finding for finding in found if finding.severity == "block"] == []
    assert (size.width % 2, size.height % 2) == (0, 0)


@given(width=st.integers(540, 1920), height=st.integers(960, 1920))
def test_what_is_taken_stays_as_it_is(width: int, height: int) -> None:
    limits = MediaLimits(max_bytes=1, min_side=540, max_side=1920)

    size = fitting_size(Size(width=width, height=height), limits, crop=False)

    # One side becomes even, and the other one follows it in the same shape.
    assert abs(size.width - width) <= 4
    assert abs(size.height - height) <= 4


@pytest.mark.parametrize(
    ("size", "crop", "made"),
    [
        ((2560, 1080), False, (2560, 1440)),
        ((2560, 1080), True, (1920, 1080)),
        ((1080, 2560), False, (1440, 2560)),
        ((1080, 2560), True, (1080, 1920)),
    ],
)
def test_a_shape_is_built_around_or_cut_out(
    *, size: tuple[int, int], crop: bool, made: tuple[int, int]
) -> None:
    limits = MediaLimits(max_bytes=1, min_aspect=9 / 16, max_aspect=16 / 9)

    found = fitting_size(Size(width=size[0], height=size[1]), limits, crop=crop)

    assert (found.width, found.height) == made


def test_it_shrinks_no_further_than_allowed() -> None:
    limits = MediaLimits(max_bytes=1, min_side=360)

    size = fitting_size(Size(width=1080, height=1920), limits, crop=False, shrink=0.2)

    assert (size.width, size.height) == (360, 640)
