from __future__ import annotations

import json
import logging
import logging.handlers
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from yarl import URL

from utils.log import KEPT_DAYS, clear_logs, set_up_log

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    for handler in handlers:
        root.removeHandler(handler)
    folder = tmp_path / "data" / "logs"
    set_up_log(folder, debug=False, console=False)
    yield folder
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "karvon.log").read_text().splitlines()]


def test_each_record_is_one_line_of_json(folder: Path) -> None:
    logging.getLogger("bot.app").info("upload live", extra={"upload": 7, "platform": "tiktok"})
    (line,) = lines(folder)
    assert line["event"] == "upload live"
    assert (line["upload"], line["platform"]) == (7, "tiktok")
    assert (line["level"], line["logger"]) == ("info", "bot.app")
    assert datetime.fromisoformat(line["timestamp"]).tzinfo == UTC


@pytest.mark.parametrize(
    "value",
    [
        TOKEN,
        {"address": f"https://host/bot{TOKEN}/getMe", "more": [TOKEN, (TOKEN,)]},
        URL(f"https://host/bot{TOKEN}/getMe"),
        ValueError(f"no answer from bot{TOKEN}"),
        TOKEN.encode(),
    ],
)
def test_credentials_are_taken_out_at_any_depth(folder: Path, value: object) -> None:
    logging.getLogger("bot").warning("failed %s", TOKEN, extra={"why": value})
    text = (folder / "karvon.log").read_text()
    assert "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw" not in text
    assert "***" in text


def test_credentials_are_taken_out_of_tracebacks(folder: Path) -> None:
    error = ConnectionError(f"https://host/bot{TOKEN}/getMe")
    logging.getLogger("bot").error("failed", exc_info=error)
    (line,) = lines(folder)
    assert "ConnectionError" in line["exception"]
    assert TOKEN not in line["exception"]


def test_line_breaks_in_a_value_do_not_make_another_record(folder: Path) -> None:
    logging.getLogger("bot").info("said", extra={"text": 'one\n{"event": "forged"}'})
    (line,) = lines(folder)
    assert line["event"] == "said"


def test_debug_records_and_talkative_libraries_are_left_out(folder: Path) -> None:
    logging.getLogger("bot").debug("detail")
    logging.getLogger("httpx").info("HTTP Request: GET …")
    assert not (folder / "karvon.log").exists()


def test_debug_shows_both(folder: Path) -> None:
    set_up_log(folder, debug=True, console=False)
    logging.getLogger("bot").debug("detail")
    logging.getLogger("httpx").info("asked")
    assert [line["event"] for line in lines(folder)] == ["detail", "asked"]


def test_folders_and_files_are_only_for_their_owner(folder: Path) -> None:
    logging.getLogger("bot").info("begins")
    modes = [path.stat().st_mode & 0o777 for path in (folder.parent, folder)]
    assert modes == [0o700, 0o700]
    assert (folder / "karvon.log").stat().st_mode & 0o777 == 0o600


def test_a_file_is_turned_at_midnight_and_kept_for_two_weeks(folder: Path) -> None:
    (handler,) = [
        handler
        for handler in logging.getLogger().handlers
        if isinstance(handler, logging.handlers.TimedRotatingFileHandler)
    ]
    assert (handler.when, handler.utc, handler.backupCount) == ("MIDNIGHT", True, KEPT_DAYS)
    logging.getLogger("bot").info("yesterday")
    handler.doRollover()
    logging.getLogger("bot").info("today")
    assert [line["event"] for line in lines(folder)] == ["today"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())


def test_clearing_empties_today_and_removes_earlier_days(folder: Path) -> None:
    logging.getLogger("bot").info("before")
    (folder / "karvon.log.2026-01-01").write_text("{}\n")
    assert clear_logs(folder) == 2
    logging.getLogger("bot").info("after")
    assert [path.name for path in folder.iterdir()] == ["karvon.log"]
    assert [line["event"] for line in lines(folder)] == ["after"]


def test_setting_up_again_writes_each_record_once(folder: Path) -> None:
    set_up_log(folder, debug=False, console=False)
    logging.getLogger("bot").info("once")
    assert len(lines(folder)) == 1


def test_the_console_shows_the_same_without_credentials(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_log(folder, debug=False)
    logging.getLogger("bot").info("begins", extra={"token": TOKEN})
    said = capsys.readouterr().err
    assert "begins" in said
    assert TOKEN not in said
