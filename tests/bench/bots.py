"""The two bots that are compared, each in a process of its own: Karvon and a bare echo bot."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message

from core.posts.intake import Incoming, Intake, Outcome
from tests.bench.feeder import PEOPLE
from tests.bench.world import running, settings_for
from utils.clock import SystemClock
from utils.log import set_up_log

JSON = dict[str, Any]


async def karvon(order: JSON) -> None:
    """Take videos in; tell when the first posts are queued, and when each was accepted."""
    clock, accepted = SystemClock(), dict[int, float]()
    news = asyncio.Event()
    receive = Intake.receive

    async def timed(self: Intake, incoming: Incoming) -> Outcome:
        outcome = await receive(self, incoming)
        if outcome.status == "accepted" and incoming.update_id is not None:
            accepted[incoming.update_id] = clock.now().timestamp()
        news.set()
        return outcome

    home = Path(order["home"])
    set_up_log(home / "logs", debug=False, console=False)
    telegram = {**order["settings"]["telegram"], "users": list(PEOPLE)}
    settings = settings_for({**order["settings"], "telegram": telegram}, home)
    with patch.object(Intake, "receive", timed):
        async with running(settings, chat=True):
            for count in (order["queued"], order["queued"] + order["measured"]):
                while len(accepted) < count:
                    news.clear()
                    await news.wait()
                _tell({"accepted": accepted})


async def echo(order: JSON) -> None:
    """Answer each message with its caption; nothing else."""
    server = TelegramAPIServer.from_base(order["settings"]["telegram"]["api_base"])
    bot = Bot(order["settings"]["telegram"]["token"], session=AiohttpSession(api=server))
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def answer(message: Message) -> None:
        await message.answer(message.caption or "")

    await dispatcher.start_polling(bot)


def _tell(document: JSON) -> None:
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run({"karvon": karvon, "echo": echo}[sys.argv[1]](json.loads(sys.stdin.readline())))
