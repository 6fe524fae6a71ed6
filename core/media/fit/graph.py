"""The command lines of ffmpeg: one for each copy, one for all that is encoded together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg

from core.media.fit.encoding import SPARE_SHARE, frame_rate_for, sound_bits
from core.media.fit.recipe import Recipe
from core.media.probe import INPUT_OPTIONS
from core.platforms.base import NO_LIMIT, MediaLimits
from core.posts.models import MediaFacts

SOUND_UNLIMITED = 1e9
KEY_SECONDS = 2
"""Source: Facebook guides/reels-publishing, 2026-07-30: closed groups of 2 to 5 s; Instagram
reference/ig-user/media, 2026-09-11: closed groups."""
QUALITY = 20
"""Constant rate factor of x264; below 23, its default, loss is hard to see."""
SHOWN_EARLY = "+negative_cts_offsets"
"""Frames that are shown later than decoded need no edit list, which Instagram refuses."""
SAMPLE_BYTES = 40
"""Of the index, for each frame and packet of sound: its size, its times and its place.

Source: ISO/IEC 14496-12, sections 8.6.1, 8.7.3 to 8.7.5; at most 36 with everything.
"""
CONTAINER = {
    "format": "mp4",
    "movflags": f"+faststart{SHOWN_EARLY}",
    "use_editlist": 0,
    "map_chapters": -1,
    # The same video and recipe give the same bytes.
    "fflags": "+bitexact",
}
_NO_LIMITS = MediaLimits(max_bytes=NO_LIMIT)
_BLUR_SIDE = 8
"""The blurred background is made at so much less of each side: nobody sees the difference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One file to encode."""

    recipe: Recipe
    name: str
    """Of the file, in the folder where ffmpeg works."""
    stats: str
    """Of what the first pass finds, there too."""


def result_seconds(facts: MediaFacts, recipe: Recipe) -> float:
    """Return how long the result lasts."""
    whole = facts.duration_seconds or 0.0
    kept = whole if recipe.seconds is None else min(whole, recipe.seconds)
    return kept / recipe.speed


def copy_arguments(
    source: Path, facts: MediaFacts, recipe: Recipe, name: str, *, reserve: bool
) -> list[str]:
    """Return the arguments that write the packets of the picture into a new container.

    Args:
        source: the video.
        facts: what is known of it.
        recipe: what is made.
        name: of the file, in the folder where ffmpeg works.
        reserve: whether room for the index is left at the start, which is guessed; else all is
            written twice.
    """
    media = _input(source)
    streams = [media["V:0"]]
    options: dict[str, Any] = {"vcodec": "copy", **CONTAINER}
    if reserve:
        options |= {"movflags": SHOWN_EARLY, "moov_size": _index_bytes(facts, recipe)}
    if facts.video_codec == "hevc":
        # Source: Apple's specification of HEVC in HLS, 2026: players there know no other tag.
        options["tag:v"] = "hvc1"
    if recipe.audio == "silence":
        streams.append(_silence(recipe, result_seconds(facts, recipe)))
        options |= _sound_options(recipe, SOUND_UNLIMITED)
    elif recipe.audio == "aac":
        streams.append(_sound(media["a:0"], recipe))
        options |= _sound_options(recipe, SOUND_UNLIMITED)
    elif facts.has_audio is not False and (facts.has_audio or facts.audio_codec):
        streams.append(media["a:0"])
        options["acodec"] = "copy"
    if recipe.seconds is not None:
        options["t"] = f"{recipe.seconds:.3f}"
    return _arguments(ffmpeg.output(*streams, name, **options))


def _index_bytes(facts: MediaFacts, recipe: Recipe) -> int:
    """Return a guess at the size of the index, rather too much than too little."""
    samples = (facts.frame_rate or 60.0) * 2 + (facts.audio_rate or 48_000) / 512
    return int(128 * 1024 + SAMPLE_BYTES * samples * result_seconds(facts, recipe))


def encode_arguments(
    source: Path, facts: MediaFacts, jobs: Sequence[Job], *, number: int, threads: int
) -> list[str]:
    """Return the arguments of one process that decodes once and writes all the files.

    Args:
        source: the video.
        facts: what is known of it.
        jobs: what is to be made.
        number: 1 writes what needs one pass and finds the statistics of what needs two; 2
            writes those.
        threads: of each encoder; 0 leaves it to them.
    """
    chosen = [job for job in jobs if number == 1 or job.recipe.most_bytes is not None]
    media = _input(source)
    pictures = _split(media["V:0"], len(chosen), "split")
    heard = [job for job in chosen if _is_heard(job, number)]
    sounds = iter(_split(media["a:0"], len(heard), "asplit"))
    outputs = []
    for job, picture in zip(chosen, pictures, strict=True):
        streams = [_picture(picture, facts, job.recipe)]
        options = _picture_options(facts, job, number, threads)
        if job in heard:
            streams.append(_sound(next(sounds), job.recipe))
        elif job.recipe.audio == "silence" and _is_written(job, number):
            streams.append(_silence(job.recipe, result_seconds(facts, job.recipe)))
        if len(streams) > 1:
            options |= _sound_options(job.recipe, _whole_bits(facts, job.recipe))
        outputs.append(ffmpeg.output(*streams, _target(job, number), **options))
    return _arguments(ffmpeg.merge_outputs(*outputs))


def _input(source: Path) -> Any:  # noqa: ANN401 - ffmpeg-python is untyped
    return ffmpeg.input(f"file:{source.absolute()}", **INPUT_OPTIONS)


def _arguments(graph: Any) -> list[str]:  # noqa: ANN401 - ffmpeg-python is untyped
    arguments: list[str] = graph.get_args()
    return arguments


def _split(stream: Any, count: int, name: str) -> list[Any]:  # noqa: ANN401 - as above
    if count < 2:
        return [stream] * count
    parts = stream.filter_multi_output(name, count)
    return [parts[index] for index in range(count)]


def _is_written(job: Job, number: int) -> bool:
    return number == 2 or job.recipe.most_bytes is None


def _is_heard(job: Job, number: int) -> bool:
    return job.recipe.audio == "aac" and _is_written(job, number)


def _target(job: Job, number: int) -> str:
    return job.name if _is_written(job, number) else "-"


def _picture(stream: Any, facts: MediaFacts, recipe: Recipe) -> Any:  # noqa: ANN401 - as above
    if recipe.speed != 1:
        stream = stream.filter("setpts", f"PTS/{recipe.speed:g}")
    stream = stream.filter("fps", rate_of(facts, recipe), start_time=0)
    if recipe.fill:
        stream = _shaped(stream, recipe)
    elif recipe.width and recipe.height:
        stream = stream.filter("scale", recipe.width, recipe.height, flags="bicubic")
    else:
        stream = stream.filter("scale", "trunc(iw/2)*2", "trunc(ih/2)*2")
    if recipe.to_sdr:
        stream = _to_sdr(stream, facts)
    return stream.filter("format", "yuv420p")


def rate_of(facts: MediaFacts, recipe: Recipe) -> str:
    """Return the frame rate of the result as a fraction; television's rates are exact."""
    rate = recipe.frame_rate or facts.frame_rate or frame_rate_for(facts, _NO_LIMITS) or 30.0
    television = Fraction(round(rate) * 1000, 1001)
    if round(rate) and abs(rate - television) < 0.002:
        return str(television)
    return str(Fraction(rate).limit_denominator(1000))


