"""The one command line of a render: every input read once, everything written by one graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ffmpeg

from core.studio import picture, thumbnails
from core.studio.captions import Written, burn
from core.studio.hearing import heard_of, music_of
from core.studio.layouts import Layout, Size
from core.studio.looking import Looked
from core.studio.mashup import Mashup
from core.studio.picture import Feed, Stream, told_rate
from core.studio.profiles import Profile
from core.studio.sound import Gain, Heard, MusicIn, mix
from core.studio.timeline import Timeline

VIDEO_NAME = "video.mp4"
"""What is written, in the working folder, until it is known to be good."""
SHOWN_EARLY = "+negative_cts_offsets"
"""Frames that are shown later than decoded need no edit list, which Instagram refuses."""
CONTAINER = {
    "format": "mp4",
    "map_chapters": -1,
    "map_metadata": -1,
    # The same mashup gives the same bytes.
    "fflags": "+bitexact",
}
WHOLE = {"movflags": f"+faststart{SHOWN_EARLY}", "use_editlist": 0}
FRAGMENTS = "+frag_keyframe+empty_moov+delay_moov+default_base_moof"
GROWING = {"movflags": f"{FRAGMENTS}{SHOWN_EARLY}", "use_editlist": 0, "flush_packets": 1}
"""In fragments only for frames that are shown in the order in which they are decoded."""
AHEAD_SAMPLES = 1024
"""By so much the encoder of the sound is late. Source: ISO/IEC 14496-3, 4.5.2.1: frames of 1024
samples that overlap by half. Where no edit list tells of it, the sound is cut by as much."""
_TAGS = {"color_primaries": "bt709", "color_trc": "bt709", "colorspace": "bt709"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that decides the command line of one render."""

    mashup: Mashup
    layout: Layout
    line: Timeline
    profile: Profile
    size: Size
    looked: Mapping[str, Looked]
    """By the paths of the mashup."""
    written: Written | None = None
    """Words over the picture."""
    gain: Gain | None = None
    stills: tuple[int, ...] = ()
    """The frames that become pictures."""
    preset: str = "veryfast"
    threads: int = 0
    target: str = VIDEO_NAME
    growing: bool = False
    prepared: Mapping[tuple[int, int], Path] = field(default_factory=dict)
    """Prepared pictures, by the numbers of scene and slot."""
    is_encoded: bool = False
    """Whether the picture is made anew even where its packets could be copied."""
    loop_bytes: int = picture.LOOP_BYTES
    """Of the frames of one slot that are kept to be repeated."""

    @property
    def feeds(self) -> list[Feed]:
        """Return how every slot is read, scene by scene."""
        found = []
        for number, scene in enumerate(self.line.scenes):
            boxes = self.layout.boxes(self.size)
            is_alone = len(scene.slots) == 1
            for place, slot in enumerate(scene.slots):
                before = [one.looked.path for one in scene.slots[:place]]
                found.append(
                    Feed(
                        slot=slot,
                        size=self.size if is_alone else boxes[place].size,
                        rate=self.line.rate,
                        number=number,
                        prepared=self.prepared.get((number, place)),
                        loop_bytes=self.loop_bytes,
                        copy=before.count(slot.looked.path),
                    )
                )
        return found

    @property
    def heard(self) -> list[Heard]:
        return heard_of(self.mashup, self.line, self.feeds)

    @property
    def music(self) -> MusicIn | None:
        music = self.mashup.music
        return music_of(self.mashup, self.looked[music.file.path] if music else None)


def arguments(plan: Plan) -> list[str]:
    """Return the arguments that render everything."""
    seen = _scenes(plan)
    stills: list[Stream] = []
    if plan.stills:
        seen, stills_of = thumbnails.parted(seen, 2)
        stills = thumbnails.outputs(thumbnails.pictures(stills_of, plan.stills), plan.size)
    sound = sound_of(plan)
    options = {**_video_options(plan), **sound_options(plan), **_container(plan)}
    video = ffmpeg.output(_finished(seen, plan), sound, plan.target, **options)
    found: list[str] = ffmpeg.merge_outputs(video, *stills).get_args()
    return [*thread_options(plan), *found]


def sound_of(plan: Plan, *, has_edits: bool = False) -> Stream:
    """Return what is heard, in time with the picture.

    Args:
        plan: what is made.
        has_edits: whether a list of edits tells players how late the sound's encoder is.
    """
    sound = mix(
        plan.heard,
        plan.music,
        seconds=plan.line.seconds,
        loudness=plan.mashup.loudness,
        gain=plan.gain,
    )
    if has_edits:
        return sound
    return sound.filter("atrim", start_sample=AHEAD_SAMPLES).filter("asetpts", "PTS-STARTPTS")


def thread_options(plan: Plan) -> list[str]:
    return ["-filter_complex_threads", str(plan.threads)] if plan.threads else []


def _scenes(plan: Plan) -> Stream:
    feeds = iter(plan.feeds)
    boxes = plan.layout.boxes(plan.size)
    scenes = []
    for scene in plan.line.scenes:
        cells = [picture.seen(next(feeds)) for _ in scene.slots]
        scenes.append(picture.together(cells, plan.layout, boxes))
    return picture.in_turn(scenes, plan.line.scenes, plan.mashup.transition, plan.line.rate)


def _finished(stream: Stream, plan: Plan) -> Stream:
    """Lay over the picture what lies over all of it, and fade it."""
    mashup, mark = plan.mashup, plan.mashup.watermark
    if mark is not None and mark.file is not None:
        looked = plan.looked[mark.file.path]
        stream = picture.marked(stream, mark, looked, plan.size, plan.profile.safe)
    stream = burn(stream, plan.written)
    stream = picture.faded(stream, mashup.fade_in, mashup.fade_out, plan.line.seconds)
    return stream.filter("format", "yuv420p")


def _video_options(plan: Plan) -> dict[str, Any]:
    rate, most = plan.line.rate, plan.profile.bit_rate(plan.line.seconds)
    in_order = {"bf": 0} if plan.growing else {}
    return {
        "vcodec": "libx264",
        "preset": plan.preset,
        **in_order,
        "profile:v": "high",
        "crf": plan.profile.crf,
        "maxrate": most,
        "bufsize": most * 2,
        "g": max(1, round(rate * plan.profile.key_seconds)),
        "flags:v": "+bitexact+cgop",
        "fps_mode": "cfr",
        "r": told_rate(rate),
        "threads": plan.threads,
        **_TAGS,
    }


def sound_options(plan: Plan) -> dict[str, Any]:
    return {
        "acodec": "aac",
        "b:a": plan.profile.audio_bit_rate,
        "ar": plan.profile.audio_rate,
        "ac": 2,
        "flags:a": "+bitexact",
    }


def _container(plan: Plan) -> dict[str, Any]:
    return {**CONTAINER, **(GROWING if plan.growing else WHOLE)}
