from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.batch_words import result_report
from core.batches.book import batch_key
from core.batches.folders import Folders
from core.batches.listing import Kind
from core.batches.models import Batch, BatchState
from core.batches.results import results
from core.batches.service import Batches
from core.errors import RefusedError, TransitionError
from core.ports import Defer, Task
from core.posts.models import Post, PostState, Upload, UploadState
from tests.batch_kit import make_batches, make_clip, make_clips, make_config, make_file
from tests.factories import Desk
from workers.batcher import Batcher, Kept

CONFIG: dict[str, Any] = {"metadata": {"title_template": "Clip {clip_id}"}}


class Stepping:
    """A run that is told to stop after so many questions."""

    def __init__(self, batch: Batch, steps: int = 1_000_000) -> None:
        self._steps = steps
        self.task = Task(kind="batch", key=batch_key(batch), args={"batch_id": batch.id})

    def stopping(self) -> bool:
        self._steps -= 1
        return self._steps < 0

    def progress(self) -> None:
        pass


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    for number in range(4):
        make_file(folder, f"clips/abc_{number:04}.mp4")
    return folder


@pytest.fixture
def batches(desk: Desk) -> Batches:
    return make_batches(desk)


async def begin(
    batches: Batches, folder: Path, *clips: dict[str, Any], chat_id: int = 0, **config: Any
) -> Batch:
    """Look into clips and let them be published."""
    data = make_clips(*(clips or map(make_clip, range(3))))
    read = batches.config(make_config(**(config or CONFIG)))
    batch = await batches.book.create(
        kind="clips", name="clips.json", plan={}, digest="d", chat_id=chat_id, user_id=chat_id
    )
    kept = Kept(batches, batch.id, lambda: None)
    listing = batches.listing(data, Kind.CLIPS)
    report = await batches.look(listing, read, Folders([], folder), kept.add).run()
    await kept.flush()
    assert report.is_ok, list(report.findings)
    await batches.book.save_plan(batch.id, kept.plan(read, folder))
    return await batches.book.move(batch.id, BatchState.PUBLISHING)


async def run(desk: Desk, batches: Batches, batch: Batch, steps: int = 1_000_000) -> None:
    fresh = await batches.book.require(batch.id)
    await Batcher(batches, desk.posts)(Stepping(fresh, steps))


async def publish(
    desk: Desk, batches: Batches, folder: Path, *clips: dict[str, Any], **config: Any
) -> Batch:
    batch = await begin(batches, folder, *clips, **config)
    await run(desk, batches, batch)
    return await batches.book.require(batch.id)


async def posts_of(desk: Desk) -> list[Post]:
    found = await desk.posts.recent(chat_id=None, limit=100)
    return sorted(found, key=lambda post: post.id)


async def end(desk: Desk, upload: Upload, state: UploadState = UploadState.LIVE) -> None:
    started = await desk.posts.start(upload.id)
    if state is UploadState.FAILED:
        failure = {"error_kind": "rejected", "error_text": "no", "error_code": "bad"}
        await desk.posts.save(started, state, **failure)
    else:
        await desk.posts.save(started, state)


async def end_all(desk: Desk, state: UploadState = UploadState.LIVE) -> None:
    for upload in await desk.posts.open_uploads():
        await end(desk, upload, state)


async def test_clips_become_posts_with_their_words(
    desk: Desk, batches: Batches, folder: Path
) -> None:
    await publish(desk, batches, folder)
    posts = await posts_of(desk)
    assert [post.text.title for post in posts if post.text] == ["Clip 0", "Clip 1", "Clip 2"]
    assert {post.state for post in posts} == {PostState.ACCEPTED}
    assert {one.platform for one in await desk.posts.uploads(posts[0].id)} == {
        "youtube",
        "telegram",
    }


async def test_the_best_go_first(desk: Desk, batches: Batches, folder: Path) -> None:
    clips = [
        make_clip(0, score=1.0),
        make_clip(1, score=3.0),
        make_clip(2, score=2.0),
        make_clip(3, score=0.1, priority=5),
    ]
    await publish(desk, batches, folder, *clips)
    titles = [post.text.title for post in await posts_of(desk) if post.text]
    assert titles == ["Clip 3", "Clip 1", "Clip 2", "Clip 0"]


async def test_options_reach_the_uploads(desk: Desk, batches: Batches, folder: Path) -> None:
    options = {"auto_retry": True, "max_retries": 2, "chunk_size": 6_000_000}
    await publish(desk, batches, folder, make_clip(0), upload_options=options)
    (post,) = await posts_of(desk)
    assert post.wish.options == {"max_retries": "2", "part_bytes": "6000000"}


