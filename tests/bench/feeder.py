"""The stand-ins with many people who send videos at a fixed rate, in a process of their own.

Each line of input is a JSON order, each is answered by a line:
``{"feed": count, "rate": a second or 0}`` → ``{"fed": {caption: [update_id, at]}}``,
``{"echoes": count}`` → ``{"echoes": {caption: at}}`` when that many messages of the bot arrived.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from tests.bench.world import SAMPLE
from utils.sandbox.server import Sandbox, SandboxOptions
from utils.sandbox.telegram.media import media_fields, new_file
from utils.sandbox.telegram.service import Telegram
from utils.sandbox.telegram.state import BOT_ID, public_chat, public_user

PEOPLE = range(2001, 2101)
SLOW = 1000.0
"""Bytes a second of downloads: what is queued stays so."""

JSON = dict[str, Any]


class Feeder:
    """Queues updates for the bot as if people had sent videos."""

    def __init__(self, sandbox: Sandbox) -> None:
        service = sandbox.services["telegram"]
        assert isinstance(service, Telegram)
        self._sandbox = sandbox
        self._service = service
        self._sent = 0
        self._size = SAMPLE.stat().st_size
        for person in PEOPLE:
            service.state.put_user(
                {
                    "id": person,
                    "is_bot": False,
                    "first_name": f"Person {person}",
                    "language_code": "en",
                    "has_started": True,
                    "has_blocked": False,
                }
            )

    async def answer(self, order: JSON) -> JSON:
        if "feed" in order:
            return {"fed": await self._feed(int(order["feed"]), float(order["rate"]))}
        return {"echoes": await self._echoes(int(order["echoes"]))}

    async def _feed(self, count: int, rate: float) -> dict[str, tuple[int, float]]:
        loop = asyncio.get_running_loop()
        started, fed = loop.time(), {}
        for number in range(count):
            if rate and (pause := started + number / rate - loop.time()) > 0:
                await asyncio.sleep(pause)
            caption, update_id = self._send()
            fed[caption] = (update_id, self._sandbox.clock.now())
        return fed

    def _send(self) -> tuple[str, int]:
        state, caption = self._service.state, f"Video {self._sent}"
        person = PEOPLE[self._sent % len(PEOPLE)]
        self._sent += 1
        file = new_file(
            bot_id=BOT_ID,
            kind="video",
            path=SAMPLE,
            size=self._size,
            sha256="",
            name="video.mp4",
            mime_type="video/mp4",
            width=720,
            height=1280,
            duration=6,
            has_facts=True,
        )
        state.files.put(file["file_id"], file)
        chat, user = state.chat(person), state.user(person)
        assert chat is not None
        assert user is not None
        message = {
            "message_id": state.messages.next_id(),
            "date": int(self._sandbox.clock.now()),
            "chat": public_chat(chat),
            "from": public_user(user),
            **media_fields(file),
            "caption": caption,
        }
        self._service.save(
            {
                "chat_id": person,
                "message_id": message["message_id"],
                "is_deleted": False,
                "is_from_bot": False,
                "file": file,
                "message": message,
            }
        )
        update_id = self._service.updates.add("message", message)
        assert update_id is not None
        return caption, update_id

    async def _echoes(self, count: int) -> dict[str, float]:
        while True:
            rows = self._sandbox.journal.rows(service="telegram", step="sendMessage")
            if len(rows) >= count:
                return {_text(row["body"]): float(row["at"]) for row in rows}
            await asyncio.sleep(0.1)


def _text(body: object) -> str:
    document = json.loads(body) if isinstance(body, str) else body
    return str(document["text"]) if isinstance(document, dict) else ""


async def main() -> None:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async with Sandbox(SandboxOptions(keep_bytes=False)) as sandbox:
        feeder = Feeder(sandbox)
        sandbox.set_rates({"telegram": {"down": SLOW}})
        sandbox.set_option("telegram", "budgets", value=False)
        _tell({"settings": sandbox.settings()})
        while line := await reader.readline():
            _tell(await feeder.answer(json.loads(line)))


def _tell(document: JSON) -> None:
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
