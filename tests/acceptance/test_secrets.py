"""No secret of a run stands anywhere in the clear: not in logs, files, answers, chat or dumps."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.control import ask_running
from bot.diagnosis.doctor import Doctor
from core.platforms.base import Job, Session
from core.platforms.registry import require_platform
from tests.acceptance.system import BYTES_STEP, MIB, make_video, open_world
from tests.acceptance.test_kill import held, hold
from tests.chaos.process import Karvon
from tests.integration.test_connect_chat import ask_link, new_browser
from tests.live_chat import EVERYWHERE, LiveChat, open_chat
from tests.secrets import LeakError, Scan, planted
from tests.terminal import ROOT, Terminal, restored_log
from utils.http import Request
from utils.log import set_up_log

pytestmark = pytest.mark.timeout(120)

KINDS = (
    *("settings: client_secret", "settings: telegram.token", "keys.json", "keys.retired.json"),
    *("token: code", "token: code_verifier", "token: access_token", "token: refresh_token"),
    *("tiktok begin: upload_url", "youtube commit: upload_id"),
)
"""What the run must have had, else the search proves little."""
KEY_FILES = ("keys.json", "keys.retired.json")


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    with restored_log():
        yield


def scan_of(chat: LiveChat, settings: dict[str, Any]) -> Scan:
    folder = chat.folder / "data"
    keys = [folder / name for name in KEY_FILES if (folder / name).exists()]
    return Scan(planted(chat.sandbox.journal.rows(), settings, keys))


async def answers_of(app: App, *requests: dict[str, Any]) -> list[Any]:
    return [await ask_running(app.parts.settings, request) for request in requests]


async def test_a_whole_run_with_all_its_troubles_shows_no_secret(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    async with open_chat(tmp_path) as chat:
        set_up_log(tmp_path / "data" / "logs", debug=True)
        told = chat.sandbox.settings()
        copy = tmp_path / "copies" / "backup.db"
        async with chat.running(debug=True, groq=told["groq"]) as app:
            pages = await sign_in(chat)
            await trouble(chat, app)
            requests: list[dict[str, Any]] = [
                {"command": "account_list"},
                {"command": "post", "post_id": 1},
                {"command": "keys_list"},
                {"command": "keys_rotate"},
                {"command": "doctor", "report": True},
                {"command": "backup", "file": str(copy)},
                {"command": "account_add", "account": told["accounts"][1]},
                {"command": "account_add", "account": {**told["accounts"][2], "platform": "x"}},
                {"command": "account_add", "account": wrong(told["accounts"][3])},
            ]
            answers = await answers_of(app, *requests)
            shown = await values_of(app)
            for word in ("/diagnostics", "/accounts", "/limits", "/status", "/post 1"):
                _ = await chat.write(word)
            _ = await chat.ask("/doctor", "🩺")
            doctor = Doctor(app.parts)
            shown += json.dumps(await doctor.report())
        scan = scan_of(chat, told)
        said = [chat.seen(), [row["body"] for row in chat.calls()]]
    for page in pages:
        scan.text("web page", page)
    scan.value("control socket", answers)
    scan.text("repr", shown)
    scan.value("chat", said)
    look_around(scan, tmp_path, capfd, caplog)
    scan.check()
    names = " ".join(scan.secrets.values())
    for name in KINDS:
        assert name in names, sorted(scan.secrets.values())
    assert len(scan.secrets) > 20
    assert copy.exists()


def wrong(account: dict[str, Any]) -> dict[str, Any]:
    return {**account, "access_token": "EAAwrongButSecret00000000000"}


async def trouble(chat: LiveChat, app: App) -> None:
    """Publish with refreshed tokens, refusals, lost connections and a bug inside."""
    chat.fail("youtube", "begin", "expire_token")
    chat.fail("tiktok", "begin", "expire_token")
    chat.fail("graph", "begin", "status", status=500)
    chat.fail("youtube", "commit", "reset", after_bytes=1000)
    chat.fail("tiktok_upload", "part", "drop_answer")
    chat.fail("telegram", "getChat", "reset")
    _ = await chat.send(f"A day at the sea\n{EVERYWHERE}")
    _ = await chat.ended(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(require_platform("youtube")), "build_begin", break_down)
        _ = await chat.send("Another day\nto: youtube, tiktok")
        _ = await chat.ended(2)


async def sign_in(chat: LiveChat) -> list[str]:
    """Connect, deny and paste; return what the browser showed."""
    async with new_browser(chat) as browser:
        link, _ = await ask_link(chat, "google")
        shown = [await browser.sign_in(link)]
        _ = await chat.says("Connected: ")
        link, _ = await ask_link(chat, "facebook")
        shown.append(await browser.sign_in(link, "deny"))
        shown.append(await browser.get(f"{shown[0].url}&code=4/0AfakeCodeThatIsNoCode"))
    async with new_browser(chat, is_elsewhere=True) as browser:
        _, direct = await ask_link(chat, "tiktok")
        stuck = await browser.sign_in(direct)
        _ = await chat.ask(stuck.url, "Connected: ")
        _ = await chat.ask(stuck.url, "was used already")
    return [page.text for page in shown]


def break_down(_: object, session: Session, job: Job) -> Request:
    """Fail as a bug would that repeats what it worked on."""
    token = job.access.access_token
    raise LookupError(f"no step in {session} {job} https://x/?access_token={token} {token}")


async def values_of(app: App) -> str:
    """Return what a debugger or a log line would show of everything that is alive."""
    parts = app.parts
    accounts = await parts.book.all()
    values: list[object] = [parts, parts.settings, parts.keys, parts.book, accounts]
    values += [await parts.book.access(account.id) for account in accounts]
    values += [parts.keys._vault, parts.keys._file.read()]
    for post_id in (1, 2):
        values += [await parts.posts.require(post_id), await parts.posts.uploads(post_id)]
    return "\n".join(map(repr, values)) + repr(vars(parts.keys))


def look_around(
    scan: Scan,
    folder: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Look at what was printed, logged and left on the disk."""
    said = capfd.readouterr()
    scan.text("stdout", said.out)
    scan.text("stderr", said.err)
    scan.files(folder / "data", but=KEY_FILES)
    scan.files(folder / "copies")
    scan.database(folder / "data" / "karvon.db")
    scan.database(folder / "copies" / "backup.db")


