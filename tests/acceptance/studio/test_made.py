"""What a whole mashup is, measured: sound, words, container, and that it comes again."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from core.media.boxes import read_layout
from core.studio.mashup import Captions, Mashup, Music, Watermark
from core.studio.process import Limits
from core.studio.render import load_sheet
from core.studio.rendered import Rendered
from tests.bench.likeness import likeness
from tests.media_kit import encode
from tests.seen_kit import (
    FAST,
    brightness,
    clip,
    first,
    loudness,
    made,
    make_small,
    part,
    picture,
    plain,
    report,
    samples,
)

pytestmark = pytest.mark.timeout(90)
SECONDS = 3.0
FRAME = 1 / 30


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    make_small(monkeypatch)


def tune() -> Path:
    return encode("tune.m4a", "-f", "lavfi", "-i", "sine=330:d=8:r=48000", "-c:a", "aac")


def whole_mashup() -> Mashup:
    """Return one with everything over black pictures, so that what is bright was laid over."""
    voice = "aevalsrc=0.2*sin(1400*t)*lt(mod(t\\,1)\\,0.5):s=48000"
    parts = (part(plain("black", sound=voice, seconds=3)), part(plain("black"), volume=0))
    return Mashup(
        layout="side",
        parts=parts,
        seconds=SECONDS,
        music=Music(file=part(tune()).file, fade_in=0.5, fade_out=1.0, duck=False),
        captions=Captions(text="Words\nover it"),
        watermark=Watermark(text="@mark", corner="top_left", opacity=1),
        attribution="Tune by somebody",
        profile="youtube",
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    with pytest.MonkeyPatch.context() as patch:
        make_small(patch)
        folder = tmp_path_factory.mktemp("whole")
        return made(whole_mashup(), folder / "out.mp4", limits=Limits(threads=1))


def test_its_container_is_what_platforms_take(whole: Rendered) -> None:
    video, sound = report(whole.path)["streams"]
    assert read_layout(whole.path).index.first is True
    assert (video["codec_name"], video["profile"], video["pix_fmt"]) == ("h264", "High", "yuv420p")
    assert (video["r_frame_rate"], video["color_space"]) == ("30/1", "bt709")
    told = (sound["codec_name"], sound["sample_rate"], sound["channels"])
    assert told == ("aac", "48000", 2)
    assert whole.sha256 == hashlib.sha256(whole.path.read_bytes()).hexdigest()


def test_picture_and_sound_last_equally_long(whole: Rendered) -> None:
    video, sound = report(whole.path)["streams"]
    assert int(video["nb_frames"]) == round(SECONDS / FRAME)
    assert float(video["duration"]) == pytest.approx(SECONDS, abs=0.001)
    assert float(sound["duration"]) == pytest.approx(SECONDS, abs=0.03)
    assert len(samples(whole.path)) / 48_000 == pytest.approx(SECONDS, abs=0.03)


def test_it_is_as_loud_as_wanted(whole: Rendered) -> None:
    assert loudness(whole.path) == pytest.approx(-14, abs=0.7)


def test_its_words_its_mark_and_its_credit_are_where_they_belong(whole: Rendered) -> None:
    light = picture(whole.path, 1.5).max(axis=2)
    assert light.shape == (320, 180)
    bright = light > 150
    rows = np.flatnonzero(bright[:, 60:120].any(axis=1))
    # YouTube lays its own words over the lowest quarter: ours are above it.
    assert rows.size
    assert rows.max() < 320 * 0.76
    mark = np.argwhere(bright[:70, :90])
    assert mark.size
    assert mark[:, 0].min() >= 320 * 0.09
    assert not bright[80:150].any()


def test_its_stills_show_it(whole: Rendered) -> None:
    sizes = {name: report(path)["streams"][0] for name, path in whole.thumbnails.items()}
    assert {(name, one["width"], one["height"]) for name, one in sizes.items()} == {
        ("1280x720", 1280, 720),
        ("1080x1920", 1080, 1920),
    }


def test_the_sheet_makes_the_same_video_again(whole: Rendered, tmp_path: Path) -> None:
    sheet = whole.path.with_suffix(".json")
    again = made(load_sheet(sheet), tmp_path / "again.mp4", limits=Limits(threads=1))
    assert again.sha256 == whole.sha256
    for name, path in again.thumbnails.items():
        assert path.read_bytes() == whole.thumbnails[name].read_bytes()


def test_music_comes_and_goes_softly(tmp_path: Path) -> None:
    music = Music(file=part(tune()).file, fade_in=1.0, fade_out=1.0, replace=True)
    parts = (part(plain("red", seconds=3)),)
    mashup = Mashup(layout="full", parts=parts, music=music, loudness=None, thumbnail=None)
    heard = samples(made(mashup, tmp_path / "out.mp4").path)
    level = [float(np.sqrt(np.mean(part**2))) for part in np.array_split(heard, 30)]
    assert level[0] < level[15] / 4
    assert level[-1] < level[15] / 4
    assert level[4] == pytest.approx(level[15] * np.sin(np.pi / 4), rel=0.1)
    assert max(level[11:19]) == pytest.approx(min(level[11:19]), rel=0.05)


FLASH = "color=black:@,drawbox=t=fill:c=white:enable='between(n,{0},{1})'"
BEEP = "aevalsrc=0.5*sin(6000*t)*between(t\\,{0}\\,{1}):s=48000"


def flashing(frame: int) -> Path:
    """A video that flashes and beeps at the same moment, for a fifth of a second."""
    start = frame * FRAME
    seen, heard = FLASH.format(frame, frame + 5), BEEP.format(start, start + 0.2)
    return clip("flash", seen, heard, seconds=2)


@pytest.mark.parametrize(
    ("layout", "changes"),
    [("full", {}), ("full", {"start": 0.31}), ("side", {}), ("sequence", {})],
)
def test_a_flash_is_seen_when_its_beep_is_heard(
    layout: str, changes: dict[str, float], tmp_path: Path
) -> None:
    flash = part(flashing(25), **changes)
    parts = {
        "full": [flash],
        "side": [part(plain("black"), when_short="freeze"), flash],
        "sequence": [part(plain("black")), flash],
    }[layout]
    mashup = Mashup.model_validate({"layout": layout, "parts": parts, "thumbnail": None})
    result = made(mashup.model_copy(update={"seconds": 2.4}), tmp_path / "out.mp4").path
    seen = first(brightness(result), lambda light: light > 50) * FRAME
    heard = np.abs(samples(result))
    beep = int(np.flatnonzero(heard > heard.max() / 4)[0]) / 48_000
    assert seen == pytest.approx(beep, abs=FRAME)


def test_the_picture_is_that_of_a_command_by_hand(tmp_path: Path) -> None:
    own = clip("own", "testsrc2=@")
    other = clip("other", "mandelbrot=s=320x240:r=30,trim=end=1", size="320x240")
    mashup = Mashup(layout="stack", parts=(part(own), part(other)), thumbnail=None)
    result = made(mashup, tmp_path / "out.mp4").path
    top = "scale=180:214:force_original_aspect_ratio=increase:flags=bicubic,crop=180:214"
    low = "scale=180:106:force_original_aspect_ratio=increase:flags=bicubic,crop=180:106"
    hand = encode(
        "hand.mp4",
        *("-i", str(own), "-i", str(other)),
        *("-filter_complex", f"[0:v]{top}[a];[1:v]{low}[b];[a][b]vstack"),
        *FAST,
    )
    assert likeness(result, hand) >= 0.98
