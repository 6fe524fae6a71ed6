"""What is seen, as streams of a filter graph: parts brought into cells, cells into scenes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ffmpeg

from core.media.probe import INPUT_OPTIONS
from core.media.specs import HDR_TRANSFERS
from core.studio.layouts import Box, Layout, Size
from core.studio.looking import Looked
from core.studio.mashup import Transition, Watermark
from core.studio.profiles import SafeZone
from core.studio.timeline import Scene, Slot

Stream = Any
"""A stream of ffmpeg-python, which is untyped."""

SCALER = "bicubic"
FAST_SCALER = "fast_bilinear"
"""For what is blurred anyway."""
LOOP_BYTES = 768 * 1024**2
"""Most memory of frames that are repeated."""
BLUR_SIDE = 8
"""The blurred background is made at so much less of each side: nobody sees the difference."""
MOST_ROUNDS = 4
"""A file is opened so often at most to be repeated; for more it is prepared."""
DEVICE_BYTES = 3_041_280
"""What ffmpeg sets aside for a device by itself."""
SPARE_SECONDS = 0.25
"""So much more is read of an input than is shown: packets do not come in the order of time."""
FIXED_QUEUE = 8
"""Packets that wait between a reader and a decoder; what ffmpeg takes by itself."""
SCENES = 16
"""A mashup has fewer: twelve parts, an intro and an outro."""
BLEND = {
    "fade": "fade",
    "dissolve": "dissolve",
    "wipe": "wipeleft",
    "slide": "slideleft",
    "fadeblack": "fadeblack",
}
"""The name of each kind of transition among those of the filter."""
_HD = {
    "colorspace": "bt709",
    "color_primaries": "bt709",
    "color_trc": "bt709",
    "range": "tv",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """How a slot is read: from where, and how it lasts as long as it is seen."""

    slot: Slot
    size: Size
    """Of its cell, in pixels."""
    rate: float
    number: int
    """Of its scene."""
    prepared: Path | None = None
    """The same frames, already as they fit the cell."""
    loop_bytes: int = LOOP_BYTES
    """Frames that are repeated are kept in memory up to so much; beyond, they are read again."""
    copy: int = 0
    """So many slots of its scene show the same file before this one."""

    @property
    def raw_bytes(self) -> int:
        """Return how much memory its frames take."""
        wide, high = self.size
        return self.slot.has * wide * high * 3 // 2

    @property
    def is_kept(self) -> bool:
        """Whether its frames are repeated from memory."""
        return self.slot.loops and self.raw_bytes <= self.loop_bytes

    @property
    def rounds(self) -> int:
        """How often the file is opened, each time for one round of what is repeated.

        A reader that starts over at its end would be out of step a little more each time: with
        what its sound is longer, and with what an edit list leaves out.
        """
        if not self.slot.loops or self.is_kept or self.prepared is not None:
            return 1
        return -(-self.slot.frames // self.slot.has)

    @property
    def needs_preparing(self) -> bool:
        return self.rounds > MOST_ROUNDS

    @property
    def is_in_rounds(self) -> bool:
        return 1 < self.rounds <= MOST_ROUNDS

    @property
    def options(self) -> dict[str, Any]:
        """Return the options of the input for the file itself."""
        options: dict[str, Any] = {**self.slot.looked.options}
        # Another number makes another input: the same file is read anew for a later scene,
        # where it would else be kept in memory until then, and for another cell.
        options["thread_queue_size"] = FIXED_QUEUE + self.number + SCENES * self.copy
        if self.slot.looked.is_still:
            return options
        if self.slot.part.start:
            options["ss"] = f"{self.slot.part.start:.6f}"
        frames = min(self.slot.has, self.slot.frames)
        options["t"] = f"{frames / self.rate + SPARE_SECONDS:.6f}"
        return options

    def original(self, again: int = 0) -> Stream:
        """Return the file itself as an input; picture and sound come from the same one.

        Args:
            again: for which of its rounds, where it is opened for each.
        """
        # Only devices use it, so it may be any number; another one makes another input.
        more = {"rtbufsize": DEVICE_BYTES + again} if again else {}
        return ffmpeg.input(self.slot.looked.source, **self.options, **more)


def seen(feed: Feed) -> Stream:
    """Return the picture of a slot: exactly so many frames, in the size of its cell."""
    if feed.prepared is not None:
        again = {} if feed.is_kept else {"stream_loop": -1}
        stream = ffmpeg.input(f"file:{feed.prepared}", **again, **INPUT_OPTIONS)["v:0"]
        stream = stream.filter("setparams", **_HD)
        stream = stream.filter("fps", told_rate(feed.rate), start_time=0)
    elif feed.is_in_rounds:
        rounds = (one_round(feed, again) for again in range(feed.rounds))
        stream = ffmpeg.concat(*rounds, v=1, a=0)
        stream = stream.filter("settb", f"1/{told_rate(feed.rate)}")
        stream = stream.filter("fps", told_rate(feed.rate))
    else:
        stream = fitted(feed)
    return _lasting(stream, feed)


def one_round(feed: Feed, again: int = 0) -> Stream:
    """Return the picture of a slot once, exactly as many frames as it has."""
    stream = fitted(feed, again).filter("tpad", stop=-1, stop_mode="clone")
    return stream.filter("trim", end_frame=feed.slot.has)


def fitted(feed: Feed, again: int = 0) -> Stream:
    """Return the picture of a slot as the file has it, in the size of its cell."""
    looked, rate = feed.slot.looked, feed.rate
    stream = feed.original(again)["v:0" if looked.is_still else "V:0"]
    steady = {"fps": told_rate(rate), "start_time": 0}
    if looked.is_still:
        return _fit(stream, feed)
    if (looked.facts.frame_rate or rate * 2) > rate + 0.01:
        return _fit(stream.filter("fps", **steady), feed)
    return _fit(stream, feed).filter("fps", **steady)


def _lasting(stream: Stream, feed: Feed) -> Stream:
    slot = feed.slot
    if slot.looked.is_still:
        stream = stream.filter("loop", loop=-1, size=1)
        stream = stream.filter("settb", f"1/{told_rate(feed.rate)}").filter("setpts", "N")
        stream = stream.filter("fps", told_rate(feed.rate), start_time=0)
    elif feed.is_kept:
        # A copy is as large as the cell; what is only cut holds the whole picture.
        stream = stream.filter("trim", end_frame=slot.has).filter("copy")
        stream = stream.filter("loop", loop=-1, size=slot.has).filter("setpts", "N")
    else:
        if slot.is_short and not slot.loops:
            stream = stream.filter("trim", end_frame=slot.has)
        stream = stream.filter("tpad", stop=-1, stop_mode="clone")
    return stream.filter("trim", end_frame=slot.frames)


def told_rate(rate: float) -> str:
    return f"{rate:g}"


def displayed(looked: Looked) -> Size:
    """Return the width and height of a picture with square pixels."""
    wide, high = looked.facts.width or 2, looked.facts.height or 2
    return max(2, round(wide * looked.shape)), high


def covering(looked: Looked, cell: Size) -> Size:
    """Return the size of what is cut out of a picture to have the shape of a cell."""
    wide, high = looked.facts.width or 2, looked.facts.height or 2
    # Whole numbers first: the exact size must come out exact.
    cut_wide = high * cell[0] / cell[1] / looked.shape
    cut_high = wide * cell[1] / cell[0] * looked.shape
    return _even_within(cut_wide, wide), _even_within(cut_high, high)


def within(looked: Looked, cell: Size) -> Size:
    """Return the size in which a picture is seen whole within a cell."""
    wide, high = displayed(looked)
    factor = min(cell[0] / wide, cell[1] / high)
    return _even_within(wide * factor, cell[0]), _even_within(high * factor, cell[1])


def _even_within(length: float, most: int) -> int:
    return max(2, int(min(length + 0.01, most) / 2) * 2)


def _fit(stream: Stream, feed: Feed) -> Stream:
    looked, cell = feed.slot.looked, feed.size
    if feed.slot.part.fit == "cover" or covering(looked, cell) == _whole(looked):
        return _plain(_covered(stream, looked, cell), looked)
    inner = within(looked, cell)
    if feed.slot.part.fit == "contain":
        inside = _plain(_scaled(stream, looked, inner), looked)
        return inside.filter("pad", *cell, "(ow-iw)/2", "(oh-ih)/2")
    both = stream.filter_multi_output("split", 2)
    back = _plain(_covered(both[0], looked, blurred_size(cell), flags=FAST_SCALER), looked)
    front = _plain(_scaled(both[1], looked, inner), looked)
    return over_blurred(back, front, cell)


def blurred_size(cell: Size) -> Size:
    """Return how large the picture is that is blurred and then made as large as the cell."""
    return max(2, cell[0] // BLUR_SIDE // 2 * 2), max(2, cell[1] // BLUR_SIDE // 2 * 2)


def over_blurred(back: Stream, front: Stream, cell: Size) -> Stream:
    """Return a picture in the middle of a small one that is blurred and fills the cell."""
    back = back.filter("gblur", sigma=4).filter("scale", *cell, flags=FAST_SCALER)
    back = back.filter("setsar", 1)
    return ffmpeg.overlay(back, front, x="(W-w)/2", y="(H-h)/2", format="yuv420")


def _whole(looked: Looked) -> Size:
    wide, high = looked.facts.width or 2, looked.facts.height or 2
    return _even_within(wide, wide), _even_within(high, high)


def _covered(stream: Stream, looked: Looked, cell: Size, *, flags: str = SCALER) -> Stream:
    """Cut to the shape of the cell first: what is not seen need not be scaled."""
    wide, high = covering(looked, cell)
    if (wide, high) != (looked.facts.width, looked.facts.height):
        stream = stream.filter("crop", f"min(iw,{wide})", f"min(ih,{high})")
    return _scaled(stream, looked, cell, flags=flags)


def _scaled(stream: Stream, looked: Looked, size: Size, *, flags: str = SCALER) -> Stream:
    if looked.facts.color_transfer in HDR_TRANSFERS:
        return stream.filter("scale", *size, flags=flags)
    if looked.colours == "rgb":
        return stream.filter("scale", *size, flags=flags, out_color_matrix="bt709", out_range="tv")
    if looked.colours == "sd" or looked.is_full_range:
        return stream.filter(
            "scale",
            *size,
            flags=flags,
            in_color_matrix="smpte170m" if looked.colours == "sd" else "bt709",
            in_range="pc" if looked.is_full_range else "tv",
            out_color_matrix="bt709",
            out_range="tv",
        )
    return stream.filter("setparams", **_HD).filter("scale", *size, flags=flags)


def _plain(stream: Stream, looked: Looked) -> Stream:
    """Give every picture the same form, so that nothing is converted twice."""
    if looked.facts.color_transfer in HDR_TRANSFERS:
        stream = _to_sdr(stream, looked)
    stream = stream.filter("format", "yuv420p").filter("setsar", 1)
    return stream.filter("setparams", **_HD)


def _to_sdr(stream: Stream, looked: Looked) -> Stream:
    """Bring PQ or HLG light to BT.709. Source: ITU-R BT.2100-2 and BT.709-6."""
    linear = stream.filter(
        "zscale",
        tin=looked.facts.color_transfer,
        min="bt2020nc",
        pin="bt2020",
        rin="tv",
        t="linear",
        npl=100,
    )
    mapped = linear.filter("format", "gbrpf32le").filter("zscale", p="bt709")
    mapped = mapped.filter("tonemap", "hable", desat=0)
    return mapped.filter("zscale", t="bt709", m="bt709", r="tv")


def together(streams: Sequence[Stream], layout: Layout, boxes: Sequence[Box]) -> Stream:
    """Return the cells as one picture; those that tile are stacked, which is cheapest."""
    if len(streams) == 1:
        return streams[0]
    if layout.is_layered:
        under = streams[0]
        for stream, box in zip(streams[1:], boxes[1:], strict=True):
            under = ffmpeg.overlay(under, stream, x=box.left, y=box.top, format="yuv420")
        return under
    is_row = all(box.top == boxes[0].top for box in boxes)
    return ffmpeg.filter(streams, "hstack" if is_row else "vstack", inputs=len(streams))


def in_turn(
    streams: Sequence[Stream], scenes: Sequence[Scene], transition: Transition, rate: float
) -> Stream:
    """Return the scenes one after another."""
    whole = streams[0]
    for stream, scene in zip(streams[1:], scenes[1:], strict=True):
        if not scene.lead:
            whole = ffmpeg.concat(whole, stream, v=1, a=0)
            whole = whole.filter("settb", f"1/{told_rate(rate)}").filter("fps", told_rate(rate))
            continue
        whole = ffmpeg.filter(
            [whole, stream],
            "xfade",
            transition=BLEND[transition.kind],
            duration=f"{scene.lead / rate:.6f}",
            offset=f"{scene.starts / rate:.6f}",
        )
    return whole


def marked(
    stream: Stream, watermark: Watermark, looked: Looked, size: Size, safe: SafeZone
) -> Stream:
    """Return the picture with a small one in a corner of what apps leave free."""
    wide = max(2, round(size[0] * watermark.width / 2) * 2)
    across = round(size[0] * (safe.left if watermark.corner.endswith("left") else safe.right))
    down = round(size[1] * (safe.top if watermark.corner.startswith("top") else safe.bottom))
    mark = ffmpeg.input(looked.source, **looked.options)["v:0"]
    mark = mark.filter("scale", wide, -2, flags=SCALER).filter("format", "yuva420p")
    if watermark.opacity < 1:
        mark = mark.filter("colorchannelmixer", aa=f"{watermark.opacity:.4f}")
    left, top = watermark.corner.endswith("left"), watermark.corner.startswith("top")
    return ffmpeg.overlay(
        stream,
        mark,
        x=across if left else f"W-w-{across}",
        y=down if top else f"H-h-{down}",
        format="yuv420",
        eof_action="repeat",
    )


def faded(stream: Stream, fade_in: float, fade_out: float, seconds: float) -> Stream:
    """Return the picture coming out of black and going into it."""
    share = min(1.0, seconds / max(fade_in + fade_out, 1e-9))
    if fade_in > 0:
        stream = stream.filter("fade", type="in", duration=f"{fade_in * share:.6f}")
    if fade_out > 0:
        length = fade_out * share
        stream = stream.filter(
            "fade", type="out", start_time=f"{seconds - length:.6f}", duration=f"{length:.6f}"
        )
    return stream
