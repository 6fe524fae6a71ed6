"""``karvon demo``: the whole system against stand-ins on this machine, without any account."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import tempfile
import webbrowser
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from core.errors import KarvonError, SettingsError
from core.settings import Settings, fixed_settings
from utils.log import set_up_log

if TYPE_CHECKING:
    from bot.app import App
    from core.posts.models import Post
    from core.posts.repository import Posts

MIB = 1024 * 1024
START_SECONDS = 30.0
ONCE_SECONDS = 170.0
DEFAULT_CAPTION = (
    "Sunrise over the old city, three minutes in one breath. #sunrise #travel\n"
    "to: youtube, tiktok, instagram, facebook, telegram"
)
PERSON = 1001
THIS_MACHINE = ("127.0.0.1", "localhost")
CLOUD_DOWNLOAD_BYTES = 20 * MIB
"""Larger videos go through the local mode of the Bot API stand-in."""
UPLOAD_KEYS = (
    "platform",
    "account",
    "state",
    "url",
    "remote_id",
    "bytes",
    "sha256",
    "seconds",
    "attempts",
)


def run(args: argparse.Namespace) -> int:
    if (args.json or args.video or args.caption) and not args.once:
        raise SettingsError("--video, --caption and --json need --once")
    video = check_video(args.video)
    with _ended_like_ctrl_c(), tempfile.TemporaryDirectory(prefix="karvon-demo-") as folder:
        set_up_log(Path(folder) / "logs", debug=False, console=False)
        if args.once:
            local = video.stat().st_size > CLOUD_DOWNLOAD_BYTES
            return asyncio.run(_once(args, video, Path(folder), local=local))
        return asyncio.run(_serve(args, Path(folder)))


@contextmanager
def _ended_like_ctrl_c() -> Iterator[None]:
    """Let SIGTERM end as Ctrl+C does: the stand-ins and the folder go too."""
    before = signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def check_video(text: str) -> Path:
    """Return the video to send.

    Raises:
        SettingsError: it is not there, or is no file.
    """
    if not text:
        return Path(__file__).parents[2] / "utils" / "sandbox" / "sample.mp4"
    path = Path(text).expanduser()
    if not path.exists():
        raise SettingsError(f"--video {text}: no such file")
    if not path.is_file():
        raise SettingsError(f"--video {text}: is no file")
    if path.stat().st_size == 0:
        raise SettingsError(f"--video {text}: is empty")
    return path


async def _once(args: argparse.Namespace, video: Path, folder: Path, *, local: bool) -> int:
    from bot.app import App

    await _require_video(video)
    async with _sandbox(args.port) as ready:
        settings = demo_settings(ready["settings"], folder, local=local)
        if local:
            await _serve_locally(ready["addresses"]["control"])
        stop = asyncio.Event()
        result: dict[str, Any] = {}
        async with App(settings, chat=True) as app, asyncio.TaskGroup() as group:
            work = group.create_task(app.work(stop))
            try:
                result = await _send_and_wait(app, ready, video, args.caption or DEFAULT_CAPTION)
            finally:
                stop.set()
                await asyncio.wait([work])
    if args.json:
        sys.stdout.write(json.dumps(result) + "\n")
    else:
        from bot.commands.send import tell_upload

        for upload in result["uploads"]:
            sys.stdout.write(tell_upload(upload) + "\n")
    live = all(upload["state"] == "live" for upload in result["uploads"])
    return 0 if result["state"] == "done" and live else 1


async def _require_video(path: Path) -> None:
    """Look into the file before anything is started.

    Raises:
        SettingsError: it is no video.
    """
    from core.media.probe import IncompleteError, NotAVideoError, probe

    try:
        await probe(path)
    except (NotAVideoError, IncompleteError) as error:
        raise SettingsError(f"--video {path}: is no video; send an MP4, MOV or WebM") from error


async def _serve_locally(control: str) -> None:
    """Let the Telegram stand-in hand out files of any size, as a local Bot API server does."""
    option = {"service": "telegram", "name": "local", "value": True}
    async with httpx.AsyncClient(timeout=30) as client:
        answer = await client.post(f"{control}/_sandbox/options", json=option)
        answer.raise_for_status()


async def _send_and_wait(
    app: App, ready: dict[str, Any], video: Path, caption: str
) -> dict[str, Any]:
    """Send as a phone would, and wait for the end of the post that comes of it.

    Raises:
        KarvonError: the bot refused or asked something, or the end did not come.
    """
    from core.posts.report import report_post

    loop = asyncio.get_running_loop()
    started = loop.time()
    posts = app.parts.posts
    await _phone_send(ready["addresses"]["telegram"], video, caption)
    try:
        async with asyncio.timeout(ONCE_SECONDS):
            post = await _ended(posts, ready["addresses"]["telegram"])
            wall_seconds = loop.time() - started
            await _card_drawn(posts, post.id)
    except TimeoutError:
        raise KarvonError(f"the post had not ended after {ONCE_SECONDS:.0f} s") from None
    report = report_post(post, await posts.uploads(post.id))
    return {
        **report,
        "uploads": [_shape(upload) for upload in report["uploads"]],
        "wall_seconds": round(wall_seconds, 3),
    }


def _shape(upload: dict[str, Any]) -> dict[str, Any]:
    """Return what other programs were promised about an upload, and why it failed if it did."""
    kept = {key: upload[key] for key in UPLOAD_KEYS}
    return {**kept, "error": upload["error"]} if "error" in upload else kept


async def _ended(posts: Posts, base: str) -> Post:
    from core.posts.models import POST_FINAL, PostState

    while True:
        changed = posts.next_change()
        recent = await posts.recent(limit=1)
        if recent and recent[0].state in POST_FINAL:
            return recent[0]
        if recent and recent[0].wish.publish_at is not None:
            raise KarvonError("the caption names a time; with --once leave out `at:`")
        waits_for_person = not recent or recent[0].state is PostState.DRAFT
        if waits_for_person and (said := await _refusal(base)):
            raise KarvonError(" ".join(said.split()))
        await _wait_briefly(changed)


async def _wait_briefly(changed: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(0.5):
            await changed.wait()
    except TimeoutError:
        return


async def _card_drawn(posts: Posts, post_id: int) -> None:
    """The chat shows the end too before we leave."""
    while True:
        changed = posts.next_change()
        card = await posts.card(post_id)
        if card is None or card.shown >= card.wanted:
            return
        await _wait_briefly(changed)


async def _phone_send(base: str, video: Path, caption: str) -> None:
    async with httpx.AsyncClient(timeout=120) as client:
        with video.open("rb") as file:
            answer = await client.post(
                f"{base}/_phone/send",
                data={"caption": caption, "kind": "video", "user_id": str(PERSON)},
                files={"file": (video.name, file, "video/mp4")},
            )
        answer.raise_for_status()


async def _refusal(base: str) -> str:
    """Return what the bot answered, when it refused the video."""
    async with httpx.AsyncClient(timeout=30) as client:
        answer = await client.get(f"{base}/_phone/messages", params={"chat_id": PERSON})
    messages = answer.json().get("messages", [])
    said = [message for message in messages if message["is_from_bot"]]
    return str(said[-1].get("text", "")) if said else ""


async def _serve(args: argparse.Namespace, folder: Path) -> int:
    from bot.commands.run import serve

    async with _sandbox(args.port) as ready:
        settings = demo_settings(ready["settings"], folder)
        address = f"{ready['addresses']['telegram']}/chat"
        sys.stdout.write(
            f"Karvon runs against stand-ins on this machine.\n"
            f"Chat: {address}\nWhat is live: {ready['addresses']['telegram']}/_sandbox/published\n"
            f"Stop with Ctrl+C.\n"
        )
        sys.stdout.flush()
        if os.environ.get("DISPLAY") or sys.platform == "darwin":
            webbrowser.open(address)
        await serve(settings, chat=True)
    return 0


def demo_settings(sandbox: dict[str, Any], folder: Path, *, local: bool = False) -> Settings:
    """Return settings that point every remote at the stand-ins; those of a real setup are left."""
    person = {"users": [PERSON], "admins": [PERSON], "local_files": local}
    return fixed_settings(
        {
            **sandbox,
            "telegram": {**sandbox["telegram"], **person},
            "data_dir": str(folder),
            # Any free port: a real Karvon may run beside it.
            "web": {"listen": "127.0.0.1:0"},
            # Only who sits here writes to the demo: it may take the files they have here.
            "sources": {"allowed_hosts": list(THIS_MACHINE)},
            "batches": {"folders": [str(Path.cwd())]},
            "min_free_disk": 64 * MIB,
            "upload_workers": 4,
        }
    )


@asynccontextmanager
async def _sandbox(port: int) -> AsyncIterator[dict[str, Any]]:
    """Start the stand-ins as a process of their own; yields what they said when ready."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "utils.sandbox",
        "--json",
        "--base-port",
        str(port),
        "--until-eof",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        if process.stdout is None:
            raise AssertionError("the pipe was asked for")
        async with asyncio.timeout(START_SECONDS):
            line = await process.stdout.readline()
        ready = json.loads(line) if line else {"error": "they left at once"}
        if not ready.get("ready"):
            raise KarvonError(f"the stand-ins did not start: {ready['error']}")
        yield ready
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()
