from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qsl

import aiohttp
import pytest
from aiogram.utils.web_app import check_webapp_signature
from aiohttp import web

from tests.telegram_client import BUTTON, JSON, VIDEO, Client, until, wait_for_message
from tests.telegram_schema import SchemaError, check_answer, check_type
from utils.sandbox.server import Sandbox, SandboxOptions
from utils.sandbox.telegram import Telegram
from utils.sandbox.telegram.state import PERSON_ID, STRANGER_ID, TOKEN


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(services=(Telegram,)) as sandbox:
        yield sandbox


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as http:
        yield Client(http, sandbox.address("telegram"))


def switch(sandbox: Sandbox, name: str, value: object) -> None:
    sandbox.set_option("telegram", name, value)


# Updates


async def test_the_first_poller_gives_way(client: Client) -> None:
    async with asyncio.TaskGroup() as group:
        first = group.create_task(client.raw("getUpdates", timeout=30))
        await until(lambda: client.journal("getUpdates"), lambda rows: len(rows) == 1)
        second = group.create_task(client.raw("getUpdates", timeout=30))
        status, body = await first
        assert status == 409
        assert body["description"] == (
            "Conflict: terminated by other getUpdates request; "
            "make sure that only one bot instance is running"
        )
        sent = await client.phone("send", text="hello")
        _, body = await second
        assert [update["update_id"] for update in body["result"]] == sent["update_ids"]


async def test_offsets_confirm(client: Client) -> None:
    ids = [(await client.phone("send", text=str(n)))["update_ids"][0] for n in range(3)]
    both = await client.call("getUpdates", offset=ids[1])
    assert [update["update_id"] for update in both] == ids[1:]
    assert len(await client.call("getUpdates", limit=1)) == 1
    last = await client.call("getUpdates", offset=-1)
    assert [update["message"]["text"] for update in last] == ["2"]
    assert await client.call("getUpdates", offset=ids[2] + 1) == []


async def test_allowed_updates_are_remembered(client: Client) -> None:
    sent = await client.call("sendMessage", chat_id=PERSON_ID, text="x", reply_markup=BUTTON)
    await client.call("getUpdates", allowed_updates=["callback_query", "nonsense"])
    assert (await client.phone("send", text="unheard"))["update_ids"] == []
    await client.phone("press", message_id=sent["message_id"], data="go")
    (update,) = await client.call("getUpdates")
    check_type("Update", update)
    await client.call("getUpdates", allowed_updates=[])
    assert (await client.phone("send", text="heard"))["update_ids"] != []


async def test_updates_live_for_a_day(client: Client, sandbox: Sandbox) -> None:
    await client.phone("send", text="old")
    sandbox.advance(24 * 3600 + 1)
    assert await client.call("getUpdates") == []


async def test_duplicates_and_unknown_updates(client: Client, sandbox: Sandbox) -> None:
    switch(sandbox, "duplicate_updates", value=True)
    await client.phone("send", text="x")
    _, body = await client.raw("getUpdates")
    assert len({update["update_id"] for update in body["result"]}) == 1
    assert len(body["result"]) == 2
    switch(sandbox, "duplicate_updates", value=False)
    switch(sandbox, "unknown_updates", value=True)
    await client.phone("send", text="y")
    _, body = await client.raw("getUpdates")
    assert "quantum_entanglement" in body["result"][-2]
    with pytest.raises(SchemaError):
        check_answer("getUpdates", body["result"])


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ({"url": "ftp://e.com"}, "Bad Request: invalid webhook URL specified"),
        ({"url": "http://e.com"}, "Bad Request: bad webhook: An HTTPS URL must be provided"),
        ({"url": "https://e.com:444"}, "Bad Request: bad webhook: Webhook can be set up only on"),
        ({"url": "https://e.com", "secret_token": "x" * 257}, "secret token is too long"),
        ({"url": "https://e.com", "secret_token": "a b"}, "contains unallowed characters"),
    ],
)
async def test_webhooks_are_refused(client: Client, params: JSON, problem: str) -> None:
    assert problem in await client.refusal("setWebhook", **params)