def _shaped(stream: Any, recipe: Recipe) -> Any:  # noqa: ANN401 - as above
    wide, high = recipe.width, recipe.height
    if recipe.fill == "crop":
        stream = _covering(stream, wide, high).filter("crop", wide, high)
    elif recipe.fill == "pad":
        stream = _within(stream, wide, high)
        stream = stream.filter("pad", wide, high, "(ow-iw)/2", "(oh-ih)/2")
    else:
        parts = stream.filter_multi_output("split", 2)
        small = [max(2, side // _BLUR_SIDE // 2 * 2) for side in (wide or 2, high or 2)]
        back = _covering(parts[0], *small).filter("crop", *small).filter("gblur", sigma=4)
        back = back.filter("scale", wide, high).filter("setsar", 1)
        stream = ffmpeg.overlay(
            back, _within(parts[1], wide, high), x="(W-w)/2", y="(H-h)/2", format="auto"
        )
    return stream.filter("setsar", 1)


def _covering(stream: Any, wide: int | None, high: int | None) -> Any:  # noqa: ANN401 - as above
    return _square(stream).filter("scale", wide, high, force_original_aspect_ratio="increase")


def _within(stream: Any, wide: int | None, high: int | None) -> Any:  # noqa: ANN401 - as above
    scaled = _square(stream).filter(
        "scale", wide, high, force_original_aspect_ratio="decrease", force_divisible_by=2
    )
    return scaled.filter("setsar", 1)


def _square(stream: Any) -> Any:  # noqa: ANN401 - as above
    """Make pixels square, so that a shape is what is seen."""
    return stream.filter("scale", "max(2,trunc(iw*sar/2)*2)", "ih").filter("setsar", 1)


def _to_sdr(stream: Any, facts: MediaFacts) -> Any:  # noqa: ANN401 - as above
    """Bring PQ or HLG light to BT.709. Source: ITU-R BT.2100-2 and BT.709-6."""
    linear = stream.filter(
        "zscale",
        tin=facts.color_transfer,
        min="bt2020nc",
        pin="bt2020",
        rin="tv",
        t="linear",
        npl=100,
    )
    mapped = linear.filter("format", "gbrpf32le").filter("zscale", p="bt709")
    mapped = mapped.filter("tonemap", "hable", desat=0)
    return mapped.filter("zscale", t="bt709", m="bt709", r="tv")


def _sound(stream: Any, recipe: Recipe) -> Any:  # noqa: ANN401 - as above
    stream = stream.filter("aresample", **{"async": 1, "first_pts": 0})
    if recipe.speed != 1:
        stream = stream.filter("atempo", f"{recipe.speed:g}")
    if recipe.loudness is not None:
        # Source: EBU R 128, 2023: true peaks stay below -1 dB.
        stream = stream.filter("loudnorm", I=recipe.loudness, TP=-1.5, LRA=11)
    return stream


def _silence(recipe: Recipe, seconds: float) -> Any:  # noqa: ANN401 - as above
    layout = "mono" if recipe.audio_channels == 1 else "stereo"
    source = f"anullsrc=r={recipe.audio_rate or 48_000}:cl={layout}"
    return ffmpeg.input(source, f="lavfi", t=f"{seconds:.3f}")["a:0"]


def _sound_options(recipe: Recipe, whole_bits: float) -> dict[str, Any]:
    options: dict[str, Any] = {"acodec": "aac", "b:a": sound_bits(whole_bits)}
    if recipe.audio_rate is not None:
        options["ar"] = recipe.audio_rate
    if recipe.audio_channels is not None:
        options["ac"] = recipe.audio_channels
    return options | {"flags:a": "+bitexact"}


def _whole_bits(facts: MediaFacts, recipe: Recipe) -> float:
    """Return the bits a second that picture and sound share."""
    if recipe.most_bytes is None:
        return SOUND_UNLIMITED
    return recipe.most_bytes * 8 / max(result_seconds(facts, recipe), 0.1)


def picture_bits(facts: MediaFacts, recipe: Recipe) -> int:
    """Return the bits a second of the picture of what is encoded in two passes."""
    whole = _whole_bits(facts, recipe)
    most = recipe.most_bit_rate or SOUND_UNLIMITED
    return int(max(1000, min((whole - sound_bits(whole)) * SPARE_SHARE, most)))


def _picture_options(facts: MediaFacts, job: Job, number: int, threads: int) -> dict[str, Any]:
    recipe = job.recipe
    rate = float(Fraction(rate_of(facts, recipe)))
    options: dict[str, Any] = {
        "vcodec": "libx264",
        "preset": "veryfast",
        "profile:v": "high",
        "g": max(1, round(rate * KEY_SECONDS)),
        "threads": threads,
        "flags:v": "+bitexact+cgop",
        "t": f"{result_seconds(facts, recipe):.3f}",
    }
    if recipe.to_sdr:
        options |= {"color_primaries": "bt709", "color_trc": "bt709", "colorspace": "bt709"}
    if recipe.most_bytes is None:
        options["crf"] = QUALITY
    else:
        options |= {"b:v": picture_bits(facts, recipe), "pass": number}
        options["x264-params"] = f"stats={job.stats}"
    if recipe.most_bit_rate is not None:
        options |= {"maxrate": recipe.most_bit_rate, "bufsize": recipe.most_bit_rate}
    if not _is_written(job, number):
        return options | {"format": "null"}
    return options | CONTAINER
