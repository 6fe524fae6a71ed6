"""Mashups in the chat: the wizard step by step, restarts, what goes wrong, and many at once."""

from __future__ import annotations

import pytest

from core.studio.assets import NewAsset
from core.studio.errors import StudioError
from core.studio.mashup import AssetKind
from core.studio.renders import Render, RenderState
from tests.library_kit import clip
from tests.live_chat import LiveChat, until
from tests.wizard_kit import PictureMaker, at_step, becomes, settled, stock, studio_chat

pytestmark = pytest.mark.timeout(90)


async def only_render(live: LiveChat) -> Render:
    (render,) = await live.parts.studio.renders.recent()
    return render


async def test_every_step_survives_a_restart_and_the_result_is_published(live: LiveChat) -> None:
    maker = PictureMaker()
    async with studio_chat(live, maker) as app:
        assets = await stock(app)
        await live.write("/mashup")
        await live.press(await at_step(live, 1, "My clip"), "1")
        await at_step(live, 2, "Slime")
    async with studio_chat(live, maker):
        message = await at_step(live, 2)
        assert "Video: My clip" in message["text"]
        await live.press(message, "Pictures")
        await until(lambda: live.calls("sendPhoto"), lambda: "no pictures")
        await live.press(message, "1")
        await at_step(live, 3)
    async with studio_chat(live, maker):
        await live.press(await at_step(live, 3), "upbeat")
        message = await at_step(live, 3, "upbeat")
        await live.press(message, "▶ 1")
        await until(lambda: live.calls("sendAudio"), lambda: "nothing to hear")
        await live.press(message, "1")
        await at_step(live, 4)
    async with studio_chat(live, maker):
        await live.press(await at_step(live, 4), "above the other")
        await live.press(await at_step(live, 4), "1:1")
        await live.press(await at_step(live, 4), "Next")
        await at_step(live, 5)
    async with studio_chat(live, maker):
        await at_step(live, 5)
        await live.write("Look <at> this\nwatermark: @ann")
        message = await at_step(live, 5, "Look")
        await live.press(message, "outlined")
        await live.press(await at_step(live, 5), "Next")
        await at_step(live, 6)
    async with studio_chat(live, maker):
        await live.press(await at_step(live, 6), "Telegram")
        await live.press(await at_step(live, 6, "Write the caption"), "Next")
        await at_step(live, 6, "Write the caption first")
        await live.write("A day at the sea")
        await live.press(await at_step(live, 6, "kept"), "Next")
        await at_step(live, 7)
    async with studio_chat(live, maker):
        await live.press(await at_step(live, 7), "Show three")
        await until(lambda: live.calls("sendVideo"), lambda: "no preview")
        await live.press(await at_step(live, 7), "Make it")
        await live.says("Sent to be made")
        await live.says("Its publishing card tells more")
        await live.says("Live everywhere")

        made = await only_render(live)
        mashup = made.mashup
        assert [part.file.asset_id for part in mashup.parts] == [
            assets["source"].id,
            assets["template"].id,
        ]
        assert (mashup.layout, mashup.aspect, mashup.profile) == ("stack", "1:1", "telegram")
        assert mashup.music is not None
        assert mashup.captions is not None
        assert mashup.watermark is not None
        said = (mashup.captions.text, mashup.captions.look, mashup.watermark.text)
        assert said == ("Look <at> this", "box", "@ann")
        captions = [str(row["text"]["caption"]) for row in live.sandbox.published()]
        assert captions == ["A day at the sea"]


async def test_a_surprise_is_one_press_and_the_next_mashup_begins_with_it(live: LiveChat) -> None:
    async with studio_chat(live) as app:
        await stock(app)
        await live.write("/mashup")
        await live.press(await at_step(live, 1), "Surprise")
        message = await at_step(live, 7, "Surprise")
        assert "🎲 Video: My clip" in message["text"]
        await live.press(message, "Another")
        await at_step(live, 7)
        await live.press(await at_step(live, 7), "Make it")
        shown = await live.says("Reply with a caption")
        await settled(live)
        await live.write("A day at the sea", reply_to_message_id=shown["message_id"])
        await live.says("Live everywhere")
        await live.write("/mashup")
        message = await at_step(live, 1, "Beside it: Slime")
        assert "Video: " not in message["text"]