async def test_a_process_killed_amid_its_uploads_leaves_no_secret(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        karvon = Karvon(
            tmp_path / "karvon", {**world.raw_settings(), "debug": True}, lift_quotas=False
        )
        hold(world, set(BYTES_STEP.values()), "stall", after_bytes=MIB)
        try:
            await karvon.start()
            await karvon.wait_ready()
            request = {"command": "send", "source": str(make_video(tmp_path, size=8 * MIB).path)}
            _ = await karvon.first_answer({**request, "to": "", "caption": "A clip"})
            await held(world)
            await karvon.kill()
        finally:
            await karvon.close()
        folder = tmp_path / "karvon"
        keys = [folder / "keys.json"]
        scan = Scan(planted(world.sandbox.journal.rows(), world.sandbox.settings(), keys))
        scan.files(folder, but=KEY_FILES)
        scan.data("output", (tmp_path / "karvon.log").read_bytes())
        scan.database(folder / "karvon.db")
    scan.check()
    assert [where for where in scan.secrets.values() if "youtube commit" in where]
    assert [where for where in scan.secrets.values() if "tiktok begin" in where]


# Crashes

SECRETS = {
    "telegram": {"token": "123456789:AAplantedTokenOfTheBot00000000000000"},
    "oauth": {"google": {"client_id": "id", "client_secret": "GOCSPX-plantedClientSecret"}},
    "accounts": [
        {
            "platform": "tiktok",
            "name": "me",
            "remote_id": "r1",
            "access_token": "act.plantedAccessToken0000",
            "refresh_token": "rft.plantedRefreshToken0000",
            "client_secret": "plantedClientSecretOfTikTok",
        }
    ],
}
CRASH = """
import faulthandler, os, sys
from pathlib import Path
from bot.__main__ import main
import bot.parts

how, config = sys.argv[1:]

class Broken(Exception):
    pass

async def build(self):
    settings = self._settings
    account = settings.accounts[0]
    token, secret = account.access_token.get_secret_value(), account.client_secret
    if how == "abort":
        faulthandler.enable()
        os.abort()
    address = f"https://x.test/?access_token={token}&client_secret={secret.get_secret_value()}"
    told = settings.telegram.token.get_secret_value()
    raise Broken(f"{settings!r} {account!r} {address} {told}")

bot.parts.Builder.build = build
sys.argv = ["karvon", "--config", config, "account", "list"]
sys.exit(main())
"""


def planted_words() -> Scan:
    words = json.dumps(SECRETS).replace(",", " ").replace('"', " ").split()
    return Scan({word: "planted" for word in words if "planted" in word})


def crash(folder: Path, how: str) -> subprocess.CompletedProcess[str]:
    config = folder / "config.py"
    config.write_text(f"APP_CONFIG = { ({**SECRETS, 'data_dir': str(folder / 'data')})!r}\n")
    return subprocess.run(
        [sys.executable, "-c", CRASH, how, str(config)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(("how", "code"), [("raise", 1), ("abort", -signal.SIGABRT)])
def test_a_crash_shows_no_secret(tmp_path: Path, how: str, code: int) -> None:
    done = crash(tmp_path, how)
    assert done.returncode == code, done.stderr
    assert ("Broken" if how == "raise" else "Fatal Python error") in done.stderr
    scan = planted_words()
    assert len(scan.secrets) == 5
    scan.text("stderr", done.stderr)
    scan.text("stdout", done.stdout)
    scan.files(tmp_path / "data")
    scan.check()


BAD = {
    "a token that is a list": {"telegram": {"token": ["planted-token-0000"]}},
    "a secret that is a number": {"oauth": {"google": {"client_secret": {"a": "planted-secret"}}}},
    "a token at the wrong place": {"telegram": {"tokn": "planted-token-0000"}},
    "an account that is a word": {"accounts": ["planted-token-0000"]},
    "an account with a wrong key": {"accounts": [{"acess_token": "planted-token-0000"}]},
    "a token that is none": {"telegram": {"token": "planted-token-0000"}},
}


@pytest.mark.parametrize("values", BAD.values(), ids=BAD)
def test_bad_settings_are_refused_without_their_values(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], values: dict[str, Any]
) -> None:
    terminal = Terminal(tmp_path, capsys)
    terminal.configure(values)
    said = terminal.type("--config", str(tmp_path / "config.py"), "run")
    assert said.code == 2
    assert "planted" not in said.out + said.err


def test_the_scan_finds_what_is_there(tmp_path: Path) -> None:
    scan = planted_words()
    (tmp_path / "file").write_bytes(b"x GOCSPX-plantedClientSecret y")
    scan.files(tmp_path)
    with pytest.raises(LeakError, match="file: planted"):
        scan.check()
