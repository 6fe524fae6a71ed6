"""Nothing that a file holds, or a name or a text says, gets out of the graph or the folder."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from bot.chat.texts import has
from core.studio.errors import StudioError
from core.studio.looking import look
from core.studio.mashup import Captions, Mashup, Music, Thumbnail, Watermark
from tests.fit_kit import mutations
from tests.media_kit import encode
from tests.seen_kit import made, make_small, part, plain, report

pytestmark = pytest.mark.timeout(90)
LOOKED, MADE = 300, 10
"""So many damaged files are looked at, and so many of those that seem fine are rendered."""
SECRET = b"nobody may read this"
EVIL = (
    "-rf.mp4",
    "--help.mp4",
    'it\'s "quoted".mp4',
    "two\nlines.mp4",
    "100%d %03d.mp4",
    "a:b=c,d;[e]@f.mp4",
    "\\'\\\\;drawtext=textfile=secret.mp4",
    "$(touch out) `touch out`.mp4",
    "* ?|&>out.mp4",
    "http:evil.mp4",
)
TEXTS = (
    "':textfile=secret.txt:x='",
    "{\\p1}m 0 0 l 999 999{\\p0}{\\t(0,1,\\fscx999)}",
    "%{pts}%{expr:1/0}%{eif\\:1\\:d}",
    "[0:v]null[x];[x],movie=secret.txt",
    "Dialogue: 0,0:00:00.00,9:59:59.99,Default,,0,0,0,,injected",
    "back\\slash \\N \\h \\n",
    "a\x00b\x1bc\u202ed",
)
SCRIPTED = """[Script Info]
ScriptType: v4.00+
PlayResX: 999999999

[V4+ Styles]
Format: Name, Fontname, Fontsize
Style: Default,../../secret.txt,99999999

[Fonts]
fontname: ../../out.ttf
!!!!

