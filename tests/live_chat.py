"""The whole system with its chat in one process: stand-ins, Karvon, and a person with a phone."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import aiohttp

from bot.app import App
from bot.parts import Parts
from core.posts.models import POST_FINAL, Post
from core.posts.notices import EDIT_SECONDS
from core.settings import load_settings
from tests.chaos.media import LEAST_BYTES, write_video
from tests.telegram_schema import check_answer, check_request
from utils.clock import SystemClock
from utils.sandbox.server import Sandbox, SandboxOptions
from utils.sandbox.telegram.media import media_fields, new_file
from utils.sandbox.telegram.service import Telegram
from utils.sandbox.telegram.state import BOT_ID, PERSON_ID
from utils.sandbox.telegram.view import message_view

JSON = dict[str, Any]
MIB = 1024 * 1024
WAIT_SECONDS = 15.0
CARD_MARK = "</b> · post "
SLACK_SECONDS = 0.05
SPEED = 10.0
EVERYWHERE = "to: youtube, tiktok, instagram, facebook, telegram"
STRANGE = ("not_in_any_schema", "quantum_entanglement")
"""Fields of updates that are not what the description of the Bot API says."""
TELLING = frozenset({"sendMessage", "editMessageText"})


class QuickClock:
    """The machine's clock, but faster: what waits seconds waits moments."""

    def __init__(self, speed: float, begins: datetime | None = None) -> None:
        self._speed = speed
        self._wall = begins or SystemClock().now()
        self._start = time.monotonic()

    def now(self) -> datetime:
        return self._wall + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return (time.monotonic() - self._start) * self._speed

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._speed)