class Hook:
    """A bot's webhook that answers what the test lays ready, then 200."""

    def __init__(self) -> None:
        self.answers: list[web.Response] = []
        self.received: asyncio.Queue[tuple[JSON, str | None]] = asyncio.Queue()

    async def serve(self, request: web.Request) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        await self.received.put((json.loads(await request.text()), secret))
        return self.answers.pop(0) if self.answers else web.Response()

    async def next(self) -> JSON:
        async with asyncio.timeout(10):
            update, secret = await self.received.get()
        assert secret == "s3cret"
        return update


@pytest.fixture
async def hook(client: Client, sandbox: Sandbox) -> AsyncIterator[Hook]:
    hook = Hook()
    application = web.Application()
    application.router.add_post("/hook", hook.serve)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    switch(sandbox, "plain_webhooks", value=True)
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    _, body = await client.raw("setWebhook", url=url, secret_token="s3cret")
    assert body["description"] == "Webhook was set"
    yield hook
    await runner.cleanup()


async def test_a_webhook_gets_updates_with_its_secret(client: Client, hook: Hook) -> None:
    sent = await client.phone("send", text="hello")
    update = await hook.next()
    check_type("Update", update)
    assert update["update_id"] == sent["update_ids"][0]
    polled = await client.refusal("getUpdates")
    assert polled.startswith("Conflict: can't use getUpdates method while webhook is active")
    _, body = await client.raw("deleteWebhook")
    assert body["description"] == "Webhook was deleted"
    _, body = await client.raw("deleteWebhook")
    assert body["description"] == "Webhook is already deleted"


async def test_refused_updates_come_again(client: Client, hook: Hook, sandbox: Sandbox) -> None:
    hook.answers = [
        web.Response(status=500),
        web.Response(status=503, headers={"Retry-After": "500"}),
    ]
    await client.phone("send", text="hello")
    first, again = await hook.next(), await hook.next()
    info = await client.call("getWebhookInfo")
    assert info["pending_update_count"] == 1
    assert hook.received.empty()
    sandbox.advance(501)
    third = await hook.next()
    assert first == again == third


async def test_a_method_in_the_answer_is_run(client: Client, hook: Hook) -> None:
    call = {"method": "sendMessage", "chat_id": PERSON_ID, "text": "from the answer"}
    hook.answers = [web.json_response(call)]
    sent = await client.phone("send", text="hello")
    await hook.next()
    answer = await wait_for_message(client, sent["message_ids"][0] + 1)
    assert answer["text"] == "from the answer"


async def test_a_webhook_that_is_gone_for_long_is_removed(
    client: Client, hook: Hook, sandbox: Sandbox
) -> None:
    hook.answers = [web.Response(status=410) for _ in range(3)]
    await client.phone("send", text="hello")
    await hook.next()
    await hook.next()
    sandbox.advance(23 * 3600 + 60)
    await until(lambda: client.call("getWebhookInfo"), lambda info: not info["url"])


async def test_webhooks_are_set_once_a_second(client: Client, hook: Hook) -> None:
    status, body = await client.raw("setWebhook", url="http://127.0.0.1:1/")
    assert (status, body["parameters"]) == (429, {"retry_after": 1})
    assert hook.received.empty()


# The person's side


async def test_a_stranger_can_write_first(client: Client) -> None:
    sent = await client.phone("send", text="/start", user_id=STRANGER_ID)
    (update,) = await client.call("getUpdates")
    assert update["message"]["from"]["id"] == STRANGER_ID
    assert update["message"]["entities"][0]["type"] == "bot_command"
    await client.call("sendMessage", chat_id=STRANGER_ID, text="hello")
    assert sent["message_ids"] == [update["message"]["message_id"]]


@pytest.mark.parametrize("kind", ["video", "document", "video_note", "animation", "audio"])
async def test_every_kind_of_file_fits_the_description(client: Client, kind: str) -> None:
    await client.film(VIDEO, kind=kind, forward="1", caption="c")
    (update,) = await client.call("getUpdates")
    assert update["message"][kind]["file_size"] == len(VIDEO)
    assert update["message"]["forward_origin"]["type"] == "hidden_user"


