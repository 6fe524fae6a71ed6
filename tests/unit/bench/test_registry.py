from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.bench import __main__ as bench
from tests.bench.registry import BENCHMARKS, UnknownBenchmarkError, choose
from tests.bench.results import Result, at_most
from tests.bench.world import SAMPLE, make_video


def test_no_name_means_all() -> None:
    assert choose("") == list(BENCHMARKS)


def test_beginning_of_a_name_is_enough() -> None:
    assert choose("over") == ["overlap"]
    assert choose("c") == ["cpu", "cli"]


def test_unknown_name_is_one_line_and_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UnknownBenchmarkError):
        choose("nothing")
    assert bench.main(["nothing"]) == 2
    assert bench.main(["cpu", "cli"]) == 2
    assert capsys.readouterr().err.count("\n") == 2


@pytest.mark.parametrize(("value", "code"), [(1.0, 0), (3.0, 1)])
def test_missed_goal_is_code_1_and_all_is_written(
    value: float, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def measure(name: str) -> Sequence[Result]:
        return [at_most(name, value, 2, method="fixed")]

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bench, "_measure", measure)
    assert bench.main(["cli"]) == code
    assert json.loads((tmp_path / "bench.json").read_text())[0]["ok"] is (code == 0)


def test_video_has_exactly_the_size_and_another_content_each_time(tmp_path: Path) -> None:
    size = SAMPLE.stat().st_size + 100_000
    first, second = (make_video(tmp_path / name, size) for name in ("a.mp4", "b.mp4"))
    assert first.stat().st_size == second.stat().st_size == size
    assert first.read_bytes() != second.read_bytes()
    with pytest.raises(ValueError, match="smaller"):
        make_video(tmp_path / "c.mp4", 10)
