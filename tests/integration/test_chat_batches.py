"""Batches as a person with a phone sends and follows them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.live_chat import LiveChat, until

JSON = dict[str, Any]


def write_list(live: LiveChat, folder: Path, count: int) -> Path:
    """Write clips and a list of them; one more entry has no file."""
    (folder / "clips").mkdir(parents=True)
    clips: list[JSON] = []
    for number in range(count):
        video = live.video(seed=f"clip {number}", name=f"abc_{number:04}.mp4")
        video.rename(folder / "clips" / video.name)
        clips.append({"clip_id": number, "path": f"clips/{video.name}", "score": number})
    clips.append({"clip_id": count, "path": "clips/none.mp4"})
    path = folder / "clips_metadata.json"
    path.write_text(json.dumps({"video_id": "abc", "clips": clips}, indent=1))
    return path


def write_publisher(folder: Path) -> Path:
    path = folder / "publisher.json"
    metadata = {"title_template": "Best of {video_id} #{clip_id}", "privacy": "public"}
    path.write_text(json.dumps({"platforms": ["youtube", "facebook"], "metadata": metadata}))
    return path


async def test_a_list_is_checked_confirmed_followed_and_reported(
    live: LiveChat, tmp_path: Path
) -> None:
    folder = tmp_path / "work"
    listing = write_list(live, folder, 2)
    async with live.running(batches={"folders": [str(folder)]}):
        await live.send("", listing, kind="document")
        await live.says("I am looking into")
        asked = await live.says("2 of 3 clips can be published")
        assert "Entry 3, line 16: There is no such file" in asked["text"]
        await live.send("", write_publisher(folder), kind="document")
        await live.says("anew, with this configuration")
        asked = await live.says("2 of 3 clips", after=asked["message_id"])
        await live.press(asked, "Publish all")
        card = await live.says("Batch 1: clips_metadata.json – done")
        assert "live: 4" in card["text"]
        await until(lambda: live.calls("sendDocument"), lambda: "no document came")
        assert len(live.calls("sendDocument")) == 1
    published = live.sandbox.published()
    assert len(published) == 4
    assert {row["service"] for row in published} == {"youtube", "facebook"}
    assert not live.tellings("Accepted")


async def test_a_batch_goes_on_after_a_restart(live: LiveChat, tmp_path: Path) -> None:
    folder = tmp_path / "work"
    listing = write_list(live, folder, 2)
    settings: JSON = {"batches": {"folders": [str(folder)]}}
    async with live.running(**settings):
        await live.send("to: youtube\ntitle: Clip {clip_id}", listing, kind="document")
        asked = await live.says("2 of 3 clips can be published")
    async with live.running(**settings):
        await live.press(asked, "Publish all")
        await live.says("Batch 1: clips_metadata.json")
    async with live.running(**settings):
        card = await live.says("– done")
        assert "live: 2" in card["text"]
    assert len(live.sandbox.published()) == 2