async def test_facts_of_a_real_video_are_told(
    client: Client, sandbox: Sandbox, sample: Path
) -> None:
    await client.phone("send", path=str(sample), caption="real")
    switch(sandbox, "omit_file_size", value=True)
    await client.phone("send", path=str(sample))
    first, second = await client.call("getUpdates")
    video = first["message"]["video"]
    assert (video["width"], video["height"], video["duration"]) == (320, 180, 2)
    assert video["file_size"] == (await asyncio.to_thread(sample.stat)).st_size
    assert "file_size" not in second["message"]["video"]


@pytest.fixture
async def sample(tmp_path: Path) -> Path:
    imageio_ffmpeg = pytest.importorskip("imageio_ffmpeg")
    path = tmp_path / "sample.mp4"
    process = await asyncio.create_subprocess_exec(
        imageio_ffmpeg.get_ffmpeg_exe(),
        *("-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=320x180:d=2:r=10"),
        *("-pix_fmt", "yuv420p", str(path)),
    )
    assert await process.wait() == 0
    return path


async def test_the_page_is_told_of_changes(client: Client) -> None:
    async with client.http.get(f"{client.base}/_phone/events") as stream, asyncio.timeout(10):
        assert await stream.content.readline() == b"retry: 500\n"
        sent = await client.call("sendMessage", chat_id=PERSON_ID, text="hello")
        await stream.content.readline()
        assert await stream.content.readline() == b"event: message\n"
        data = json.loads((await stream.content.readline()).removeprefix(b"data: "))
        assert data["message_id"] == sent["message_id"]
    changed = await client.seen(after=data["change"])
    assert changed["messages"] == []


async def test_the_page_and_its_video_are_served(client: Client) -> None:
    sent = await client.film(VIDEO)
    for path in ("/", "/chat", "/_phone/page/main.js", "/_phone/page/chat.css"):
        async with client.http.get(client.base + path) as response:
            assert response.status == 200, path
            assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    address = f"{client.base}/_phone/video/{sent['messages'][0]['file_unique_id']}"
    async with client.http.get(address, headers={"Range": "bytes=0-9"}) as response:
        assert (response.status, response.content_type) == (206, "video/mp4")
        assert await response.read() == VIDEO[:10]
    async with client.http.get(f"{client.base}/_phone/page/..%2Fphone.py") as response:
        assert response.status == 404


async def test_foreign_pages_cannot_act_as_the_person(client: Client) -> None:
    address = f"{client.base}/_phone/send"
    for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
        async with client.http.post(address, json={"text": "x"}, headers=headers) as response:
            assert response.status == 403
    assert await client.call("getUpdates") == []


async def test_everything_survives_a_restart(tmp_path: Path) -> None:
    options = SandboxOptions(data_dir=tmp_path)
    async with aiohttp.ClientSession() as http:
        async with Sandbox(options, services=(Telegram,)) as sandbox:
            client = Client(http, sandbox.address("telegram"))
            sent = await client.film(VIDEO, caption="kept")
        async with Sandbox(options, services=(Telegram,)) as sandbox:
            client = Client(http, sandbox.address("telegram"))
            (update,) = await client.call("getUpdates")
            assert update["update_id"] == sent["update_ids"][0]
            file = await client.call("getFile", file_id=update["message"]["video"]["file_id"])
            address = f"{client.base}/file/bot{TOKEN}/{file['file_path']}"
            async with http.get(address) as response:
                assert await response.read() == VIDEO


async def test_launch_data_of_mini_apps_is_signed(client: Client) -> None:
    data = (await client.seen("init_data"))["init_data"]
    assert json.loads(dict(parse_qsl(data))["user"])["id"] == PERSON_ID
    assert check_webapp_signature(TOKEN, data)
    wrong = (await client.seen("init_data", mode="wrong_hash"))["init_data"]
    assert not check_webapp_signature(TOKEN, wrong)


async def test_a_reset_begins_anew(client: Client, hook: Hook, sandbox: Sandbox) -> None:
    await client.phone("send", text="before")
    await hook.next()
    await sandbox.reset()
    assert (await client.call("getWebhookInfo"))["url"] == ""
    assert (await client.seen())["messages"] == []
    await client.phone("send", text="after")
    (update,) = await client.call("getUpdates")
    assert update["message"]["text"] == "after"