[Graphics]
filename: ../../out.png
!!!!

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Comment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,template line,!os.execute("touch out")!
Dialogue: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,{\\fn../../secret.txt\\move(0,0,9,9)}Hello
"""
LISTS = {
    "list.m3u8": b"#EXTM3U\n#EXTINF:1,\nsecret.txt\n#EXT-X-ENDLIST\n",
    "list.txt": b"ffconcat version 1.0\nfile secret.txt\n",
    "list.mp4": b"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1,\nconcat:secret.txt|/etc/passwd\n",
    "show.sdp": b"v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
    "page.mpd": b'<?xml version="1.0"?><MPD><Period><BaseURL>secret.txt</BaseURL></Period></MPD>',
    "drawn.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><image href="secret.txt"/></svg>',
    "text.srt": b"1\n00:00:00,000 --> 00:00:01,000\nno video\n",
    "nothing.mp4": b"",
    "page.html": b"<html><script>alert(1)</script></html>",
}


@pytest.fixture(autouse=True)
def watched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[None]:
    """See that nothing is written but into ``work``, no process stays and no secret gets out."""
    del request
    make_small(monkeypatch)
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret.txt").write_bytes(SECRET)
    before = _children()
    yield
    assert {path.name for path in tmp_path.iterdir()} <= {"secret.txt", "work", "given"}
    assert not [path for path in work.iterdir() if path.is_dir()]
    assert all(SECRET not in path.read_bytes() for path in work.iterdir())
    assert _children() <= before


def _children() -> set[str]:
    """Return the processes that were started here; servers of other tests may be among them."""
    tasks = Path("/proc/self/task").glob("*/children")
    return {pid for task in tasks for pid in task.read_text().split()}


def given(tmp_path: Path, name: str, content: bytes) -> Path:
    folder = tmp_path / "given"
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    return path


def refusal(mashup: Mashup, tmp_path: Path) -> StudioError:
    """Return why a mashup is not made; nothing may be left of it."""
    out = tmp_path / "work" / "out.mp4"
    with pytest.raises(StudioError) as raised:
        made(mashup, out, preview=True)
    assert list(out.parent.iterdir()) == []
    assert has(f"studio_{raised.value.key}"), raised.value.key
    return raised.value


def full(path: Path) -> Mashup:
    return Mashup(layout="full", parts=(part(path),), seconds=0.3)


def test_names_are_nothing_but_names(tmp_path: Path) -> None:
    video, picture = plain("red", sound="sine=440").read_bytes(), _still().read_bytes()
    words = b"1\n00:00:00,000 --> 00:00:01,000\nHello\n"
    parts = [part(given(tmp_path, name, video), seconds=0.1) for name in EVIL]
    mashup = Mashup(
        layout="sequence",
        parts=tuple(parts),
        music=Music(file=part(given(tmp_path, "-i 'x':\n%d.m4a", video)).file),
        watermark=Watermark(file=part(given(tmp_path, "-y %d [w]:;'.png", picture)).file),
        captions=Captions(file=part(given(tmp_path, "a'b:c\\[d],e;f=%.srt", words)).file),
    )
    out = tmp_path / "work" / "-out %d 'of':\n;[x].mp4"
    result = made(mashup, out)
    assert result.path == out
    assert len(report(out)["streams"]) == 2
    assert sorted(path.name for path in out.parent.iterdir()) == sorted(
        [out.name, f"{out.stem}.json", f"{out.stem}-1280x720.jpg", f"{out.stem}-1080x1920.jpg"]
    )


def test_texts_are_nothing_but_texts(tmp_path: Path) -> None:
    mashup = full(plain("red")).model_copy(
        update={
            "captions": Captions(text="\n".join(TEXTS), size=0.02),
            "watermark": Watermark(text=TEXTS[0] + TEXTS[1]),
            "attribution": " ".join(TEXTS),
            "thumbnail": None,
        }
    )
    result = made(mashup, tmp_path / "work" / "out.mp4")
    assert result.facts.duration_seconds == pytest.approx(0.3, abs=0.05)


def test_scripts_in_subtitles_are_left_out(tmp_path: Path) -> None:
    script = given(tmp_path, "evil.ass", SCRIPTED.encode())
    captions = Captions(file=part(script).file)
    mashup = full(plain("red")).model_copy(update={"captions": captions})
    made(mashup, tmp_path / "work" / "out.mp4")


@pytest.mark.parametrize("name", LISTS)
def test_lists_and_pages_are_no_videos(name: str, tmp_path: Path) -> None:
    refusal(full(given(tmp_path, name, LISTS[name])), tmp_path)


@pytest.mark.parametrize("target", ["secret.txt", "/etc/passwd", "/dev/zero", "/proc/self/mem"])
def test_links_to_other_things_are_refused(target: str, tmp_path: Path) -> None:
    link = tmp_path / "given" / "link.mp4"
    link.parent.mkdir()
    link.symlink_to(tmp_path / target)
    refusal(full(link), tmp_path)


def test_pipes_and_folders_are_refused_at_once(tmp_path: Path) -> None:
    pipe = tmp_path / "given" / "pipe.mp4"
    pipe.parent.mkdir()
    os.mkfifo(pipe)
    refusal(full(pipe), tmp_path)
    refusal(full(pipe.parent), tmp_path)
    refusal(full(tmp_path / "given" / "missing.mp4"), tmp_path)


def test_an_address_is_no_file(tmp_path: Path) -> None:
    for address in ("http://127.0.0.1:9/x.mp4", "concat:secret.txt", "file:secret.txt", "-"):
        mashup = Mashup.model_validate({"layout": "full", "parts": [{"file": {"path": address}}]})
        refusal(mashup, tmp_path)


def test_damaged_files_are_told_and_leave_nothing(tmp_path: Path) -> None:
    tiny = encode(
        "tiny.mp4",
        *("-f", "lavfi", "-i", "testsrc2=s=64x112:r=10:d=0.5", "-f", "lavfi", "-i", "sine=d=0.5"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"),
    ).read_bytes()
    paths = [
        given(tmp_path, f"{number}.mp4", content)
        for number, content in enumerate(mutations(tiny, LOOKED, seed=11))
    ]
    fine = [path for path in paths if _trouble(partial(_look, path)) is None]
    assert 0 < len(fine) < LOOKED
    for path in fine[:MADE]:
        _trouble(partial(made, full(path), tmp_path / "work" / f"{path.stem}.mp4", preview=True))


def _look(path: Path) -> None:
    asyncio.run(look(path))


def _trouble(call: Callable[[], object]) -> StudioError | None:
    """Return why something does not work, for which there has to be a sentence."""
    try:
        call()
    except StudioError as error:
        trouble = error
    else:
        return None
    assert has(f"studio_{trouble.key}"), trouble.key
    return trouble


def _still() -> Path:
    return encode("mark.png", "-f", "lavfi", "-i", "color=white:s=32x32", "-frames:v", "1")


def test_a_still_may_be_wished_for_where_there_is_none(tmp_path: Path) -> None:
    mashup = full(plain("red")).model_copy(update={"thumbnail": Thumbnail(at=99)})
    result = made(mashup, tmp_path / "work" / "out.mp4")
    assert set(result.thumbnails) == {"1280x720", "1080x1920"}
