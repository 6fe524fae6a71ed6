"""The same mashup made with moviepy, run by the Python of an environment that has it."""

from __future__ import annotations

import json
import sys
from typing import Any


def make(order: dict[str, Any]) -> None:
    import moviepy as mp  # type: ignore[import-not-found] # it has an environment of its own

    seconds, wide, high = order["seconds"], order["width"], order["height"]
    left = wide * 2 // 3
    own, template = (mp.VideoFileClip(order[name]) for name in ("own", "template"))
    cells = [
        own.cropped(x_center=own.w / 2, width=left),
        template.without_audio().cropped(x_center=template.w / 2, width=wide - left),
    ]
    height = round(high * 0.045)
    caption = mp.TextClip(
        font=order["font"],
        text=order["caption"],
        font_size=height,
        color="white",
        stroke_color="black",
        stroke_width=4,
        margin=(8, 8),
    )
    mark = mp.TextClip(
        font=order["font"], text=order["mark"], font_size=round(height * 0.6), color="white"
    )
    music = mp.AudioFileClip(order["music"]).subclipped(0, seconds).with_volume_scaled(0.5)
    fades = [mp.afx.AudioFadeIn(order["fade_in"]), mp.afx.AudioFadeOut(order["fade_out"])]
    whole = mp.CompositeVideoClip(
        [
            cells[0].with_position((0, 0)),
            cells[1].with_position((left, 0)),
            caption.with_position(("center", 0.87), relative=True),
            mark.with_opacity(0.7).with_position((wide - mark.w - 54, round(high * 0.06))),
        ],
        size=(wide, high),
    ).with_duration(seconds)
    sound = mp.CompositeAudioClip([own.audio, music.with_effects(fades)]).with_duration(seconds)
    whole.with_audio(sound).write_videofile(
        order["out"],
        fps=order["rate"],
        codec="libx264",
        preset="veryfast",
        audio_codec="aac",
        audio_bitrate="128k",
        ffmpeg_params=[*("-crf", "21", "-maxrate", "10M", "-bufsize", "10M"), *order["end"]],
        logger=None,
    )
    for number, place in enumerate(order["stills"]):
        whole.save_frame(place, t=seconds / (2 + number))


if __name__ == "__main__":
    make(json.load(sys.stdin))
