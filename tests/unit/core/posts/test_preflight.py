from __future__ import annotations

from dataclasses import replace

import pytest

from core.media.fit.recipe import Recipe
from core.posts.models import MediaFacts
from core.posts.preflight import FitRules, Judge, Mode, Verdict

WEB = MediaFacts(
    size_bytes=4_000_000,
    duration_seconds=10.0,
    width=1080,
    height=1920,
    frame_rate=30.0,
    video_codec="h264",
    audio_codec="aac",
    container="mov,mp4,m4a,3gp,3g2,mj2",
    bit_rate=3_200_000,
    index_first=False,
    edit_list=False,
    has_audio=True,
    audio_rate=48_000,
    audio_channels=2,
    pixel_format="yuv420p",
    variable_rate=False,
)


def recipe_of(facts: MediaFacts, rules: FitRules) -> Recipe:
    judge = Judge(rules)
    judged = judge.judge(facts, judge.limits("instagram"), Mode.ALL)
    assert judged.verdict is Verdict.FIT
    assert judged.plan.recipe is not None
    return judged.plan.recipe


def test_what_needs_no_encoding_keeps_its_sound() -> None:
    recipe = recipe_of(WEB, FitRules(loudness=-14.0))
    assert (recipe.copy, recipe.audio, recipe.loudness) == (True, "keep", None)


@pytest.mark.parametrize("loudness", [None, -14.0])
def test_what_is_encoded_gets_the_loudness_of_the_settings(loudness: float | None) -> None:
    recipe = recipe_of(replace(WEB, frame_rate=12.0), FitRules(loudness=loudness))
    assert (recipe.copy, recipe.loudness) == (False, loudness)
