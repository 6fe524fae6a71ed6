from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaVideo,
    Message,
)
from aiohttp import web

from tests.telegram_client import BUTTON, JSON, VIDEO, Client, video_form, wait_for_message
from tests.telegram_schema import SchemaError, check_answer, check_request
from utils.sandbox.server import Sandbox
from utils.sandbox.telegram import Telegram
from utils.sandbox.telegram.state import CHANNEL_ID, PERSON_ID, STRANGER_ID, TOKEN


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(services=(Telegram,)) as sandbox:
        yield sandbox


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as http:
        yield Client(http, sandbox.address("telegram"))


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    api = TelegramAPIServer.from_base(sandbox.address("telegram"))
    async with Bot(TOKEN, session=AiohttpSession(api=api)) as bot:
        yield bot


def switch(sandbox: Sandbox, name: str, value: object) -> None:
    sandbox.set_option("telegram", name, value)


# A bot written with aiogram


async def test_a_polling_bot_meets_a_person(client: Client, bot: Bot) -> None:
    dispatcher = Dispatcher()
    pressed = asyncio.Event()

    @dispatcher.message(F.video)
    async def on_video(message: Message) -> None:
        markup = InlineKeyboardMarkup(
            inline_keyboard=[[InlineKeyboardButton(text="Go", callback_data="go")]]
        )
        await message.reply("<b>got it</b>", parse_mode="HTML", reply_markup=markup)

    @dispatcher.callback_query(F.data == "go")
    async def on_press(query: CallbackQuery) -> None:
        await query.answer("gone")
        assert isinstance(query.message, Message)
        await query.message.edit_text("done")
        pressed.set()

    async with asyncio.TaskGroup() as group:
        polling = dispatcher.start_polling(bot, handle_signals=False, polling_timeout=5)
        group.create_task(polling)
        sent = await client.film(VIDEO, caption="my video")
        answer = await wait_for_message(client, sent["message_ids"][0] + 1)
        assert answer["html"] == "<b>got it</b>"
        assert answer["reply_to"]["message_id"] == sent["message_ids"][0]
        press = await client.phone("press", message_id=answer["message_id"], data="go")
        async with asyncio.timeout(10):
            await pressed.wait()
        query = await client.seen(f"query/{press['query_id']}")
        assert query["answer"]["text"] == "gone"
        final = await wait_for_message(client, answer["message_id"])
        assert (final["text"], final["version"], final["keyboard"]) == ("done", 2, [])
        await dispatcher.stop_polling()


async def test_a_video_in_a_channel_is_published(sandbox: Sandbox, bot: Bot) -> None:
    sent = await bot.send_video(
        CHANNEL_ID,
        BufferedInputFile(VIDEO, "film.mp4"),
        caption="<b>new</b>",
        parse_mode="HTML",
        width=20_000,
        height=360,
        duration=7,
        supports_streaming=True,
    )
    assert sent.video is not None
    assert (sent.video.width, sent.video.duration) == (10_000, 7)
    (row,) = sandbox.published()
    assert row["sha256"] == hashlib.sha256(VIDEO).hexdigest()
    assert row["bytes"] == len(VIDEO)
    assert row["account"] == str(CHANNEL_ID)
    assert row["url"] == f"https://t.me/karvon_demo/{sent.message_id}"
    assert row["text"]["html"] == "<b>new</b>"
    again = await bot.send_video("@karvon_demo", sent.video.file_id)
    assert again.video is not None
    assert sandbox.published()[1]["sha256"] == row["sha256"]
    await bot.delete_message(CHANNEL_ID, again.message_id)
    assert len(sandbox.published()) == 1


async def test_a_person_sends_a_video_and_the_bot_downloads_it(client: Client, bot: Bot) -> None:
    sent = await client.film(VIDEO, VIDEO + b"2", caption="two")
    updates = await bot.get_updates()
    messages = [update.message for update in updates if update.message]
    assert [update.update_id for update in updates] == sent["update_ids"]
    assert len({message.media_group_id for message in messages}) == 1
    assert [message.caption for message in messages] == ["two", None]
    assert messages[0].video is not None
    downloaded = await bot.download(messages[0].video.file_id)
    assert downloaded is not None
    assert downloaded.read() == VIDEO