async def test_a_video_that_is_sent_becomes_the_source(live: LiveChat) -> None:
    async with studio_chat(live) as app:
        await live.write("/mashup")
        await at_step(live, 1, "has no video yet")
        await live.send("", clip("c.mp4", "green"))
        await live.press(await live.says("May you"), "mine")
        message = await at_step(live, 2, "is in your library now")
        assert "Video: " in message["text"]
        assert await app.parts.posts.count_open() == 0


async def test_a_second_mashup_asks_and_foreign_or_old_presses_change_nothing(
    live: LiveChat,
) -> None:
    async with studio_chat(live) as app:
        assets = await stock(app)
        await live.write("/mashup")
        first = await at_step(live, 1)
        await live.press(first, "1")
        await at_step(live, 2)
        old = first["keyboard"][0][0]["callback_data"]
        query = await live.press_data(first, old)
        assert "earlier step" in await live.answered(query)

        question = await live.ask("/mashup", "Go on with it")
        await live.press(question, "Go on")
        message = await becomes(live, question, "Mashup · step 2")

        await app.parts.studio.library.delete(assets["source"].id)
        await live.press(message, "Skip")
        message = await at_step(live, 3, "not in the library any more")
        question = await live.ask("/mashup", "Go on with it")
        await live.press(question, "anew")
        message = await becomes(live, question, "Mashup · step 1")
        await live.press(message, "Cancel")
        await live.says("Left as it is")
        query = await live.press_data(message, message["keyboard"][-1][-1]["callback_data"])
        assert "closed" in await live.answered(query)


async def test_a_failure_is_told_and_retried_from_its_card(live: LiveChat) -> None:
    maker = PictureMaker(errors=[StudioError("no_asset", {"asset_id": 1})])
    async with studio_chat(live, maker) as app:
        await stock(app)
        await live.write("/mashup")
        await live.press(await at_step(live, 1), "Surprise")
        await live.press(await at_step(live, 7), "Make it")
        card = await live.says("Not made")
        await live.press(card, "Retry")
        await live.says("Reply with a caption")
        made = await only_render(live)
        assert made.state is RenderState.READY


async def test_what_many_are_made_from_is_named_or_chosen_and_survives_a_restart(
    live: LiveChat,
) -> None:
    maker = PictureMaker(unlike=True)
    async with studio_chat(live, maker) as app:
        assets = await stock(app)
        other = await app.parts.studio.library.add(
            clip("d.mp4", "green"), NewAsset(kind=AssetKind.SOURCE, name="Beach", rights="mine")
        )
        await live.ask("/mashup 2\nfrom: beach, zebra", "is called “zebra”")
        plan = await live.ask("/mashup 2 upbeat\nfrom: beach", "Only these videos: Beach")
        await live.press(plan, "☑ Videos")
        await becomes(live, plan, "Which videos")
    async with studio_chat(live, maker) as app:
        await live.press(await becomes(live, plan, "One is chosen"), "1")
        await live.press(await becomes(live, plan, "all of the library"), "2")
        await live.press(await becomes(live, plan, "One is chosen"), "Done")
        seen = await becomes(live, plan, "Only these videos: My clip")
        assert "Mood of the music: upbeat" in seen["text"]
        await live.press(seen, "Make 2")
        await live.says("2 of 2 done")
        made = await app.parts.studio.renders.of_batch(1)
        parts = {one.mashup.parts[0].file.asset_id for one in made}
        assert parts == {assets["source"].id} != {other.asset.id}


async def test_many_are_planned_confirmed_and_followed_on_one_card(live: LiveChat) -> None:
    async with studio_chat(live, PictureMaker(unlike=True)) as app:
        await stock(app)
        await live.ask("/mashup 3 gloomy", "There is: upbeat")
        plan = await live.ask("/mashup 3 upbeat", "3 mashups")
        await live.press(plan, "Make 3")
        card = await live.says("3 of 3 done")
        assert "3 made" in card["text"]
        assert len(await app.parts.studio.renders.of_batch(1)) == 3
        assert len([one for one in live.seen() if "render 1" in one["text"]]) == 0
        listed = await live.ask("/renders", "the newest first")
        assert "My clip + Slime" in listed["text"]