async def test_posts_of_a_batch_have_no_card_of_their_own(
    desk: Desk, batches: Batches, folder: Path
) -> None:
    batch = await begin(batches, folder, chat_id=1001)
    await run(desk, batches, batch)
    cards = await desk.posts.due_cards()
    assert [(card.batch_id, card.post_id) for card in cards] == [(batch.id, 0)]


async def test_it_goes_on_where_it_was_stopped(desk: Desk, batches: Batches, folder: Path) -> None:
    batch = await begin(batches, folder)
    with pytest.raises(Defer):
        await run(desk, batches, batch, steps=1)
    assert len(await posts_of(desk)) == 1
    await run(desk, batches, batch)
    assert len(await posts_of(desk)) == 3


async def test_a_batch_ends_with_its_last_upload(
    desk: Desk, batches: Batches, folder: Path
) -> None:
    batch = await publish(desk, batches, folder)
    *others, last = await desk.posts.open_uploads()
    for upload in others:
        await end(desk, upload)
    assert (await batches.book.require(batch.id)).state is BatchState.PUBLISHING
    await end(desk, last, UploadState.FAILED)
    done = await batches.book.require(batch.id)
    assert done.state is BatchState.DONE
    assert done.finished_at is not None


async def test_results_have_the_shape_that_other_programs_read(
    desk: Desk, batches: Batches, folder: Path
) -> None:
    batch = await publish(desk, batches, folder, make_clip(0), platforms=["youtube"])
    (upload,) = await desk.posts.open_uploads()
    started = await desk.posts.start(upload.id)
    await desk.clock.advance(45.2)
    await desk.posts.save(
        started,
        UploadState.LIVE,
        remote_id="7123",
        url="https://example.org/7123",
        size_bytes=16 * 1024 * 1024,
        visibility="public",
        session={"remote_id": "v_pub_7123"},
    )
    assert [one async for one in results(batches.book, batch.id)] == [
        {
            "success": True,
            "platform": "youtube",
            "video_id": "7123",
            "publish_id": "v_pub_7123",
            "status": "PUBLISHED",
            "upload_time_seconds": 45.2,
            "video_url": "https://example.org/7123",
            "metadata": {"title": "abc 0000", "duration": 12.0, "file_size_mb": 16.0},
        }
    ]


async def test_failures_say_why(desk: Desk, batches: Batches, folder: Path) -> None:
    batch = await publish(desk, batches, folder, make_clip(0), platforms=["youtube"])
    await end_all(desk, UploadState.FAILED)
    (result,) = [one async for one in results(batches.book, batch.id)]
    assert (result["success"], result["status"], result["error"]) == (False, "FAILED", "no")