async def test_an_album_of_videos_reaches_the_channel(sandbox: Sandbox, bot: Bot) -> None:
    media = [
        InputMediaVideo(media=BufferedInputFile(VIDEO + bytes([n]), f"{n}.mp4"), caption="all" * n)
        for n in range(2)
    ]
    sent = await bot.send_media_group(CHANNEL_ID, media=[*media])
    assert len({message.media_group_id for message in sent}) == 1
    assert len(sandbox.published()) == 2


async def test_flood_control_reaches_aiogram(sandbox: Sandbox, bot: Bot) -> None:
    switch(sandbox, "group_messages", 2)
    first = await bot.send_message(CHANNEL_ID, "one")
    await bot.edit_message_text("two", chat_id=CHANNEL_ID, message_id=first.message_id)
    with pytest.raises(TelegramRetryAfter) as caught:
        await bot.send_message(CHANNEL_ID, "three")
    assert 55 <= caught.value.retry_after <= 60
    sandbox.advance(60)
    await bot.send_message(CHANNEL_ID, "three")


async def test_an_answer_lost_after_sending_leaves_the_message(sandbox: Sandbox, bot: Bot) -> None:
    sandbox.faults.add({"service": "telegram", "step": "sendVideo", "action": "drop_answer"})
    with pytest.raises(TelegramNetworkError):
        await bot.send_video(CHANNEL_ID, BufferedInputFile(VIDEO, "film.mp4"))
    assert len(sandbox.published()) == 1


async def test_an_upload_cut_in_the_middle_publishes_nothing(sandbox: Sandbox, bot: Bot) -> None:
    fault = {"service": "telegram", "step": "sendVideo", "action": "reset", "after_bytes": 50_000}
    sandbox.faults.add(fault)
    with pytest.raises(TelegramNetworkError):
        await bot.send_video(CHANNEL_ID, BufferedInputFile(VIDEO, "film.mp4"))
    assert sandbox.published() == []


async def test_every_call_of_aiogram_fits_the_description(sandbox: Sandbox, bot: Bot) -> None:
    await bot.get_me()
    await bot.set_my_commands([{"command": "start", "description": "begin"}])  # type: ignore[list-item]
    await bot.send_video(PERSON_ID, BufferedInputFile(VIDEO, "film.mp4"))
    rows = sandbox.journal.rows(service="telegram")
    assert [row["step"] for row in rows] == ["getMe", "setMyCommands", "sendVideo"]
    for row in rows:
        check_request(row["step"], row["body"])
        check_answer(row["step"], row["answer"]["result"])
    with pytest.raises(SchemaError):
        check_request("sendVideo", {**rows[2]["body"], "nonsense": "1"})


# Tokens, methods, arguments


@pytest.mark.parametrize(
    ("token", "method", "description"),
    [
        ("0123:abc", "getMe", "Unauthorized: invalid token specified"),
        ("nocolon", "getMe", "Unauthorized: invalid token specified"),
        ("123:unknown", "getMe", "Unauthorized"),
        (TOKEN, "getNothing", "Not Found: method not found"),
    ],
)
async def test_bad_tokens_and_methods(
    client: Client, token: str, method: str, description: str
) -> None:
    _, body = await client.raw(method, token=token)
    assert body["description"] == description


async def test_arguments_come_in_every_form(client: Client) -> None:
    address = f"{client.base}/bot{TOKEN}/SENDmessage"
    params = {"chat_id": str(PERSON_ID), "text": "hi"}
    form = aiohttp.FormData({**params})
    form.add_field("x", b"1", filename="x")
    requests: list[JSON] = [{"params": params}, {"json": params}, {"data": params}, {"data": form}]
    for request in requests:
        async with client.http.post(address, **request) as response:
            assert (await response.json())["result"]["text"] == "hi"
    async with client.http.get(address, params=params) as response:
        assert response.status == 200
    async with client.http.get(f"{client.base}/nowhere") as response:
        assert await response.json() == {
            "ok": False,
            "error_code": 404,
            "description": "Not Found",
        }


