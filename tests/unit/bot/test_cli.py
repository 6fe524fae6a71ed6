from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.cli import COMMANDS, root_cause, run_command
from core.errors import RefusedError, SettingsError
from tests.terminal import ROOT, Terminal, run_python

HELPS = """
import io, json, sys
from contextlib import redirect_stdout
from bot.cli import COMMANDS, run_command
for words in [[], *([name] for name in COMMANDS), ["account", "add"], ["account", "list"]]:
    with redirect_stdout(io.StringIO()) as said:
        try:
            run_command([*words, "--help"])
        except SystemExit as leave:
            assert leave.code == 0
    assert "usage:" in said.getvalue()
print(json.dumps(sorted(sys.modules)))
"""
HEAVY = {"aiogram", "aiohttp", "aiosqlite", "asyncio", "cryptography", "httpx", "pydantic"}

BAD_WORDS = {
    "nothing": [],
    "an unknown command": ["publish"],
    "an unknown option": ["run", "--fast"],
    "no file": ["send"],
    "no action": ["account"],
    "no account": ["account", "add"],
    "an unknown platform": ["account", "add", "vimeo", "name", "id"],
    "an option without a value": ["account", "add", "tiktok", "n", "i", "--option"],
    "no backup": ["restore"],
    "no target": ["backup"],
    "a port that is none": ["demo", "--port", "http"],
    "a port that is too high": ["demo", "--port", "65535"],
    "a port below 0": ["demo", "--port", "-1"],
}
BAD_FILES = {
    "no file to send": (["send", "missing.mp4"], "missing.mp4: no such file"),
    "a folder to send": (["send", "."], "no such file"),
    "an empty file to send": (["send", "empty.mp4"], "empty (0 bytes)"),
    "no account to send to": (["send", "words.mp4"], "No channel is connected"),
    "no backup": (["restore", "missing.db"], "missing.db: no such file"),
    "no database as backup": (["restore", "words.mp4", "--yes"], "not a database"),
    "a folder to back up to": (["backup", "."], "is a directory"),
    "no config": (["--config", "missing.py", "doctor"], "missing.py: no such file"),
    "a config that is no Python": (["--config", "words.mp4", "doctor"], "words.mp4: cannot be"),
    "a config without settings": (["--config", "empty.py", "doctor"], "no dict APP_CONFIG"),
    "a config with an unknown key": (["--config", "odd.py", "doctor"], "telegram.token?"),
    "a config with a bad value": (["--config", "bad.py", "doctor"], "upload_workers: "),
    "no token": (["run"], "telegram.token is empty"),
    "a video without once": (["demo", "--video", "words.mp4"], "need --once"),
    "a caption without once": (["demo", "--caption", "words"], "need --once"),
    "json without once": (["demo", "--json"], "need --once"),
    "no video for the demo": (["demo", "--once", "--video", "missing.mp4"], "no such file"),
    "a folder for the demo": (["demo", "--once", "--video", "."], "is no file"),
    "an empty video for the demo": (["demo", "--once", "--video", "empty.mp4"], "is empty"),
    "words for the demo": (["demo", "--once", "--video", "words.mp4"], "is no video"),
}
BAD_ACCOUNTS = {
    "no token": ("", [], "access_token="),
    "an unknown secret": ("acces_token=t", [], "unknown acces_token"),
    "a line without a sign": ("access_token", [], "write KEY=VALUE"),
    "a line without a key": ("=t", [], "write KEY=VALUE"),
    "bytes that are no text": (b"access_token=\xff\xfe", [], "no text"),
    "an option without a sign": ("access_token=t", ["--option", "login"], "--option"),
}


@pytest.fixture
def terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    monkeypatch.chdir(tmp_path)
    terminal = Terminal(tmp_path, capsys)
    terminal.write("empty.mp4")
    terminal.write("empty.py")
    terminal.write("words.mp4", b"these are words")
    terminal.write("odd.py", b'APP_CONFIG = {"telegram": {"tokn": "1:secret"}}')
    terminal.write("bad.py", b'APP_CONFIG = {"upload_workers": "many"}')
    return terminal


