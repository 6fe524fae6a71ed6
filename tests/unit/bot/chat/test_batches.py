from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.batch_words import finding_report
from bot.chat.keyboards import BatchAction
from bot.chat.texts import has
from core.batches.book import batch_key
from core.batches.findings import Finding, Severity
from core.batches.models import Batch, BatchState
from core.errors import SourceError
from core.ports import Task
from core.posts.models import UploadState
from tests.batch_kit import make_batches, make_clip, make_clips, make_config, make_file
from tests.bot_session import Call
from tests.chat_kit import ADMIN, PERSON, Chat, as_reply, make_chat_on, make_message, make_press
from tests.clocks import ManualClock
from tests.factories import Desk
from workers.batcher import Batcher

ROOT = Path(__file__).parents[4]
JSON = dict[str, Any]


class Shelf:
    """The documents that people sent, by file id."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.error: SourceError | None = None

    async def read(self, spec: Mapping[str, Any]) -> bytes:
        if self.error is not None:
            raise self.error
        return self.files[str(spec["file_id"])]


class Run:
    """A run of the engine that nobody stops."""

    def __init__(self, batch: Batch) -> None:
        self.task = Task(kind="batch", key=batch_key(batch), args={"batch_id": batch.id})

    def stopping(self) -> bool:
        return False

    def progress(self) -> None:
        pass


class Room:
    """A chat in which lists of clips are sent."""

    def __init__(self, chat: Chat, shelf: Shelf) -> None:
        self.chat = chat
        self.shelf = shelf
        self.book = chat.deps.batches.book

    def document(self, name: str, content: bytes, caption: str = "", **more: Any) -> JSON:
        number = f"f{len(self.shelf.files)}"
        self.shelf.files[number] = content
        file = {"file_id": number, "file_unique_id": number, "file_name": name}
        words: JSON = {"caption": caption} if caption else {}
        return make_message(document={**file, "file_size": len(content)}, **words, **more)

    async def send(self, name: str, content: bytes, caption: str = "") -> list[Call]:
        return await self.chat.ask(self.document(name, content, caption))

    async def work(self, batch_id: int = 1) -> list[Call]:
        """Let the batch take its next step, and the bot speak."""
        batch = await self.book.require(batch_id)
        await Batcher(self.chat.deps.batches, self.chat.desk.posts)(Run(batch))
        await self.chat.clock.advance(10)
        return await self.chat.speak()

    async def press(self, action: str, batch_id: int = 1, user: int = PERSON) -> list[Call]:
        data = BatchAction(action=action, batch_id=batch_id).pack()
        return await self.chat.ask(make_press(data, user))

    async def end_all(self, state: UploadState = UploadState.LIVE) -> None:
        for upload in await self.chat.desk.posts.open_uploads():
            failed = {"error_kind": "rejected", "error_text": "no", "error_code": "x"}
            await self.chat.move(
                upload.id, state, **(failed if state is UploadState.FAILED else {})
            )


@pytest.fixture
async def room(desk: Desk, clock: ManualClock, tmp_path: Path) -> Room:
    folder = tmp_path / "work"
    for number in range(3):
        make_file(folder, f"clips/abc_{number:04}.mp4")
    shelf = Shelf()
    batches = make_batches(desk, [folder], read_source=shelf.read)
    return Room(make_chat_on(desk, tmp_path, batches=batches), shelf)


CLIPS = make_clips(*(make_clip(number) for number in range(3)))
TABLE = b"path,title\nclips/abc_0000.mp4,One\nclips/abc_0001.mp4,Two\n"


async def test_a_list_is_looked_into_and_nothing_begins_by_itself(room: Room) -> None:
    (told,) = await room.send("clips_metadata.json", CLIPS)
    assert "Nothing is published before you say so" in told.text
    (asked,) = await room.work()
    assert "3 of 3 clips" in asked.text
    assert asked.data == ["b1:all:1", "b1:leave:1"]
    assert await room.chat.desk.posts.recent(chat_id=None, limit=9) == []


async def test_an_update_that_comes_twice_makes_one_batch(room: Room) -> None:
    update = room.document("clips.json", CLIPS)
    await room.chat.ask(update)
    assert await room.chat.ask(update) == []
    assert await room.book.get(2) is None


async def test_tables_and_lines_are_lists_too(room: Room) -> None:
    await room.send("clips.csv", TABLE)
    (asked,) = await room.work(1)
    assert "2 of 2 clips" in asked.text
    lines = b'{"path": "clips/abc_0000.mp4"}\n{"path": "clips/abc_0002.mp4"}\n'
    await room.send("clips.jsonl", lines)
    (asked,) = await room.work(2)
    assert "2 of 2 clips" in asked.text


async def test_problems_are_told_with_their_place(room: Room) -> None:
    clips = make_clips(make_clip(0), make_clip(7), {"path": "/etc/passwd"})
    await room.send("clips.json", clips)
    (asked,) = await room.work()
    assert "1 of 3 clips" in asked.text
    assert "Entry 2, line 12: There is no such file: clips/abc_0007.mp4" in asked.text
    assert "Entry 3, line 15: The file lies outside" in asked.text


async def test_many_problems_come_as_a_document(room: Room) -> None:
    clips = make_clips(make_clip(0), *({"clip_id": number} for number in range(40)))
    await room.send("clips.json", clips)
    told, document = await room.work()
    assert "more in the document below" in told.text
    assert document.method == "sendDocument"
    file = room.chat.session.files[-1]
    found = json.loads(file)
    assert len(found) == 40
    assert set(found[0]) == {"entry", "field", "severity", "message", "remedy"}


async def test_nothing_can_be_published(room: Room) -> None:
    await room.send("clips.json", make_clips(make_clip(9)))
    (told,) = await room.work()
    assert "none of 1 clips" in told.text
    assert told.buttons == []
    assert (await room.book.require(1)).state is BatchState.LEFT


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.json", b"{", "This is not JSON"),
        ("a.csv", b"\xff\xff", "not UTF-8"),
        ("a.jsonl", b" \n", "is empty"),
    ],
)
async def test_files_that_cannot_be_read(
    room: Room, name: str, content: bytes, words: str
) -> None:
    await room.send(name, content)
    (told,) = await room.work()
    assert words in told.text


async def test_a_file_that_cannot_be_fetched(room: Room) -> None:
    update = room.document("clips.csv", TABLE)
    room.shelf.error = SourceError(key="source_gone", retry=False)
    await room.chat.ask(update)
    (told,) = await room.work()
    assert "could not fetch" in told.text


async def test_the_lines_of_the_caption_are_the_configuration(room: Room) -> None:
    await room.send("clips.json", CLIPS, "to: youtube\ntitle: Best {clip_id}\nScore it")
    await room.work()
    await room.press("all")
    await room.work()
    posts = await room.chat.desk.posts.recent(chat_id=None, limit=9)
    assert sorted(post.text.title for post in posts if post.text) == ["Best 0", "Best 1", "Best 2"]
    uploads = await room.chat.desk.posts.open_uploads()
    assert {upload.platform for upload in uploads} == {"youtube"}


@pytest.mark.parametrize("caption", ["privacy: secret", "at: 23:59", "channel: mine"])
async def test_a_caption_that_a_batch_cannot_have(room: Room, caption: str) -> None:
    (told,) = await room.send("clips.json", CLIPS, caption)
    assert "looking into" not in told.text
    assert await room.book.get(1) is None


CONFIG = make_config(platforms=["youtube"], metadata={"title_template": "Best {clip_id}"})


async def test_a_configuration_may_come_first(room: Room) -> None:
    (told,) = await room.send("publisher.json", CONFIG)
    assert "Configuration kept" in told.text
    (told,) = await room.send("clips.json", CLIPS)
    assert "with your configuration" in told.text
    await room.work()
    assert (await room.book.require(1)).plan["config"]["file_id"] == "f0"
    (told,) = await room.send("again.json", CLIPS)
    assert "can still follow" in told.text


async def test_a_configuration_may_come_afterwards(room: Room) -> None:
    await room.send("clips.json", CLIPS)
    await room.work()
    (told,) = await room.send("publisher.json", CONFIG)
    assert "anew" in told.text
    await room.work()
    await room.press("all")
    await room.work()
    assert {one.platform for one in await room.chat.desk.posts.open_uploads()} == {"youtube"}


async def test_a_list_may_answer_its_configuration(room: Room) -> None:
    config = room.document("publisher.json", CONFIG)
    update = as_reply(room.document("clips.json", CLIPS), 55)
    update["message"]["reply_to_message"]["document"] = config["message"]["document"]
    await room.chat.ask(update)
    assert (await room.book.require(1)).plan["config"]["file_id"] == "f0"


async def test_a_configuration_that_is_old_is_not_used(room: Room) -> None:
    await room.send("publisher.json", CONFIG)
    await room.chat.clock.advance(3601)
    (told,) = await room.send("clips.json", CLIPS)
    assert "can still follow" in told.text


async def test_a_batch_under_way_keeps_its_configuration(room: Room) -> None:
    update = room.document("clips.json", CLIPS)
    await room.chat.ask(update)
    await room.work()
    await room.press("all")
    config = as_reply(room.document("publisher.json", CONFIG), update["message"]["message_id"])
    await room.chat.hear(config)
    texts = [call.text for call in await room.chat.speak()]
    assert any("under way already" in text for text in texts)


async def test_one_card_follows_the_batch(room: Room) -> None:
    await room.send("clips.json", CLIPS)
    await room.work()
    (card,) = await room.press("all")
    assert "<b>Batch 1</b>: clips.json" in card.text
    assert "not begun: 3" in card.text
    (card,) = await room.work()
    assert card.method == "editMessageText"
    assert "⏳ waiting: 6" in card.text
    assert card.data == ["b1:cancel:1"]


async def test_the_end_brings_the_results(room: Room) -> None:
    await room.send("clips.json", CLIPS)
    await room.work()
    await room.press("all")
    await room.work()
    await room.end_all()
    await room.chat.clock.advance(10)
    document, card = await room.chat.speak()
    assert document.method == "sendDocument"
    assert "6 live, 0 failed" in str(document.params["caption"])
    results = json.loads(room.chat.session.files[-1])
    assert [one["success"] for one in results] == [True] * 6
    assert "– done" in card.text
    assert card.buttons == []


async def test_what_failed_is_named_and_can_be_tried_again(room: Room) -> None:
    await room.send("clips.json", CLIPS)
    await room.work()
    await room.press("all")
    await room.work()
    await room.end_all(UploadState.FAILED)
    await room.chat.clock.advance(10)
    _, card = await room.chat.speak()
    assert "❌ failed: 6" in card.text
    assert "3 × YouTube" in card.text
    assert "/post 1" in card.text
    assert card.data == ["b1:retry:1"]
    await room.press("retry")
    card = (await room.work())[-1]
    assert "⏳ waiting: 6" in card.text


async def test_a_batch_can_be_stopped(room: Room) -> None:
    await room.send("clips.json", CLIPS)
    await room.work()
    await room.press("all")
    await room.work()
    await room.press("cancel")
    await room.work()
    *_, card = await room.work()
    assert "🚫 cancelled: 6" in card.text
    assert (await room.book.require(1)).state is BatchState.DONE


async def test_only_the_good_ones(room: Room) -> None:
    clips = make_clips(make_clip(0, duration=99), make_clip(1))
    await room.send("clips.json", clips)
    (asked,) = await room.work()
    assert asked.data == ["b1:all:1", "b1:good:1", "b1:leave:1"]
    await room.press("good")
    await room.work()
    posts = await room.chat.desk.posts.recent(chat_id=None, limit=9)
    assert [post.source["filename"] for post in posts] == ["abc_0001.mp4"]


@pytest.mark.parametrize("word", ["all", "good"])
async def test_a_confirmation_counts_only_while_it_is_asked_for(room: Room, word: str) -> None:
    await room.send("clips.json", CLIPS)
    await room.work()
    await room.press("all")
    await room.work()
    await room.press("cancel")
    await room.press(word)
    assert (await room.book.require(1)).state is BatchState.CANCELLING


async def test_an_old_confirmation_publishes_nothing_of_a_list_that_is_looked_into_anew(
    room: Room,
) -> None:
    update = room.document("clips.json", CLIPS)
    await room.chat.ask(update)
    await room.work()
    number = update["message"]["message_id"]
    await room.chat.ask(as_reply(room.document("publisher.json", CONFIG), number))
    assert (await room.book.require(1)).state is BatchState.CHECKING
    (told,) = await room.press("all")
    assert told.text
    assert (await room.book.require(1)).state is BatchState.CHECKING
    await room.work()
    assert (await room.book.require(1)).state is BatchState.ASKED


async def test_a_look_that_was_overtaken_does_not_end_the_newer_one(room: Room) -> None:
    await room.send("clips.json", CLIPS)
    old = await room.book.require(1)
    await room.book.recheck(1, old.plan)
    await room.book.leave(old, "batch_fetch", {"source": "gone"})
    assert (await room.book.require(1)).state is BatchState.CHECKING


async def test_leaving_it(room: Room) -> None:
    await room.send("clips.json", CLIPS)
    await room.work()
    (told,) = await room.press("leave")
    assert "Nothing of" in told.text
    (told,) = await room.press("all")
    assert told.text


async def test_buttons_of_others_do_nothing(room: Room) -> None:
    update = room.document("clips.json", CLIPS)
    update["message"]["from"]["id"] = ADMIN
    await room.chat.ask(update)
    await room.work()
    await room.press("all")
    assert (await room.book.require(1)).state is BatchState.ASKED
    await room.press("all", user=ADMIN)
    assert (await room.book.require(1)).state is BatchState.PUBLISHING


@pytest.mark.parametrize("number", [0, -1, 99, 2**63])
async def test_a_button_of_no_batch(room: Room, number: int) -> None:
    (told,) = await room.press("all", batch_id=number)
    assert told.text


def test_every_finding_has_a_sentence_and_a_remedy() -> None:
    keys = set()
    for path in (ROOT / "core" / "batches").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                keys.add(node.value)
    told = {key for key in keys if has(f"batch_{key}_do")}
    assert len(told) > 45
    for key in told:
        assert has(f"batch_{key}")


def test_a_report_is_plain_text(clock: ManualClock) -> None:
    facts = {"given": "<b>x</b>"}
    finding = Finding(severity=Severity.BLOCK, key="missing_file", field="path", facts=facts)
    told = finding_report(finding, clock.now(), "UTC")
    assert told["message"] == "There is no such file: <b>x</b>."
    assert told["entry"] is None