# Writing


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ({"text": "x"}, "Bad Request: chat_id is empty"),
        ({"chat_id": 77, "text": "x"}, "Bad Request: chat not found"),
        ({"chat_id": "@nobody", "text": "x"}, "Bad Request: chat not found"),
        ({"chat_id": PERSON_ID}, "Bad Request: message text is empty"),
        ({"chat_id": PERSON_ID, "text": " \n "}, "Bad Request: message text is empty"),
        ({"chat_id": PERSON_ID, "text": "x" * 4097}, "Bad Request: message is too long"),
        ({"chat_id": PERSON_ID, "text": "x" * 40_000}, "Bad Request: text is too long"),
        ({"chat_id": PERSON_ID, "text": "<b>x", "parse_mode": "HTML"}, "can't parse entities"),
        ({"chat_id": PERSON_ID, "text": "x", "message_thread_id": 3}, "message thread not found"),
        (
            {"chat_id": PERSON_ID, "text": "x", "reply_parameters": {"message_id": 999}},
            "message to be replied not found",
        ),
        (
            {"chat_id": PERSON_ID, "text": "x", "reply_markup": "{"},
            "can't parse reply_markup JSON",
        ),
        ({"chat_id": STRANGER_ID, "text": "x"}, "Forbidden: bot can't initiate conversation"),
    ],
)
async def test_messages_are_refused(client: Client, params: JSON, problem: str) -> None:
    assert problem in await client.refusal("sendMessage", **params)


