"""What people do with videos that are live, against the stand-ins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.errors import RefusedError
from core.posts.models import Post, UploadState, WaitReason
from core.posts.report import incoming_from_command
from tests.acceptance.care import CHAT, Care, caring, wait_until
from tests.acceptance.system import BYTES_STEP, MIB, Video, make_video
from workers.wishes import Outcome

PLACES = {
    "edit": {
        "youtube": ("youtube", "update"),
        "facebook": ("graph", "edit"),
        "telegram": ("telegram", "editMessageCaption"),
    },
    "delete": {
        "youtube": ("youtube", "delete"),
        "instagram": ("graph", "delete"),
        "facebook": ("graph", "delete"),
        "telegram": ("telegram", "deleteMessage"),
    },
}
"""The request that changes something, as the stand-ins name it."""
SRT = "1\n00:00:00,000 --> 00:00:01,000\nHallo\n"


@pytest.fixture
def video(tmp_path: Path) -> Video:
    return make_video(tmp_path, size=MIB)


async def edit(care: Care, post: Post, text: str) -> Outcome:
    return await care.aftercare.edit(post, text, chat_id=CHAT)


def names(outcome: Outcome) -> list[str]:
    return sorted(upload.platform for upload in outcome.asked)


def refused(outcome: Outcome) -> dict[str, str]:
    return {refusal.upload.platform: refusal.key for refusal in outcome.cannot}


async def description(care: Care, service: str) -> str:
    (row,) = await care.published(service)
    text: dict[str, Any] = row["text"]
    return str(text.get("description") or text.get("caption"))


async def test_new_words_reach_every_platform_that_allows_it(tmp_path: Path, video: Video) -> None:
    async with caring(tmp_path) as care:
        post = await care.live(video)
        outcome = await edit(care, post, "title: Other words\nA new text #new")
        assert names(outcome) == sorted(PLACES["edit"])
        assert refused(outcome) == {"tiktok": "edit", "instagram": "edit"}
        assert await care.outcome() == dict.fromkeys(PLACES["edit"], "done")
        for service in PLACES["edit"]:
            assert "A new text #new" in await description(care, service)
        (row,) = await care.published("youtube")
        assert (row["text"]["title"], row["text"]["tags"]) == ("Other words", ["new"])


async def test_what_an_edit_does_not_name_stays(tmp_path: Path, video: Video) -> None:
    async with caring(tmp_path) as care:
        post = await care.live(video, "youtube")
        before = await description(care, "youtube")
        await edit(care, post, "title: Only the title\ncategory: Music\nprivacy: unlisted")
        assert await care.outcome() == {"youtube": "done"}
        (row,) = await care.published("youtube")
        assert row["text"]["title"] == "Only the title"
        assert row["text"]["categoryId"] == "10"
        assert row["visibility"] == "unlisted"
        assert await description(care, "youtube") == before
        assert (await care.upload(post, "youtube")).visibility == "unlisted"


async def test_an_upload_not_begun_is_published_with_the_new_words(
    tmp_path: Path, video: Video
) -> None:
    async with caring(tmp_path) as care:
        care.world.sandbox.set_option("youtube", "uploads_per_day", 0)
        post_id = await care.system.send(video, "youtube")
        await care.system.wait_for(post_id, "youtube", WaitReason.QUOTA)
        post = await care.system.parts.posts.require(post_id)
        outcome = await edit(care, post, "Words in time")
        assert [one.platform for one in outcome.fresh] == ["youtube"]
        care.world.sandbox.set_option("youtube", "uploads_per_day", 100)
        care.jump(hours=25)
        await care.system.wait(post_id, lambda ups: ups["youtube"].state is UploadState.PROCESSING)
        care.jump(hours=2)
        await care.system.wait_live(post_id)
        assert await description(care, "youtube") == "Words in time"
        assert care.world.rows("update") == []


async def test_words_for_an_upload_under_way_follow_when_it_is_live(
    tmp_path: Path, video: Video
) -> None:
    async with caring(tmp_path) as care:
        care.world.fail(BYTES_STEP["youtube"], "stall")
        post_id = await care.system.send(video, "youtube")
        await care.system.wait(post_id, lambda ups: ups["youtube"].state is UploadState.UPLOADING)
        post = await care.system.parts.posts.require(post_id)
        outcome = await edit(care, post, "Words that come later")
        assert [one.platform for one in outcome.later] == ["youtube"]
        care.world.heal()
        assert await care.outcome() == {"youtube": "done"}
        assert await description(care, "youtube") == "Words that come later"


async def test_of_two_edits_in_a_row_the_last_wins_everywhere(
    tmp_path: Path, video: Video
) -> None:
    async with caring(tmp_path) as care:
        post = await care.live(video)
        for place in PLACES["edit"].values():
            care.world.fail(place, "status", status=503)
        await edit(care, post, "The first text")
        await edit(care, post, "title: A title too\nThe second text")
        await wait_until(lambda: _all_say(care, "The second text"))
        (row,) = await care.published("youtube")
        assert row["text"]["title"] == "A title too"
        places = [await care.outcome()]
        assert places == [dict.fromkeys(PLACES["edit"], "done")]


async def _all_say(care: Care, words: str) -> bool:
    said = [await description(care, service) for service in PLACES["edit"]]
    return all(words in one for one in said)


@pytest.mark.parametrize("action", ["drop_answer", "reset"])
@pytest.mark.parametrize("kind", sorted(PLACES))
async def test_a_lost_answer_changes_nothing_in_the_end(
    tmp_path: Path, video: Video, kind: str, action: str
) -> None:
    async with caring(tmp_path) as care:
        post = await care.live(video)
        for place in set(PLACES[kind].values()):
            care.world.fail(place, action)
        if kind == "edit":
            await edit(care, post, "A new text")
        else:
            await care.aftercare.delete(post, chat_id=CHAT)
        assert await care.outcome() == dict.fromkeys(PLACES[kind], "done")
        if kind == "edit":
            assert await _all_say(care, "A new text")
        else:
            assert [row["service"] for row in care.world.sandbox.published()] == ["tiktok"]


async def test_captions_whose_answer_was_lost_are_there_once(tmp_path: Path, video: Video) -> None:
    async with caring(tmp_path) as care:
        post = await care.live(video, "youtube")
        care.world.fail(("youtube", "captions"), "drop_answer")
        await add_captions(care, post, tmp_path)
        assert await care.outcome() == {"youtube": "done"}
        (row,) = await care.published("youtube")
        assert [one["language"] for one in row["captions"]] == ["de"]


async def test_captions_that_are_there_already_are_refused(tmp_path: Path, video: Video) -> None:
    async with caring(tmp_path) as care:
        post = await care.live(video, "youtube")
        await add_captions(care, post, tmp_path)
        assert await care.outcome() == {"youtube": "done"}
        await add_captions(care, post, tmp_path)
        assert await care.outcome(2) == {"youtube": "captionExists"}


async def add_captions(care: Care, post: Post, folder: Path) -> Outcome:
    path = folder / "captions.srt"
    path.write_text(SRT)
    return await care.aftercare.add_captions(
        post,
        {"kind": "file", "path": str(path)},
        filename="clip.de.srt",
        note="",
        size_bytes=len(SRT),
        chat_id=CHAT,
    )


@pytest.mark.parametrize("kind", ["edit", "delete"])
async def test_an_expired_token_is_renewed_and_the_work_goes_on(
    tmp_path: Path, video: Video, kind: str
) -> None:
    async with caring(tmp_path) as care:
        post = await care.live(video, "youtube")
        care.world.fail(PLACES[kind]["youtube"], "expire_token")
        if kind == "edit":
            await edit(care, post, "A new text")
        else:
            await care.aftercare.delete(post, chat_id=CHAT)
        assert await care.outcome() == {"youtube": "done"}
        assert len(care.world.rows("token")) == 1


async def test_work_for_an_account_without_a_sign_in_waits_for_its_owner(
    tmp_path: Path, video: Video
) -> None:
    async with caring(tmp_path) as care:
        post = await care.live(video, "youtube")
        care.world.fail(PLACES["edit"]["youtube"], "expire_token")
        care.world.fail(("google_oauth", "token"), "status", status=400, body=INVALID)
        await edit(care, post, "A new text")
        book, upload = care.system.parts.book, await care.upload(post, "youtube")
        account_id = upload.account_id

        async def is_held() -> bool:
            account = await book.get(account_id)
            planned = await care.system.parts.operations.of_upload(upload.id)
            held = any(one.error_kind == "auth_revoked" for one in planned)
            return held and account is not None and account.state == "reconnect"

        await wait_until(is_held)
        assert await care.messages("live_outcome") == []
        await book.mark(account_id, "ok")
        await care.system.parts.reaper.reconcile()
        assert await care.outcome() == {"youtube": "done"}


INVALID = {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}


async def test_what_was_removed_may_be_published_again_without_a_question(
    tmp_path: Path, video: Video
) -> None:
    async with caring(tmp_path) as care:
        post = await care.live(video)
        outcome = await care.aftercare.delete(post, chat_id=CHAT)
        assert names(outcome) == sorted(PLACES["delete"])
        assert refused(outcome) == {"tiktok": "delete"}
        assert await care.outcome() == dict.fromkeys(PLACES["delete"], "done")
        assert (await care.upload(post, "youtube")).visibility == "removed"
        again = await care.live(video, *PLACES["delete"])
        assert again.id != post.id
        assert len(await care.published("youtube")) == 1


async def test_what_is_removed_already_counts_as_removed(tmp_path: Path, video: Video) -> None:
    async with caring(tmp_path) as care:
        post = await care.live(video, "youtube", "facebook")
        for platform in ("youtube", "facebook"):
            await alter(care, platform, gone=True)
        await care.aftercare.delete(post, chat_id=CHAT)
        assert await care.outcome() == {"youtube": "done", "facebook": "done"}
        with pytest.raises(RefusedError, match="nothing_live"):
            await care.aftercare.delete(post, chat_id=CHAT)


async def test_a_picture_is_set_and_what_is_no_picture_is_refused(
    tmp_path: Path, video: Video
) -> None:
    async with caring(tmp_path) as care:
        post = await care.live(video, "youtube", "telegram")
        pictures = await care.aftercare.frames(post)
        assert len(pictures) == 3
        for number, body in enumerate([pictures[1], b"GIF89a"], start=1):
            path = tmp_path / "picture"
            path.write_bytes(body)
            outcome = await care.aftercare.set_thumbnail(
                post,
                {"kind": "file", "path": str(path)},
                size_bytes=len(body),
                chat_id=CHAT,
            )
            assert refused(outcome) == {"telegram": "thumbnail"}
            wanted = "done" if number == 1 else "no_picture"
            assert await care.outcome(number) == {"youtube": wanted}
        (row,) = await care.published("youtube")
        assert row["thumbnail_sha256"]


async def test_a_playlist_that_was_asked_for_follows_when_it_is_live(
    tmp_path: Path, video: Video
) -> None:
    async with caring(tmp_path) as care:
        await publish_in_chat(care, video, "to: youtube\nplaylist: PLnowhere")
        assert await care.outcome() == {"youtube": "playlistNotFound"}


# Figures


async def test_figures_come_in_batches_and_are_kept_for_a_while(tmp_path: Path) -> None:
    async with caring(tmp_path) as care:
        clips = [make_video(tmp_path, name, size=MIB) for name in ("one", "two")]
        posts = [await care.live(clip, "youtube") for clip in clips]
        care.jump(minutes=20)
        await ask_figures(care, posts, 1)
        first = await care.told("live_figures")
        views = [post["lines"][0]["value"]["views"] for post in first.facts["posts"]]
        assert min(views) > 0
        assert len(care.world.rows("statistics")) == 1
        await ask_figures(care, posts, 2)
        await care.told("live_figures", 2)
        assert len(care.world.rows("statistics")) == 1
        care.jump(minutes=11)
        await ask_figures(care, posts, 3)
        third = await care.told("live_figures", 3)
        line = third.facts["posts"][0]["lines"][0]
        assert line["before"]["views"] == views[0]
        assert line["value"]["views"] > views[0]
        assert len(care.world.rows("statistics")) == 2


async def test_figures_of_a_platform_that_is_down_are_told_with_their_age(
    tmp_path: Path, video: Video
) -> None:
    async with caring(tmp_path) as care:
        post = await care.live(video, "youtube")
        await ask_figures(care, [post], 1)
        known = (await care.told("live_figures")).facts["posts"][0]["lines"][0]
        care.jump(minutes=11)
        care.world.fail(("youtube", "statistics"), "status", status=503)
        await ask_figures(care, [post], 2)
        line = (await care.told("live_figures", 2)).facts["posts"][0]["lines"][0]
        assert line["trouble"] == "transient"
        assert line["at"] == known["at"]


async def test_a_repeated_question_is_answered_once(tmp_path: Path, video: Video) -> None:
    async with caring(tmp_path) as care:
        post = await care.live(video, "youtube")
        await ask_figures(care, [post], 1)
        assert not await ask_figures(care, [post], 1)
        await care.told("live_figures")


async def ask_figures(care: Care, posts: list[Post], update_id: int) -> bool:
    desk = care.aftercare.figures
    return await desk.statistics(posts, chat_id=CHAT, update_id=update_id)


# The watch


async def test_where_all_is_well_nothing_is_said(tmp_path: Path, video: Video) -> None:
    async with caring(tmp_path) as care:
        post = await publish_in_chat(care, video, "to: youtube, tiktok, instagram, facebook")
        care.jump(minutes=16)
        await care.happened(post, "check_done")
        care.jump(hours=24)

        async def looked_twice() -> bool:
            events = await care.system.parts.posts.timeline(post.id)
            return [one.event for one in events].count("check_done") == 8

        await wait_until(looked_twice)
        assert [m.sentence for m in await care.system.parts.posts.due_messages()] == []


FINDINGS: list[tuple[str, dict[str, Any], str]] = [
    ("youtube", {"gone": True}, "gone"),
    ("instagram", {"gone": True}, "gone"),
    ("facebook", {"gone": True}, "gone"),
    ("youtube", {"visibility": "private"}, "visibility"),
    ("youtube", {"rejected": "copyright"}, "blocked"),
]


@pytest.mark.parametrize(("platform", "changes", "key"), FINDINGS)
async def test_what_is_not_as_it_should_be_is_told_once(
    tmp_path: Path, video: Video, platform: str, changes: dict[str, Any], key: str
) -> None:
    async with caring(tmp_path) as care:
        post = await publish_in_chat(care, video, f"to: {platform}")
        await alter(care, platform, **changes)
        care.jump(minutes=16)
        message = await care.told(f"finding_{key}")
        assert message.facts["platform"] == platform
        assert message.buttons
        care.jump(hours=24)
        await care.happened(post, "check_done")
        await care.told(f"finding_{key}")


async def test_private_by_wish_is_no_finding(tmp_path: Path, video: Video) -> None:
    async with caring(tmp_path) as care:
        post = await publish_in_chat(care, video, "to: youtube\nprivacy: private")
        care.jump(minutes=16)
        await care.happened(post, "check_done")
        assert await care.messages("finding_visibility") == []


async def test_the_visibility_can_be_set_right_by_a_button(tmp_path: Path, video: Video) -> None:
    async with caring(tmp_path) as care:
        post = await publish_in_chat(care, video, "to: youtube\nprivacy: public")
        await alter(care, "youtube", visibility="private")
        care.jump(minutes=16)
        await care.told("finding_visibility")
        upload = await care.upload(post, "youtube")
        assert upload.visibility == "private"
        assert await care.aftercare.act(upload, "show", chat_id=CHAT)
        assert await care.outcome() == {"youtube": "done"}
        (row,) = await care.published("youtube")
        assert row["visibility"] == "public"


async def test_what_is_gone_can_be_published_again_once(tmp_path: Path, video: Video) -> None:
    async with caring(tmp_path) as care:
        post = await publish_in_chat(care, video, "to: youtube")
        await alter(care, "youtube", gone=True)
        care.jump(minutes=16)
        await care.told("finding_gone")
        upload = await care.upload(post, "youtube")
        assert upload.visibility == "gone"
        assert await care.aftercare.act(upload, "publish", chat_id=CHAT)
        await care.system.wait_live(post.id + 1)
        assert len(await care.published("youtube")) == 1
        with pytest.raises(RefusedError, match="nothing_live"):
            upload = await care.upload(post, "youtube")
            await care.aftercare.act(upload, "publish", chat_id=CHAT)


async def publish_in_chat(care: Care, video: Video, orders: str) -> Post:
    """Publish as a person does who has a chat to be told in."""
    incoming = incoming_from_command(str(video.path), to="", caption=f"A clip #clip\n{orders}")
    values = {name: getattr(incoming, name) for name in incoming.__dataclass_fields__}
    outcome = await care.system.parts.intake.receive(
        type(incoming)(**{**values, "chat_id": CHAT, "user_id": CHAT, "message_id": 7})
    )
    assert outcome.post_id is not None
    await care.system.wait_live(outcome.post_id)
    return await care.system.parts.posts.require(outcome.post_id)


async def alter(care: Care, platform: str, **changes: Any) -> None:
    (row,) = await care.published(platform)
    await care.world.sandbox.playing(platform).alter(row["remote_id"], changes)