async def test_many_results_come_in_pages(
    desk: Desk, batches: Batches, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.batches.results.PAGE", 2)
    batch = await publish(desk, batches, folder)
    titles = [one["metadata"]["title"] async for one in results(batches.book, batch.id)]
    assert titles == ["Clip 0", "Clip 0", "Clip 1", "Clip 1", "Clip 2", "Clip 2"]


async def test_the_same_file_again_publishes_nothing_twice(
    desk: Desk, batches: Batches, folder: Path
) -> None:
    await publish(desk, batches, folder)
    await end_all(desk)
    again = await publish(desk, batches, folder)
    assert len(await posts_of(desk)) == 3
    assert again.state is BatchState.DONE
    assert len([one async for one in results(batches.book, again.id)]) == 6


async def test_the_same_file_again_publishes_what_is_missing(
    desk: Desk, batches: Batches, folder: Path
) -> None:
    await publish(desk, batches, folder)
    uploads = await desk.posts.open_uploads()
    for upload in uploads[1:]:
        await end(desk, upload)
    await end(desk, uploads[0], UploadState.FAILED)
    clips = [make_clip(number) for number in range(4)]
    again = await publish(desk, batches, folder, *clips)
    left = await desk.posts.open_uploads()
    assert len(await posts_of(desk)) == 4
    assert [one.id for one in left if one.id == uploads[0].id] == [uploads[0].id]
    assert len(left) == 3
    assert again.state is BatchState.PUBLISHING


async def test_published_clips_may_have_been_deleted(
    desk: Desk, batches: Batches, folder: Path
) -> None:
    await publish(desk, batches, folder)
    await end_all(desk)
    (folder / "clips" / "abc_0001.mp4").unlink()
    again = await publish(desk, batches, folder)
    assert again.state is BatchState.DONE


async def test_other_content_under_the_same_name_is_published(
    desk: Desk, batches: Batches, folder: Path
) -> None:
    await publish(desk, batches, folder)
    await end_all(desk)
    make_file(folder, "clips/abc_0001.mp4", b"something else, and longer than before")
    await publish(desk, batches, folder)
    assert len(await posts_of(desk)) == 4


async def test_a_file_that_changes_after_the_look_is_refused(
    desk: Desk, batches: Batches, folder: Path
) -> None:
    batch = await begin(batches, folder)
    make_file(folder, "clips/abc_0001.mp4", b"changed meanwhile")
    path = folder / "clips" / "abc_0002.mp4"
    path.unlink()
    path.symlink_to("/etc/hostname")
    await run(desk, batches, batch)
    refused = [one async for one in results(batches.book, batch.id) if one["status"] == "REFUSED"]
    keys = [one["refusal"]["key"] for one in refused]
    assert keys == ["batch_file_changed", "batch_path_outside"]
    told = result_report(refused[0])
    assert told["error"].startswith("The file changed since it was looked into: /")
    assert "refusal" not in told
    assert len(await posts_of(desk)) == 1


async def test_cancelling_stops_what_is_not_live(
    desk: Desk, batches: Batches, folder: Path
) -> None:
    batch = await begin(batches, folder)
    with pytest.raises(Defer):
        await run(desk, batches, batch, steps=2)
    first, *_ = await desk.posts.open_uploads()
    await end(desk, first)
    await batches.book.move(batch.id, BatchState.CANCELLING)
    await run(desk, batches, batch)
    await run(desk, batches, batch)
    counts = await batches.book.counts(batch.id)
    assert (await batches.book.require(batch.id)).state is BatchState.DONE
    assert (counts.uploads["live"], counts.uploads["cancelled"]) == (1, 3)
    assert counts.entries["left"] == 1


async def test_what_failed_is_tried_again(desk: Desk, batches: Batches, folder: Path) -> None:
    batch = await publish(desk, batches, folder)
    await end_all(desk, UploadState.FAILED)
    await batches.book.move(batch.id, BatchState.RETRYING)
    await run(desk, batches, batch)
    assert len(await desk.posts.open_uploads()) == 6
    await end_all(desk)
    assert (await batches.book.require(batch.id)).state is BatchState.DONE


async def test_only_allowed_steps_are_taken(desk: Desk, batches: Batches, folder: Path) -> None:
    batch = await publish(desk, batches, folder)
    with pytest.raises(TransitionError):
        await batches.book.move(batch.id, BatchState.PUBLISHING)
    with pytest.raises(RefusedError):
        await batches.book.require(999)


async def test_after_a_start_everything_has_a_task(
    desk: Desk, batches: Batches, folder: Path
) -> None:
    batch = await begin(batches, folder)
    abandoned = await batches.book.create(kind="clips", name="x", plan={})
    async with desk.store.transaction() as tx:
        await tx.run("batches.next_generation", id=batch.id)
    later = make_batches(desk)
    assert await later.book.recover() == 1
    assert (await later.book.require(abandoned.id)).state is BatchState.LEFT
    assert (await later.book.require(batch.id)).generation > batch.generation


async def test_an_interrupted_command_finds_its_batch(
    desk: Desk, batches: Batches, folder: Path
) -> None:
    batch = await begin(batches, folder)
    found = await batches.book.interrupted("d")
    assert found is not None
    assert found.id == batch.id
    await run(desk, batches, batch)
    await end_all(desk)
    assert await batches.book.interrupted("d") is None


async def test_nobody_decides(desk: Desk, batches: Batches) -> None:
    batch = await batches.book.create(kind="clips", name="a.json", plan={}, chat_id=1001)
    await batches.book.expire(batch.id)
    assert (await batches.book.require(batch.id)).state is BatchState.CHECKING
    await batches.book.move(batch.id, BatchState.ASKED)
    await batches.book.expire(batch.id)
    assert (await batches.book.require(batch.id)).state is BatchState.LEFT
    with pytest.raises(TransitionError):
        await batches.book.confirm(batch.id)


async def test_a_batch_whose_task_fails_for_good_ends(
    desk: Desk, batches: Batches, folder: Path
) -> None:
    batch = await begin(batches, folder)
    with pytest.raises(Defer):
        await run(desk, batches, batch, steps=1)
    await batches.book.give_up(batch.id)
    await end_all(desk)
    assert (await batches.book.require(batch.id)).state is BatchState.DONE
    asked = await batches.book.create(kind="clips", name="a.json", plan={}, chat_id=1001)
    await batches.book.give_up(asked.id)
    assert (await batches.book.require(asked.id)).state is BatchState.LEFT
    assert [one.sentence for one in await desk.posts.due_messages()] == ["batch_broken"]


async def test_a_lost_task_is_taken_up_again(desk: Desk, batches: Batches, folder: Path) -> None:
    batch = await begin(batches, folder)
    async with desk.store.transaction() as tx:
        await tx.run("batches.next_generation", id=batch.id)
    assert await batches.book.recover() == 1
    assert await batches.book.recover() == 0