@pytest.mark.parametrize(
    ("chat_id", "button", "problem"),
    [
        (PERSON_ID, {"text": "a", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        (PERSON_ID, {"text": "a", "callback_data": "ж" * 33}, "BUTTON_DATA_INVALID"),
        (PERSON_ID, {"text": "a"}, "text buttons are unallowed in the inline keyboard"),
        (PERSON_ID, {"text": "a", "url": "x", "callback_data": "y"}, "BUTTON_TYPE_INVALID"),
        (PERSON_ID, {"text": "a", "url": "ftp://e.com"}, "BUTTON_URL_INVALID"),
        (PERSON_ID, {"text": "a", "web_app": {"url": "http://e.com"}}, "BUTTON_URL_INVALID"),
        (CHANNEL_ID, {"text": "a", "web_app": {"url": "https://e.com"}}, "BUTTON_TYPE_INVALID"),
    ],
)
async def test_buttons_are_refused(
    client: Client, chat_id: int, button: JSON, problem: str
) -> None:
    markup = {"inline_keyboard": [[button]]}
    description = await client.refusal(
        "sendMessage", chat_id=chat_id, text="x", reply_markup=markup
    )
    assert problem in description


async def test_a_hundred_buttons_are_the_most(client: Client) -> None:
    button = {"text": "a", "callback_data": "b"}
    many = {"inline_keyboard": [[button] * 5] * 20}
    await client.call("sendMessage", chat_id=PERSON_ID, text="x", reply_markup=many)
    many["inline_keyboard"].append([button])
    refusal = await client.refusal("sendMessage", chat_id=PERSON_ID, text="x", reply_markup=many)
    assert "reply markup is too long" in refusal


async def test_edits_follow_the_rules(client: Client, sandbox: Sandbox) -> None:
    sent = await client.call("sendMessage", chat_id=PERSON_ID, text="one", reply_markup=BUTTON)
    target = {"chat_id": PERSON_ID, "message_id": sent["message_id"]}
    same = await client.refusal("editMessageText", **target, text="one", reply_markup=BUTTON)
    assert same.startswith("Bad Request: message is not modified: specified new message content")
    edited = await client.call("editMessageText", **target, text="<i>two</i>", parse_mode="HTML")
    assert "reply_markup" not in edited
    assert edited["entities"][0]["type"] == "italic"
    await client.call("editMessageReplyMarkup", **target, reply_markup=BUTTON)
    assert "not modified" in await client.refusal(
        "editMessageReplyMarkup", **target, reply_markup=BUTTON
    )
    unknown = await client.refusal("editMessageText", chat_id=PERSON_ID, message_id=9, text="x")
    assert unknown == "Bad Request: message to edit not found"
    theirs = (await client.phone("send", text="mine"))["message_ids"][0]
    foreign = await client.refusal(
        "editMessageText", chat_id=PERSON_ID, message_id=theirs, text="x"
    )
    assert foreign == "Bad Request: message can't be edited"
    sandbox.advance(49 * 3600)
    assert "can't be deleted" in await client.refusal("deleteMessage", **target)
    gone = await client.refusal("deleteMessage", chat_id=PERSON_ID, message_id=999)
    assert gone == "Bad Request: message to delete not found"


async def test_captions_of_published_videos_can_be_edited(
    client: Client, sandbox: Sandbox
) -> None:
    form = video_form(CHANNEL_ID, caption="old")
    _, body = await client.form("sendVideo", form)
    await client.call(
        "editMessageCaption",
        chat_id=CHANNEL_ID,
        message_id=body["result"]["message_id"],
        caption="new",
    )
    assert sandbox.published()[0]["text"]["caption"] == "new"


async def test_who_blocked_the_bot_is_left_alone(client: Client) -> None:
    await client.phone("block")
    refusal = await client.refusal("sendMessage", chat_id=PERSON_ID, text="x")
    assert refusal == "Forbidden: bot was blocked by the user"
    (update,) = await client.call("getUpdates")
    assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    await client.phone("block", blocked=False)
    await client.call("sendMessage", chat_id=PERSON_ID, text="x")


async def test_channels_need_rights(client: Client) -> None:
    outside = await client.phone("channel", title="Other", bot_is_admin=False)
    refusal = await client.refusal("sendMessage", chat_id=outside["id"], text="x")
    assert refusal == "Forbidden: bot is not a member of the channel chat"
    await client.phone("channel", chat_id=outside["id"], bot_is_member=True, bot_is_admin=False)
    refusal = await client.refusal("sendMessage", chat_id=outside["id"], text="x")
    assert refusal == "Bad Request: need administrator rights in the channel chat"
    await client.phone("channel", chat_id=outside["id"], bot_is_admin=True)
    await client.call("sendMessage", chat_id=outside["id"], text="x")
    updates = await client.call("getUpdates")
    assert [update["my_chat_member"]["new_chat_member"]["status"] for update in updates] == [
        "member",
        "administrator",
    ]
    mine = await client.call("getChatMember", chat_id=outside["id"], user_id=int(TOKEN[:9]))
    assert mine["can_post_messages"]


async def test_drafts_vanish(client: Client, sandbox: Sandbox) -> None:
    draft = {"chat_id": PERSON_ID, "draft_id": 5, "text": "thinking"}
    await client.call("sendMessageDraft", **draft)
    assert (await client.seen())["drafts"][0]["text"] == "thinking"
    sandbox.advance(31)
    assert (await client.seen())["drafts"] == []
    await client.call("sendMessageDraft", **draft)
    await client.call("sendMessage", chat_id=PERSON_ID, text="thought")
    assert (await client.seen())["drafts"] == []
    for wrong in ({"draft_id": 0}, {"chat_id": CHANNEL_ID}, {"text": "x" * 4097}):
        assert "Bad Request" in await client.refusal("sendMessageDraft", **{**draft, **wrong})


async def test_chat_actions_and_commands(client: Client) -> None:
    await client.call("sendChatAction", chat_id=PERSON_ID, action="upload_video")
    assert "channel" in await client.refusal("sendChatAction", chat_id=CHANNEL_ID, action="typing")
    assert "action" in await client.refusal("sendChatAction", chat_id=PERSON_ID, action="juggle")
    commands = [{"command": "status", "description": "what goes on"}]
    await client.call("setMyCommands", commands=commands)
    assert await client.call("getMyCommands") == commands
    assert (await client.seen("state"))["commands"] == commands
    for wrong in ([{"command": "Status", "description": "x"}], commands * 101):
        assert await client.refusal("setMyCommands", commands=wrong) == (
            "Bad Request: BOT_COMMAND_INVALID"
        )
    await client.call("deleteMyCommands")
    assert await client.call("getMyCommands") == []


async def test_answers_of_all_chat_methods_fit_the_description(client: Client) -> None:
    await client.call("getMe")
    for chat_id in (PERSON_ID, CHANNEL_ID):
        await client.call("getChat", chat_id=chat_id)
        await client.call("getChatMemberCount", chat_id=chat_id)
        for user_id in (PERSON_ID, STRANGER_ID):
            await client.call("getChatMember", chat_id=chat_id, user_id=user_id)
    await client.call("getChatAdministrators", chat_id=CHANNEL_ID)
    await client.call("setChatMenuButton", menu_button={"type": "commands"})
    await client.call("getChatMenuButton")
    await client.call("getWebhookInfo")


async def test_presses_are_answered_once_and_soon(client: Client, sandbox: Sandbox) -> None:
    sent = await client.call("sendMessage", chat_id=PERSON_ID, text="x", reply_markup=BUTTON)
    for number in range(2):
        await client.phone("press", message_id=sent["message_id"], data="go")
        query = (await client.call("getUpdates"))[number]["callback_query"]
        if number:
            sandbox.advance(20)
        else:
            long = await client.refusal(
                "answerCallbackQuery", callback_query_id=query["id"], text="x" * 201
            )
            assert "Bad Request" in long
            await client.call("answerCallbackQuery", callback_query_id=query["id"])
        late = await client.refusal("answerCallbackQuery", callback_query_id=query["id"])
        assert late.startswith("Bad Request: query is too old and response timeout expired")


# Flood modes and the web server in front


@pytest.mark.parametrize(
    ("mode", "parameters"),
    [("plain", {"retry_after": 9}), ("bare", None), ("held", {"retry_after": 60})],
)
async def test_floods_on_command(
    client: Client, sandbox: Sandbox, mode: str, parameters: JSON | None
) -> None:
    fault = {"service": "telegram", "step": "sendMessage", "action": "flood", "retry_after": 9}
    sandbox.faults.add({**fault, "mode": mode})
    status, body = await client.raw("sendMessage", chat_id=PERSON_ID, text="x")
    assert (status, body.get("parameters")) == (429, parameters)
    await client.call("sendMessage", chat_id=PERSON_ID, text="x")


@pytest.mark.parametrize("status", [413, 502])
async def test_the_server_in_front_speaks_html(
    client: Client, sandbox: Sandbox, status: int
) -> None:
    sandbox.faults.add({"service": "telegram", "action": "html", "status": status})
    async with client.http.get(f"{client.base}/bot{TOKEN}/getMe") as response:
        assert (response.status, response.content_type) == (status, "text/html")


async def test_uploads_above_the_limit_are_refused_in_html(
    client: Client, sandbox: Sandbox
) -> None:
    switch(sandbox, "upload_limit", 1000)
    status, page = await client.form("sendVideo", video_form(PERSON_ID, bytes(1001)))
    assert (status, "nginx" in page) == (413, True)
    status, _ = await client.form("sendVideo", video_form(PERSON_ID, bytes(1000)))
    assert status == 200


async def test_logging_out_ends_the_cloud(client: Client, sandbox: Sandbox) -> None:
    assert "retry after" in await client.refusal("close")
    await client.call("logOut")
    assert await client.refusal("getMe") == "Logged out"
    switch(sandbox, "local", value=True)
    await client.call("getMe")
    sandbox.advance(601)
    await client.call("close")


# Files


async def test_files_of_other_bots_and_kinds_are_refused(client: Client) -> None:
    _, body = await client.form("sendVideo", video_form(PERSON_ID))
    file_id = body["result"]["video"]["file_id"]
    params = {"chat_id": PERSON_ID, "document": file_id}
    assert "can't use file of type Video as Document" in await client.refusal(
        "sendDocument", **params
    )
    unknown = await client.refusal("sendVideo", chat_id=PERSON_ID, video="AAAA")
    assert unknown == "Bad Request: wrong file_id or the file is temporarily unavailable"
    missing = await client.refusal("sendVideo", chat_id=PERSON_ID)
    assert missing == "Bad Request: there is no video in the request"


async def test_other_formats_of_video_become_documents(client: Client) -> None:
    _, body = await client.form("sendVideo", video_form(PERSON_ID, name="v.mkv"))
    check_answer("sendVideo", body["result"])
    assert body["result"]["document"]["file_name"] == "v.mkv"


async def test_albums_are_checked(client: Client) -> None:
    _, body = await client.form("sendVideo", video_form(PERSON_ID))
    item = {"type": "video", "media": body["result"]["video"]["file_id"]}
    for media in ([item], [item] * 11, [item, {"type": "document", "media": "x"}]):
        refusal = await client.refusal("sendMediaGroup", chat_id=PERSON_ID, media=media)
        assert "album" in refusal
    sent = await client.call("sendMediaGroup", chat_id=PERSON_ID, media=[item] * 2)
    assert len(sent) == 2


async def test_downloads_have_a_limit_and_an_end(client: Client, sandbox: Sandbox) -> None:
    sent = await client.film(VIDEO)
    file_id = sent["messages"][0]["file_id"]
    file = await client.call("getFile", file_id=file_id)
    address = f"{client.base}/file/bot{TOKEN}/{file['file_path']}"
    async with client.http.get(address, headers={"Range": "bytes=100-"}) as response:
        assert response.status == 206
        assert await response.read() == VIDEO[100:]
    async with client.http.get(address, headers={"Range": f"bytes={len(VIDEO)}-"}) as response:
        assert response.status == 416
    switch(sandbox, "ranges", value=False)
    async with client.http.get(address, headers={"Range": "bytes=100-"}) as response:
        assert response.status == 200
        assert await response.read() == VIDEO
    sandbox.advance(3601)
    async with client.http.get(address) as response:
        assert response.status == 404
    switch(sandbox, "download_limit", 1000)
    assert await client.refusal("getFile", file_id=file_id) == "Bad Request: file is too big"


async def test_a_local_server_names_its_own_disk(client: Client, sandbox: Sandbox) -> None:
    switch(sandbox, "local", value=True)
    switch(sandbox, "download_limit", 10)
    sent = await client.film(VIDEO)
    file = await client.call("getFile", file_id=sent["messages"][0]["file_id"])
    path = Path(file["file_path"])
    assert path.is_absolute()
    assert await asyncio.to_thread(path.read_bytes) == VIDEO
    async with client.http.get(f"{client.base}/file/bot{TOKEN}{path}") as response:
        assert response.status == 404
    video = await client.call("sendVideo", chat_id=CHANNEL_ID, video=f"file:{path}")
    assert video["video"]["file_size"] == len(VIDEO)


async def test_files_by_address(client: Client) -> None:
    async def serve(request: web.Request) -> web.Response:
        return web.Response(body=VIDEO, content_type=request.query["type"])

    application = web.Application()
    application.router.add_get("/v.mp4", serve)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}/v.mp4?type="
    sent = await client.call("sendVideo", chat_id=PERSON_ID, video=f"{address}video/mp4")
    assert sent["video"]["file_size"] == len(VIDEO)
    for wrong, problem in (
        (f"{address}text/html", "wrong type of the web page content"),
        ("http://example.invalid/x", "failed to get HTTP URL content"),
        ("gopher://x/y", "wrong HTTP URL specified"),
    ):
        refusal = await client.refusal("sendVideo", chat_id=PERSON_ID, video=wrong)
        assert refusal == f"Bad Request: {problem}"
    await runner.cleanup()


async def test_uploads_travel_at_the_speed_of_the_link(client: Client, sandbox: Sandbox) -> None:
    sandbox.set_rates({"telegram": {"up": 400_000}})
    started = asyncio.get_running_loop().time()
    await client.form("sendVideo", video_form(PERSON_ID, bytes(200_000)))
    assert asyncio.get_running_loop().time() - started > 0.35


async def test_unfit_thumbnails_are_ignored(client: Client) -> None:
    for side, is_kept in ((320, True), (321, False)):
        form = video_form(PERSON_ID, thumbnail="attach://thumb")
        form.add_field("thumb", jpeg(side), filename="t.jpg", content_type="image/jpeg")
        _, body = await client.form("sendVideo", form)
        check_answer("sendVideo", body["result"])
        assert ("thumbnail" in body["result"]["video"]) is is_kept


def jpeg(side: int) -> bytes:
    size = side.to_bytes(2, "big") * 2
    frame = b"\xff\xc0\x00\x11\x08" + size
    return b"\xff\xd8\xff\xe0\x00\x10" + bytes(14) + frame + bytes(14)


async def test_photos_are_looked_at(client: Client) -> None:
    form = aiohttp.FormData({"chat_id": str(PERSON_ID)})
    form.add_field("photo", jpeg(640), filename="p.jpg")
    _, body = await client.form("sendPhoto", form)
    check_answer("sendPhoto", body["result"])
    assert body["result"]["photo"][0]["width"] == 640
    form = aiohttp.FormData({"chat_id": str(PERSON_ID)})
    form.add_field("photo", b"no picture", filename="p.jpg")
    status, body = await client.form("sendPhoto", form)
    assert (status, body["description"]) == (400, "Bad Request: IMAGE_PROCESS_FAILED")


async def test_uploads_that_are_not_used_are_not_kept(sandbox: Sandbox, client: Client) -> None:
    folder = (sandbox.blob("any").path or Path()).parent
    await client.form("sendVideo", video_form(77))
    await client.form("sendVideo", video_form(PERSON_ID, caption="x" * 1025))
    assert [path.name for path in folder.iterdir()] == []
    await client.form("sendVideo", video_form(PERSON_ID))
    assert len(list(folder.iterdir())) == 1
