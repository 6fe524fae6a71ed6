from __future__ import annotations

from pathlib import Path

from core.studio.layouts import layout
from core.studio.profiles import PROFILES
from core.studio.thumbnails import Score, best, chosen_frames, pick, read_scores
from core.studio.timeline import Timeline, plan_timeline
from tests.mashup_kit import looked, mashup, part

TOLD = """\
frame:0    pts:0       pts_time:0
lavfi.signalstats.YLOW=20
lavfi.signalstats.YAVG=90.5
lavfi.signalstats.YHIGH=200
lavfi.blur=4.5
frame:1    pts:1       pts_time:0.03
lavfi.signalstats.YLOW=16
lavfi.signalstats.YAVG=16
lavfi.signalstats.YHIGH=17
lavfi.blur=-nan
"""


def line(seconds: float) -> Timeline:
    path = Path("/m/a.mp4")
    wanted = mashup(part(path), seconds=seconds)
    return plan_timeline(wanted, layout("full"), {str(path): looked()}, PROFILES["general"])


def test_several_frames_are_compared() -> None:
    assert chosen_frames(line(10), None) == (30, 90, 150, 210, 270)
    assert chosen_frames(line(0.1), None) == (0, 1, 2)


def test_a_chosen_time_is_one_frame() -> None:
    assert chosen_frames(line(10), 4.0) == (120,)
    assert chosen_frames(line(10), 99.0) == (299,)


def test_reads_what_the_filters_tell() -> None:
    sharp, black = read_scores(TOLD)
    assert sharp == Score(blur=4.5, brightness=90.5, contrast=180)
    assert not black.is_good


def test_the_sharpest_that_is_not_black_is_best() -> None:
    good = Score(blur=6, brightness=100, contrast=80)
    sharper = Score(blur=5, brightness=100, contrast=80)
    black = Score(blur=1, brightness=17, contrast=2)
    assert best([black, good, sharper]) == 2
    assert best([black, Score(blur=3, brightness=20, contrast=3)]) == 1


def test_only_the_best_one_is_kept(tmp_path: Path) -> None:
    for size in ("1280x720", "1080x1920"):
        for number in (1, 2):
            (tmp_path / f"still-{size}-{number}.jpg").write_bytes(b"x")
    (tmp_path / "scores.txt").write_text(TOLD)

    found = pick(tmp_path)

    assert found == {
        "1280x720": tmp_path / "still-1280x720-1.jpg",
        "1080x1920": tmp_path / "still-1080x1920-1.jpg",
    }
    assert len(list(tmp_path.glob("*.jpg"))) == 2
