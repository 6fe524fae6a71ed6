"""When the picture can stay as it is: then its packets are copied and only the sound is made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ffmpeg

from core.media.specs import HDR_TRANSFERS
from core.studio import thumbnails
from core.studio.graph import (
    CONTAINER,
    FRAGMENTS,
    WHOLE,
    Plan,
    sound_of,
    sound_options,
    thread_options,
)
from core.studio.looking import Looked
from core.studio.mashup import Mashup
from core.studio.picture import Stream
from core.studio.timeline import Slot

RATES = (23.0, 60.0)
"""Frames a second that every platform takes. Source: tiktok media-transfer-guide, 2026-08-04."""
RATE_SLACK = 0.05
BITS_SLACK = 1.25
"""What was made with the same limit may be above it for a while."""
KEYS_SECONDS = 120.0
"""In what is longer, the places of the pictures are sought: it has too many key frames."""
GROWING_COPY = {"movflags": FRAGMENTS, "flush_packets": 1}
"""Frames of others are shown in another order than decoded: a list of edits tells when both
streams begin, for which the index waits for the first of them."""
SEEK_BACK = 0.001
"""So much before a frame is sought, or rounding finds the next one."""


def is_copy(plan: Plan) -> bool:
    """Return whether the picture is one part, whole, as it is."""
    scenes = plan.line.scenes
    if (
        plan.is_encoded
        or plan.written is not None
        or len(scenes) != 1
        or len(scenes[0].slots) != 1
    ):
        return False
    return _is_untouched(plan.mashup) and _is_fitting(plan, scenes[0].slots[0])


def _is_untouched(mashup: Mashup) -> bool:
    return not (mashup.watermark or mashup.fade_in or mashup.fade_out)


def _is_fitting(plan: Plan, slot: Slot) -> bool:
    looked, facts = slot.looked, slot.looked.facts
    if looked.is_still or slot.is_short or slot.part.start:
        return False
    bits = facts.picture_bit_rate or facts.bit_rate or 0
    return (
        (facts.width, facts.height) == plan.size
        and facts.video_codec == "h264"
        and facts.pixel_format == "yuv420p"
        and facts.rotation == 0
        and facts.color_transfer not in HDR_TRANSFERS
        and looked.shape == 1
        and looked.begins
        and not looked.is_full_range
        and _is_steady(looked)
        and bits <= plan.profile.bit_rate(plan.line.seconds) * BITS_SLACK
    )


def _is_steady(looked: Looked) -> bool:
    rate = looked.facts.frame_rate or 0.0
    return RATES[0] <= rate <= RATES[1] and not looked.facts.variable_rate


def copy_arguments(plan: Plan) -> list[str]:
    """Return the arguments that copy the picture and make the sound, and the pictures."""
    feed = plan.feeds[0]
    source, stills = feed.original(), []
    if plan.stills and _by_keys(plan):
        # The packets are copied all the same; only the decoder leaves out the rest.
        source = ffmpeg.input(feed.slot.looked.source, skip_frame="nokey", **feed.options)
        stills = _at_keys(source["V:0"], plan)
    elif plan.stills:
        is_chosen = plan.mashup.thumbnail is not None and plan.mashup.thumbnail.at is not None
        stills = _sought(plan, is_exact=is_chosen)
    options: dict[str, Any] = {
        "vcodec": "copy",
        **sound_options(plan),
        **CONTAINER,
        **(GROWING_COPY if plan.growing else WHOLE),
        "t": f"{plan.line.seconds:.6f}",
    }
    outputs = [
        ffmpeg.output(
            source["V:0"], sound_of(plan, has_edits=plan.growing), plan.target, **options
        )
    ]
    if stills:
        outputs += _still_outputs(stills, plan)
    found: list[str] = ffmpeg.merge_outputs(*outputs).get_args()
    return [*thread_options(plan), *found]


def still_arguments(plan: Plan) -> list[str]:
    """Return the arguments that make the pictures alone, exactly where they should be.

    They are wanted where the few key frames of a source show nothing.
    """
    outputs = _still_outputs(_sought(plan, is_exact=True), plan)
    found: list[str] = ffmpeg.merge_outputs(*outputs).get_args()
    return [*thread_options(plan), *found]


def _still_outputs(stills: Sequence[Stream], plan: Plan) -> list[Stream]:
    plain = [still.filter("scale", *plan.size).filter("setsar", 1) for still in stills]
    return thumbnails.outputs(plain, plan.size)


def _by_keys(plan: Plan) -> bool:
    """Return whether the pictures come from all key frames: there are not many."""
    thumbnail = plan.mashup.thumbnail
    is_any = thumbnail is not None and thumbnail.at is None
    return is_any and plan.line.seconds <= KEYS_SECONDS


def _at_keys(stream: Stream, plan: Plan) -> list[Stream]:
    """Return the first key frame from each place on, up to the next place."""
    times = [frame / plan.line.rate for frame in plan.stills]
    ends = [*times[1:], plan.line.seconds]
    # Before the first place there surely is one: the very first frame.
    starts = [0.0, *times[1:]]
    copies = thumbnails.parted(stream, len(times))
    return [
        copy.filter("trim", start=f"{start:.3f}", end=f"{end:.3f}").filter("trim", end_frame=1)
        for copy, start, end in zip(copies, starts, ends, strict=True)
    ]


def _sought(plan: Plan, *, is_exact: bool) -> list[Stream]:
    """Return pictures that are read from their places alone, or from the key frames before."""
    looked = plan.feeds[0].slot.looked
    quick = {} if is_exact else {"skip_frame": "nokey", "noaccurate_seek": None}
    found = []
    for frame in plan.stills:
        at = max(0.0, frame / plan.line.rate - SEEK_BACK)
        one = ffmpeg.input(looked.source, ss=f"{at:.6f}", threads=1, **quick, **looked.options)
        found.append(one["V:0"].filter("trim", end_frame=1))
    return found
