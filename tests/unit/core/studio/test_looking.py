"""Tests of what is known of a file before it is rendered, and of renders of odd ones."""

from __future__ import annotations

import shutil
import struct
from pathlib import Path

import pytest

from core.studio.errors import StudioError
from core.studio.looking import full_path, look, require_unchanged
from core.studio.mashup import Mashup
from core.studio.render import render
from tests.media_kit import encode
from tests.seen_kit import (
    FAST,
    brightness,
    colour_at,
    first,
    make_small,
    part,
    picture,
    plain,
    samples,
)

pytestmark = pytest.mark.timeout(90)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    make_small(monkeypatch)


def full(path: Path, **more: object) -> Mashup:
    fields = {"layout": "full", "parts": (part(path),), "thumbnail": None, "loudness": None}
    return Mashup.model_validate(fields | more)


def flash() -> Path:
    """Flashes and beeps at 1.5 s; key frames are seldom, and frames come out of order."""
    seen = "color=black:s=180x320:r=30:d=2,drawbox=t=fill:c=white:enable='between(n,45,50)'"
    heard = "aevalsrc=0.5*sin(6000*t)*between(t\\,1.5\\,1.7):s=48000:d=2"
    kind = (*FAST, "-preset", "veryfast", "-g", "99", "-c:a", "aac")
    return encode("flash.mp4", "-f", "lavfi", "-i", seen, "-f", "lavfi", "-i", heard, *kind)


def cut() -> Path:
    """The same from 0.7 s on, by an edit list."""
    return encode("cut.mp4", "-ss", "0.7", "-i", str(flash()), "-c", "copy")


def late(stream: str) -> Path:
    """The same where the picture, or the sound, begins half a second later."""
    other = "a" if stream == "v" else "v"
    source = ("-itsoffset", "0.5", "-i", str(flash()), "-i", str(flash()))
    return encode(f"late-{stream}.mp4", *source, "-map", f"0:{stream}", "-map", f"1:{other}",
                  "-c", "copy")  # fmt: skip


@pytest.mark.parametrize(
    ("source", "seen_at", "heard_at", "seconds", "is_copied"),
    [
        (flash, 1.5, 1.5, 2.0, True),
        (cut, 0.8, 0.8, 1.3, False),
        (lambda: late("v"), 2.0, 1.5, 2.5, False),
        (lambda: late("a"), 1.5, 2.0, 2.0, True),
    ],
)
async def test_picture_and_sound_stay_together(
    source: object,
    seen_at: float,
    heard_at: float,
    seconds: float,
    is_copied: bool,
    tmp_path: Path,
) -> None:
    assert callable(source)
    made = await render(full(source()), tmp_path / "out.mp4", folder=tmp_path)
    assert made.sheet["settings"]["copied"] is is_copied
    assert made.facts.duration_seconds == pytest.approx(seconds, abs=0.05)
    assert first(brightness(made.path), lambda light: light > 60) / 30 == pytest.approx(
        seen_at, abs=0.034
    )
    loud = abs(samples(made.path)) > 0.1
    if heard_at < seconds:
        assert int(loud.argmax()) / 48_000 == pytest.approx(heard_at, abs=0.03)


async def test_what_cannot_be_copied_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if its packets looked as they should.
    monkeypatch.setattr("core.studio.looking._begins", lambda *_: True)
    made = await render(full(cut()), tmp_path / "out.mp4", folder=tmp_path)
    assert made.sheet["settings"]["copied"] is False
    assert made.facts.duration_seconds == pytest.approx(1.3, abs=0.05)


@pytest.mark.parametrize("seconds", [3.9, 5.3])
async def test_what_is_repeated_stays_in_step(
    seconds: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if it were too long to be kept in memory: opened for each round, or prepared.
    monkeypatch.setattr("core.studio.render.LOOP_BYTES", 0)
    made = await render(full(cut(), seconds=seconds), tmp_path / "o.mp4", folder=tmp_path)
    light, loud = brightness(made.path), abs(samples(made.path)) > 0.1
    for number in range(int(seconds / 1.3)):
        at = number * 1.3
        assert first(light, lambda one: one > 60, round(at * 30)) / 30 == pytest.approx(
            at + 0.8, abs=0.034
        )
        heard = loud[round(at * 48_000) :].argmax() / 48_000
        assert heard == pytest.approx(0.8, abs=0.03)


async def test_the_still_of_a_copy_is_not_its_black_first_frame(tmp_path: Path) -> None:
    seen = "testsrc=s=180x320:r=30:d=1,fade=d=0.1"
    # With one key frame at its very start.
    path = encode("dark.mp4", "-f", "lavfi", "-i", seen, *FAST)
    made = await render(full(path, thumbnail={}), tmp_path / "out.mp4", folder=tmp_path)
    assert made.sheet["settings"]["copied"] is True
    assert all(picture(still, 0).mean() > 60 for still in made.thumbnails.values())


def turned(folder: Path, way: int) -> Path:
    """A photo whose left half is blue, and which is told to be turned.

    Source: CIPA DC-008, Exif 2.32, 4.6.2 and 4.6.4: tag 0x112 is the orientation.
    """
    seen = "color=red:s=320x160,drawbox=w=160:t=fill:c=blue"
    content = encode("photo.jpg", "-f", "lavfi", "-i", seen, "-frames:v", "1").read_bytes()
    tag = struct.pack("<HHIHH", 0x112, 3, 1, way, 0)
    told = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 1) + tag + bytes(4)
    path = folder / "turned.jpg"
    path.write_bytes(content[:2] + b"\xff\xe1" + struct.pack(">H", len(told) + 2) + told
                     + content[2:])  # fmt: skip
    return path


@pytest.mark.parametrize(("way", "above", "below"), [(6, "blue", "red"), (8, "red", "blue")])
async def test_a_photo_of_a_phone_stands_upright(
    way: int, above: str, below: str, tmp_path: Path
) -> None:
    wanted = full(turned(tmp_path, way), seconds=0.2).model_copy(
        update={"parts": (part(tmp_path / "turned.jpg", fit="contain"),)}
    )
    seen = picture((await render(wanted, tmp_path / "o.mp4", folder=tmp_path)).path, 0.1)
    assert colour_at(seen, 90, 20) == above
    assert colour_at(seen, 90, 300) == below
    assert colour_at(seen, 3, 160) == "black"


async def test_a_gif_of_one_picture_is_a_still_one() -> None:
    one = encode("one.gif", "-f", "lavfi", "-i", "color=red:s=32x32", "-frames:v", "1")
    several = encode("several.gif", "-f", "lavfi", "-i", "testsrc=s=32x32:r=10:d=1")
    assert (await look(one)).is_still
    assert not (await look(several)).is_still


async def test_a_file_is_changed_when_its_bytes_are(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    shutil.copyfile(plain("red"), path)
    looked = await look(path)
    path.write_bytes(path.read_bytes())
    await require_unchanged(looked, gone_is_fine=False)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(StudioError, match="replaced"):
        await require_unchanged(looked, gone_is_fine=True)
    path.unlink()
    await require_unchanged(looked, gone_is_fine=True)
    with pytest.raises(StudioError, match="missing"):
        await require_unchanged(looked, gone_is_fine=False)


def test_a_name_may_begin_like_a_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    assert full_path(Path("~/a.mp4")) == Path("/home/me/a.mp4")
    assert full_path(Path("~no such person.mp4")) == Path("~no such person.mp4").absolute()