class LiveChat:
    """The stand-ins with what people do on their phones; Karvon runs inside of `running`."""

    def __init__(self, sandbox: Sandbox, http: aiohttp.ClientSession, folder: Path) -> None:
        self.sandbox = sandbox
        self.folder = folder
        self._http = http
        self._videos = 0
        self._app: App | None = None
        self._clock: QuickClock | None = None
        self.speed = SPEED

    @cached_property
    def telegram(self) -> Telegram:
        return cast(Telegram, self.sandbox.services["telegram"])

    @property
    def parts(self) -> Parts:
        if self._app is None:
            raise AssertionError("Karvon does not run")
        return self._app.parts

    # Karvon

    @asynccontextmanager
    async def running(
        self, *, speed: float = SPEED, telegram: JSON | None = None, **changes: Any
    ) -> AsyncIterator[App]:
        """Run Karvon until the block ends; then it stops as on SIGTERM."""
        told = self.sandbox.settings()
        overrides = {
            **told,
            "groq": {"api_key": ""},
            "web": {"listen": "127.0.0.1:0"},
            "min_free_disk": MIB,
            "uploads": {"retry_seconds": 1, "retry_max_seconds": 10, "stall_seconds": 5},
            **changes,
            "telegram": {**told["telegram"], **(telegram or {})},
            "data_dir": str(self.folder / "data"),
        }
        self.speed = speed
        stop = asyncio.Event()
        settings = load_settings(overrides=overrides)
        # After a restart time goes on where it was: it must not run backwards.
        self._clock = QuickClock(speed, self._clock.now() if self._clock else None)
        async with App(settings, chat=True, clock=self._clock) as app:
            self._app = app
            async with asyncio.TaskGroup() as group:
                group.create_task(app.work(stop))
                try:
                    yield app
                finally:
                    stop.set()
        self._app = None

    def only(self, *platforms: str) -> list[JSON]:
        """Return the seeded accounts of these platforms, for the settings."""
        accounts = self.sandbox.settings()["accounts"]
        return [account for account in accounts if account["platform"] in platforms]

    # What people do

    def video(self, *, size: int = LEAST_BYTES, seed: str = "", name: str = "") -> Path:
        """Write a video that differs from all others, unless a seed says which it is."""
        self._videos += 1
        path = self.folder / (name or f"video{self._videos}.mp4")
        write_video(path, size_bytes=size, seed=seed or path.name)
        return path

    async def phone(self, action: str, **body: Any) -> JSON:
        url = f"{self.sandbox.address('telegram')}/_phone/{action}"
        async with self._http.post(url, json=body) as response:
            answer: JSON = await response.json()
            assert response.status == 200, answer
            return answer

    async def send(self, caption: str = "A day at the sea", *videos: Path, **more: Any) -> int:
        """Send a video, or several as an album; return the id of the first message."""
        paths = [str(path) for path in videos or [self.video()]]
        path: str | list[str] = paths if len(paths) > 1 else paths[0]
        sent = await self.phone("send", path=path, caption=caption, **more)
        return int(sent["message_ids"][0])

    async def write(self, text: str, **more: Any) -> int:
        return int((await self.phone("send", text=text, **more))["message_ids"][0])

    async def ask(self, text: str, needle: str, **more: Any) -> JSON:
        """Write something and wait for the answer to just that."""
        return await self.says(needle, after=await self.write(text, **more))

    async def press(self, message: JSON, words: str, user_id: int = PERSON_ID) -> None:
        """Press the button of a message whose text holds the words."""
        buttons = [b for row in message["keyboard"] for b in row if words in b["text"]]
        assert buttons, message
        await self.press_data(message, buttons[0]["callback_data"], user_id)

    async def press_data(self, message: JSON, data: str, user_id: int = PERSON_ID) -> str:
        """Press a button by its data, whether the message has it or not; return the query's id."""
        place = {"chat_id": message["chat_id"], "message_id": message["message_id"]}
        answer = await self.phone("press", data=data, stale=True, user_id=user_id, **place)
        return str(answer["query_id"])

    def forward(self, message_id: int) -> None:
        """Send the very same file once more, as a forwarded message."""
        document = self.telegram.state.message(PERSON_ID, message_id)
        assert document is not None
        message = {**document["message"], "date": int(self.sandbox.clock.now())}
        hidden = {"type": "hidden_user", "date": message["date"], "sender_user_name": "Somebody"}
        content = {k: v for k, v in message.items() if k != "message_id"}
        frame = {**content, "forward_origin": hidden}
        self.telegram.phone._put(message["chat"], frame, document["file"])

    def add_to_album(self, post: Post, video: Path) -> None:
        """Let one more item of an album arrive, after its others."""
        document = self.telegram.state.message(PERSON_ID, post.message_id)
        assert document is not None
        file = new_file(
            bot_id=BOT_ID,
            kind="video",
            path=video,
            size=video.stat().st_size,
            sha256=hashlib.sha256(video.read_bytes()).hexdigest(),
            name=video.name,
        )
        self.telegram.state.files.put(file["file_id"], file)
        message = {**document["message"], **media_fields(file)}
        dropped = {"message_id", "caption", "caption_entities"}
        fields = {key: value for key, value in message.items() if key not in dropped}
        self.telegram.phone._put(message["chat"], fields, file)

    def delete(self, message_id: int) -> None:
        """Delete a message of the bot, as people may in private chats."""
        document = self.telegram.state.message(PERSON_ID, message_id)
        assert document is not None
        self.telegram.save({**document, "is_deleted": True})

    # What people see

    def seen(self, chat_id: int = PERSON_ID) -> list[JSON]:
        """Return what the bot shows in a chat, oldest first."""
        documents = self.telegram.state.messages_since(0, chat_id)
        shown = [d for d in documents if d["is_from_bot"] and not d["is_deleted"]]
        views = [message_view(document) for document in shown]
        return sorted(views, key=lambda view: int(view["message_id"]))

    async def says(self, needle: str, *, after: int = 0, chat_id: int = PERSON_ID) -> JSON:
        """Wait until a message of the bot, newer than another one, says something."""
        found = await until(
            lambda: [
                view
                for view in self.seen(chat_id)
                if needle in view["text"] and view["message_id"] > after
            ],
            lambda: f"never said {needle!r}: {[view['text'] for view in self.seen(chat_id)]}",
        )
        newest: JSON = found[-1]
        return newest

    async def answered(self, query_id: str) -> str:
        """Wait until a press was acknowledged; return the words that pop up."""

        def answer() -> JSON | None:
            query = self.telegram.state.queries.get(query_id)
            return query if query and query["is_answered"] else None

        query = await until(answer, lambda: "the press is not answered")
        return str(query["answer"]["text"])

    # What was asked of the stand-ins

    def fail(self, service: str, step: str, action: str, **params: Any) -> None:
        self.sandbox.faults.add({"service": service, "step": step, "action": action, **params})

    def calls(self, *methods: str) -> list[JSON]:
        """Return the rows of the bot's own calls, oldest first."""
        rows = self.sandbox.journal.rows(service="telegram")
        return [r for r in rows if _is_call(r) and (not methods or r["step"] in methods)]

    def tellings(self, needle: str = "") -> list[JSON]:
        """Return accepted messages and edits whose text holds something."""
        rows = [r for r in self.calls(*TELLING) if r["status"] == 200]
        return [row for row in rows if needle in row["body"]["text"]]

    async def heard(self, updates: int = 0) -> None:
        """Wait until the bot has confirmed all updates but so many."""
        await until(lambda: len(self.telegram.updates) <= updates, lambda: "updates are kept")

    def paces(self, message_id: int) -> list[float]:
        """Return how many of Karvon's seconds lie between the edits of a message."""
        edits = [r for r in self.calls("editMessageText") if r["status"] == 200]
        times = [r["at"] for r in edits if int(r["body"]["message_id"]) == message_id]
        return [(b - a) * self.speed for a, b in pairwise(times)]

    async def ended(self, post_id: int = 1) -> str:
        """Wait until a post has ended; return its state."""
        posts = self.parts.posts
        async with asyncio.timeout(WAIT_SECONDS):
            while True:
                post = await posts.get(post_id)
                if post is not None and post.state in POST_FINAL:
                    return post.state.value
                await asyncio.sleep(0.01)

    def check_calls(self) -> int:
        """Check every call of the bot and every answer by the description of the Bot API."""
        # A request that was cut short on command has no arguments that could be read.
        rows = [row for row in self.calls() if isinstance(row["body"], dict)]
        for row in rows:
            check_request(row["step"], row["body"])
            answer = row["answer"]
            if row["status"] == 200 and isinstance(answer, dict) and "result" in answer:
                check_answer(row["step"], _known(row["step"], answer["result"]))
        return len(rows)

    def check_paces(self) -> None:
        """Check that no card was changed before its time."""
        sent = [row for row in self.calls("sendMessage") if row["status"] == 200]
        for row in sent:
            if CARD_MARK in row["body"]["text"]:
                gaps = self.paces(int(row["answer"]["result"]["message_id"]))
                assert all(gap >= EDIT_SECONDS - SLACK_SECONDS for gap in gaps), gaps


def _is_call(row: JSON) -> bool:
    return str(row["path"]).startswith("/bot")


def _known(step: str, result: Any) -> Any:  # noqa: ANN401 - any JSON
    """Leave out updates that are strange on purpose."""
    if step != "getUpdates":
        return result
    return [update for update in result if not any(name in json.dumps(update) for name in STRANGE)]


async def until(look: Callable[[], Any], complaint: Callable[[], str]) -> Any:  # noqa: ANN401
    """Look again and again until something is there, at most that long; return it."""
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            while not (found := look()):  # noqa: ASYNC110 - it happens behind HTTP
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(complaint()) from None
    return found


@asynccontextmanager
async def open_chat(folder: Path, **switches: Any) -> AsyncIterator[LiveChat]:
    """Start the stand-ins; at the end every call that was made is checked."""
    options = SandboxOptions(data_dir=folder / "remote", processing_seconds=0.02)
    async with Sandbox(options) as sandbox, aiohttp.ClientSession() as http:
        for name, value in {"budgets": False, **switches}.items():
            sandbox.set_option("telegram", name, value)
        chat = LiveChat(sandbox, http, folder)
        yield chat
        assert chat.check_calls() > 0
        chat.check_paces()
