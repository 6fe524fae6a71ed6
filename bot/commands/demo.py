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
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from core.errors import KarvonError, SettingsError
from core.settings import Settings, load_settings
from utils.log import set_up_log

if TYPE_CHECKING:
    from bot.app import App
    from core.posts.repository import Posts

MIB = 1024 * 1024
START_SECONDS = 30.0
ONCE_SECONDS = 170.0
DEFAULT_CAPTION = (
    "Sunrise over the old city, three minutes in one breath. #sunrise #travel\n"
    "to: youtube, tiktok, instagram, facebook, telegram"
)
PERSON = 1001


def run(args: argparse.Namespace) -> int:
    video = check_video(args.video)
    if (args.json or args.video or args.caption) and not args.once:
        raise SettingsError("--video, --caption and --json need --once")
    with tempfile.TemporaryDirectory(prefix="karvon-demo-") as folder:
        set_up_log(Path(folder) / "logs", debug=False, console=False)
        if args.once:
            return asyncio.run(_once(args, video, Path(folder)))
        return asyncio.run(_serve(args, Path(folder)))


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


async def _once(args: argparse.Namespace, video: Path, folder: Path) -> int:
    from bot.app import App

    async with _sandbox(args.port) as ready:
        settings = demo_settings(ready["settings"], folder)
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
    return 0 if result["state"] == "done" else 1


async def _send_and_wait(
    app: App, ready: dict[str, Any], video: Path, caption: str
) -> dict[str, Any]:
    """Send as a phone would, and wait for the end of the post that comes of it."""
    from core.posts.models import POST_FINAL
    from core.posts.report import report_post

    loop = asyncio.get_running_loop()
    started = loop.time()
    posts = app.parts.posts
    await _phone_send(ready["addresses"]["telegram"], video, caption)
    async with asyncio.timeout(ONCE_SECONDS):
        while True:
            changed = posts.next_change()
            recent = await posts.recent(limit=1)
            if recent and recent[0].state in POST_FINAL:
                break
            refusal = await _refusal(ready["addresses"]["telegram"])
            if refusal and not recent:
                raise KarvonError(refusal)
            await _wait_briefly(changed)
    report = report_post(recent[0], await posts.uploads(recent[0].id))
    report["wall_seconds"] = round(loop.time() - started, 3)
    await _card_drawn(posts, recent[0].id)
    return report


async def _wait_briefly(changed: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(0.5):
            await changed.wait()
    except TimeoutError:
        return


async def _card_drawn(posts: Posts, post_id: int) -> None:
    """The chat shows the end too before we leave."""
    async with asyncio.timeout(30):
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
    said = [m for m in messages if m.get("from", {}).get("is_bot")]
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


def demo_settings(sandbox: dict[str, Any], folder: Path) -> Settings:
    """Return settings that point every remote at the stand-ins."""
    return load_settings(
        overrides={
            **sandbox,
            "telegram": {**sandbox["telegram"], "users": [PERSON], "admins": [PERSON]},
            "data_dir": str(folder),
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
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        if process.stdout is None:
            raise AssertionError("the pipe was asked for")
        async with asyncio.timeout(START_SECONDS):
            line = await process.stdout.readline()
        if not line:
            raise KarvonError("the stand-ins did not start; see the lines above")
        yield json.loads(line)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()
