from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from core.platforms.base import Session, Step
from core.platforms.tiktok import COUNT_MAX, LAST_MAX, PLATFORM, SINGLE_MAX, plan_parts
from tests.platform_cases import covered, make_job
from utils.http import Span

GIB = 1024**3
MB_LARGE, MB_SMALL = 1024**2, 1000**2
SIZES = st.one_of(
    st.integers(1, 4 * GIB),
    st.integers(1, 200_000_000),
    st.sampled_from([64_000_000, 64_000_001, 64 * MB_LARGE, 96_000_000, 128_000_000, 4 * GIB]),
)


def spans_of(size: int) -> list[Span]:
    job = replace(make_job("tiktok"), size_bytes=size)
    session = Session(step=Step.PARTS, part_bytes=plan_parts(size).chunk_bytes)
    spans: list[Span] = []
    while session.offset < size:
        span = PLATFORM.next_span(session, job)
        spans.append(span)
        session = replace(session, offset=span.end)
    return spans


@given(SIZES)
def test_the_parts_cover_every_byte_exactly_once(size: int) -> None:
    spans = spans_of(size)
    assert covered(spans) == size
    assert len(spans) == plan_parts(size).count


@given(SIZES)
def test_the_plan_keeps_every_rule_in_both_readings_of_a_megabyte(size: int) -> None:
    plan = plan_parts(size)
    spans = spans_of(size)
    assert plan.count == size // plan.chunk_bytes
    assert 1 <= plan.count <= COUNT_MAX
    assert all(span.size == plan.chunk_bytes for span in spans[:-1])
    assert spans[-1].size < LAST_MAX
    assert plan.chunk_bytes <= 64 * MB_SMALL
    if size < 5 * MB_LARGE:
        assert (plan.chunk_bytes, plan.count) == (size, 1)
    else:
        assert plan.chunk_bytes >= 5 * MB_LARGE
    if size > 64 * MB_SMALL:
        assert plan.count >= 2
        assert spans[-1].size < SINGLE_MAX


@given(SIZES, st.data())
def test_any_confirmed_count_leads_to_a_part_of_the_plan(size: int, data: st.DataObject) -> None:
    spans = spans_of(size)
    confirmed = data.draw(st.integers(0, size - 1))
    job = replace(make_job("tiktok"), size_bytes=size)
    session = Session(step=Step.PARTS, part_bytes=plan_parts(size).chunk_bytes, offset=confirmed)
    again = PLATFORM.next_span(session, job)
    assert again in spans
    assert again.start <= confirmed < again.end