def test_help_of_every_command_imports_nothing_heavy() -> None:
    loaded = set(json.loads(run_python(HELPS)))
    assert not HEAVY & loaded


def test_every_command_of_the_readme_is_there() -> None:
    named = set(re.findall(r"`karvon (\w+)", (ROOT / "README.md").read_text()))
    assert named <= set(COMMANDS)
    assert {"run", "demo", "worker", "send", "account", "doctor"} <= named


@pytest.mark.parametrize("words", BAD_WORDS.values(), ids=BAD_WORDS)
def test_bad_arguments_are_one_line_and_code_2(words: list[str], terminal: Terminal) -> None:
    said = terminal.type(*words)
    assert said.code == 2
    assert "see karvon --help" in said.line
    assert not said.out


@pytest.mark.parametrize(("words", "part"), BAD_FILES.values(), ids=BAD_FILES)
def test_what_cannot_be_done_is_one_line_and_code_2(
    words: list[str], part: str, terminal: Terminal
) -> None:
    said = terminal.type(*words)
    assert said.code == 2
    assert part in said.line
    assert not said.out


@pytest.mark.parametrize(("stdin", "options", "part"), BAD_ACCOUNTS.values(), ids=BAD_ACCOUNTS)
def test_a_bad_account_is_one_line_and_nothing_is_saved(
    stdin: str | bytes, options: list[str], part: str, terminal: Terminal
) -> None:
    said = terminal.type("account", "add", "tiktok", "me", "id", *options, stdin=stdin)
    assert said.code == 2
    assert part in said.line
    assert not terminal.data.exists()


def test_a_name_that_is_too_long_is_refused_without_the_token(terminal: Terminal) -> None:
    said = terminal.type("account", "add", "tiktok", "n" * 61, "id", stdin="access_token=secret1")
    assert said.code == 2
    assert "name: " in said.line
    assert "secret1" not in said.err


def test_an_unknown_variable_of_the_environment_is_refused_with_the_nearest_name(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KARVON_UPLOAD_WORKER", "3")
    said = terminal.type("doctor")
    assert said.code == 2
    assert "KARVON_UPLOAD_WORKERS?" in said.line


def test_a_data_folder_that_is_a_file_is_one_line(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KARVON_DATA_DIR", str(terminal.folder / "words.mp4"))
    said = terminal.type("send", "words.mp4")
    assert said.code == 2
    assert "words.mp4" in said.line


def test_a_wanted_interruption_leaves_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.commands.doctor.run", interrupt)
    assert run_command(["doctor"]) == 130


def test_failures_of_tasks_are_told_by_their_cause() -> None:
    cause = SettingsError("telegram.token is bad")
    group = ExceptionGroup("tasks", [ExceptionGroup("more", [cause])])
    assert root_cause(group) is cause


def test_a_refusal_inside_of_tasks_has_its_sentence(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> int:
        raise ExceptionGroup("tasks", [RefusedError("no_such_file", path="a.mp4")])

    monkeypatch.setattr("bot.commands.doctor.run", refuse)
    said = terminal.type("doctor")
    assert said.code == 2
    assert said.line == "a.mp4: no such file. Check the path."


def test_a_bug_is_not_dressed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(_: object) -> int:
        raise LookupError("a bug")

    monkeypatch.setattr("bot.commands.doctor.run", break_down)
    with pytest.raises(LookupError):
        run_command(["doctor"])


def test_the_figures_of_a_terminal_do_without_the_library_of_the_chat() -> None:
    script = "import sys, bot.chat.figures_text, bot.chat.post_figures_text; print(*sys.modules)"
    assert "aiogram" not in run_python(script).split()
