"""The library in the chat: what is added, what is asked, what is found, played and deleted."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web

from core.studio.mashup import AssetKind
from tests.http_kit import serve
from tests.library_kit import clip, song, still
from tests.live_chat import JSON, LiveChat, until

pytestmark = pytest.mark.timeout(90)


async def pressed(live: LiveChat, message: JSON, words: str, needle: str) -> JSON:
    """Press a button and wait until the message says something else."""
    await live.press(message, words)
    number = message["message_id"]

    def changed() -> list[JSON]:
        return [v for v in live.seen() if v["message_id"] == number and needle in v["text"]]

    found = await until(changed, lambda: f"{words!r} led to {live.seen()[-1]['text']!r}")
    last: JSON = found[-1]
    return last


async def test_a_file_is_asked_about_added_found_played_and_deleted(live: LiveChat) -> None:
    async with live.running(accounts=live.only("telegram")) as app:
        await live.send("/add #sea mood:calm name:Waves & <b>more</b>", clip("a.mp4"))
        message = await live.says("What is it for?")
        message = await pressed(live, message, "template", "May you use it?")
        message = await pressed(live, message, "I have a licence", "Which licence")
        message = await pressed(live, message, "CC BY 4.0", "Who has to be named?")
        await live.press(message, "Nobody has to be named")
        added = await live.says("is in your library")
        assert "Waves & <b>more</b>" in added["text"]

        library = app.parts.studio.library
        asset = await library.require(1)
        said = (asset.kind, asset.name, set(asset.tags), asset.mood, asset.rights, asset.licence)
        assert said == (
            AssetKind.TEMPLATE,
            "Waves & <b>more</b>",
            {"sea"},
            "calm",
            "licensed",
            "CC BY 4.0",
        )

        listed = await live.ask("/library template wav", "one file")
        await live.press(listed, "Pictures")
        shown = await pressed(live, listed, "1", "Licence: ")
        await live.press(shown, "Play")
        await until(lambda: live.calls("sendVideo"), lambda: "nothing is played")
        await until(lambda: live.calls("sendPhoto"), lambda: "no picture came")
        question = await pressed(live, shown, "Delete", "for good?")
        await pressed(live, question, "Yes", "is deleted")
        assert await library.get(1) is None


async def test_what_was_accepted_outlives_a_restart_and_comes_once(live: LiveChat) -> None:
    live.fail("telegram", "getFile", "status", status=500, times=1_000)
    video = clip()
    async with live.running(accounts=live.only("telegram")) as app:
        sent = await live.send("", video)
        await live.says("What is this video about?")
        await live.write("/add template rights:mine name:Waves", reply_to_message_id=sent)
        await live.says("Adding it")
        await until(lambda: live.calls("getFile"), lambda: "nothing is fetched")
        assert await app.parts.studio.library.get(1) is None
        assert await app.parts.posts.count_open() == 0
    live.sandbox.faults.clear()
    async with live.running(accounts=live.only("telegram")) as app:
        await live.says("is in your library")
        asset = await app.parts.studio.library.require(1)
        assert (asset.name, asset.rights) == ("Waves", "mine")
        await live.send("/add template rights:mine", video)
        await live.says("is there already, as \u2068Waves")
        leftovers = list((live.folder / "data/library/adding").glob("*"))
        assert leftovers == []


async def test_a_link_a_sound_and_what_is_no_media(live: LiveChat) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        del request
        return web.Response(body=still().read_bytes(), content_type="image/png")

    async with serve(answer) as base:
        hosts = [base.removeprefix("http://")]
        async with live.running(
            accounts=live.only("telegram"), sources={"allowed_hosts": hosts}
        ) as app:
            await live.write(f"/add {base}/logo.png product rights:mine")
            await live.says("logo")
            await live.send("/add rights:mine", song(), kind="audio")
            await live.says("music · sound")
            broken = live.folder / "broken.mp4"
            await asyncio.to_thread(broken.write_bytes, b"no video at all")
            await live.send("/add hot rights:mine", broken, kind="document")
            await live.says("Save it as MP4")

            product = await app.parts.studio.library.require(1)
            assert (product.kind, product.media) == (AssetKind.PRODUCT, "image")
            assert product.origin == f"{base}/logo.png"
