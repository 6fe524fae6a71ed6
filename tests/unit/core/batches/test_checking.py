from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.batches.findings import MOST_FINDINGS, Finding, Findings, Severity
from core.batches.listing import Kind
from core.batches.service import Batches
from core.media.probe import NotAVideoError
from core.posts.models import MediaFacts
from tests.batch_kit import (
    BOX,
    FACTS,
    Look,
    look,
    make_batches,
    make_clip,
    make_clips,
    make_config,
    make_file,
)
from tests.factories import Desk, make_account, make_incoming
from utils.ffmpeg import FfmpegError, FfmpegMissingError, FfmpegTimeoutError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    for number in range(3):
        make_file(folder, f"clips/abc_{number:04}.mp4")
    return folder


@pytest.fixture
def batches(desk: Desk) -> Batches:
    return make_batches(desk)


async def check(batches: Batches, folder: Path, *clips: dict[str, Any], **config: Any) -> Look:
    data = make_clips(*(clips or [make_clip()]))
    return await look(batches, folder, data, config=make_config(**config))


async def test_all_is_well(batches: Batches, folder: Path) -> None:
    seen = await check(
        batches,
        folder,
        *(make_clip(number, score=1.5, duration=12.0) for number in range(3)),
        platforms=["youtube"],
        metadata={"title_template": "Best of {video_id} #{clip_id}"},
    )
    assert seen.report.is_ok
    assert seen.keys == []
    assert (seen.report.entries, seen.report.planned) == (3, 3)
    words = seen.seen[1].words
    assert words is not None
    assert words.text.title == "Best of abc #1"


async def test_every_problem_is_told_at_once(batches: Batches, folder: Path) -> None:
    seen = await check(
        batches,
        folder,
        make_clip(0),
        make_clip(7),
        {"clip_id": 8, "path": "../secret.mp4"},
        make_clip(1, duration="long"),
        make_clip(2, title="x" * 200),
        make_clip(0),
        platforms=["youtube"],
    )
    assert seen.keys == [
        "missing_file",
        "path_outside",
        "bad_value",
        "text_long",
        "file_twice",
    ]
    assert [one.entry for one in seen.findings] == [2, 3, 4, 5, 6]
    assert [one.field for one in seen.findings] == ["path", "path", "duration", "title", "path"]
    assert all(one.line for one in seen.findings)
    assert not seen.report.is_ok
    assert seen.report.planned == 1


async def test_an_unknown_placeholder_is_told_once_with_its_line(
    batches: Batches, folder: Path
) -> None:
    seen = await check(
        batches, folder, make_clip(0), make_clip(1), metadata={"title_template": "{vidoe_id}"}
    )
    finding = seen.one("unknown_placeholder")
    assert (finding.entry, finding.line) == (None, 3)
    assert finding.field == "metadata.title_template"
    assert finding.facts["name"] == "vidoe_id"
    assert finding.facts["near"] == "video_id"
    assert seen.report.planned == 0


async def test_a_field_that_only_some_clips_have(batches: Batches, folder: Path) -> None:
    seen = await check(
        batches,
        folder,
        make_clip(0, mood="calm"),
        make_clip(1),
        metadata={"title_template": "{mood}"},
    )
    finding = seen.one("unknown_placeholder")
    assert finding.entry == 2
    assert finding.severity is Severity.BLOCK
    assert seen.report.planned == 1


async def test_a_missing_optional_key_is_no_obstacle(batches: Batches, folder: Path) -> None:
    seen = await check(
        batches, folder, make_clip(0), metadata={"description_template": "Score {score}!"}
    )
    assert seen.one("empty_placeholder").severity is Severity.WARN
    assert seen.report.is_ok
    words = seen.seen[0].words
    assert words is not None
    assert words.text.description == "Score !"


async def test_own_words_of_a_clip_do_without_a_template(batches: Batches, folder: Path) -> None:
    clip = make_clip(0, title="Own", description="Words", tags=["a"], privacy="private")
    seen = await check(
        batches, folder, clip, platforms=["youtube"], metadata={"tags": ["b"], "privacy": "public"}
    )
    words = seen.seen[0].words
    assert words is not None
    assert words.text.title == "Own"
    assert words.text.description == "Words"
    assert words.text.tags == ("b", "a")
    assert words.privacy == "private"


async def test_a_name_stands_in_for_a_title(batches: Batches, folder: Path) -> None:
    seen = await check(batches, folder)
    words = seen.seen[0].words
    assert words is not None
    assert words.text.title == "abc 0000"


async def test_control_signs_leave_the_words(batches: Batches, folder: Path) -> None:
    seen = await check(batches, folder, make_clip(0, title="a\x00b\x1bc", tags=["#x\x07"]))
    words = seen.seen[0].words
    assert words is not None
    assert words.text.title == "abc"
    assert words.text.tags == ("x",)


async def test_titles_count_for_each_platform(batches: Batches, folder: Path) -> None:
    seen = await check(
        batches,
        folder,
        make_clip(0),
        metadata={"title_template": "t" * 101, "description_template": "d" * 1500},
    )
    told = [(one.facts["platform"], one.field) for one in seen.findings]
    assert ("YouTube", "metadata.title_template") in told
    assert ("Telegram", "metadata.description_template") in told
    assert all(one.key == "text_long" for one in seen.findings)


async def test_many_tags_are_only_a_warning(batches: Batches, folder: Path) -> None:
    tags = [f"tag number {number}" for number in range(60)]
    seen = await check(batches, folder, platforms=["youtube"], metadata={"tags": tags})
    assert seen.one("tags_long").severity is Severity.WARN
    assert seen.report.is_ok


@pytest.mark.parametrize("word", ["myspace", "tiktok"])
async def test_unknown_and_unconnected_targets(batches: Batches, folder: Path, word: str) -> None:
    seen = await check(batches, folder, make_clip(0), platforms=["youtube", word])
    finding = seen.one("bad_target")
    assert (finding.field, finding.line, finding.entry) == ("platforms", 2, None)
    assert seen.report.planned == 0


async def test_an_entry_may_go_elsewhere(batches: Batches, folder: Path) -> None:
    clips = [make_clip(0, platforms=["telegram"]), make_clip(1, platforms="nowhere")]
    seen = await check(batches, folder, *clips, platforms=["youtube"])
    assert seen.one("bad_target").entry == 2
    missing = seen.seen[0].missing
    assert missing is not None
    assert [one.account.platform for one in missing.targets] == ["telegram"]


async def test_a_privacy_that_a_platform_does_not_have(batches: Batches, folder: Path) -> None:
    seen = await check(batches, folder, platforms=["telegram"], metadata={"privacy": "unlisted"})
    finding = seen.one("target_refuses")
    assert finding.facts["refusal"] == "privacy_not_offered"


async def test_a_bad_word_for_privacy_in_an_entry(batches: Batches, folder: Path) -> None:
    seen = await check(batches, folder, make_clip(0, privacy="secret"))
    assert seen.one("bad_value").field == "privacy"


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (NotAVideoError("Invalid data found"), "not_a_video"),
        (NotAVideoError("moov atom not found"), "cut_off"),
        (FfmpegError("whatever"), "not_a_video"),
        (FfmpegTimeoutError("killed"), "probe_slow"),
        (FileNotFoundError("gone"), "missing_file"),
    ],
)
async def test_files_that_are_no_videos(
    desk: Desk, folder: Path, error: Exception, key: str
) -> None:
    async def probe(path: Path) -> MediaFacts:
        raise error

    seen = await check(make_batches(desk, probe=probe), folder)
    assert seen.keys == [key]
    assert not seen.report.is_ok


async def test_a_file_that_ends_too_early_is_cut_off(batches: Batches, folder: Path) -> None:
    make_file(folder, "clips/abc_0000.mp4", BOX + (5000).to_bytes(4, "big") + b"mdat" + b"x" * 99)
    seen = await check(batches, folder)
    assert seen.keys == ["cut_off"]


async def test_without_ffprobe_it_is_said_once(desk: Desk, folder: Path) -> None:
    async def probe(path: Path) -> MediaFacts:
        raise FfmpegMissingError("not installed")

    seen = await check(
        make_batches(desk, probe=probe), folder, *(make_clip(number) for number in range(3))
    )
    assert seen.keys == ["no_ffprobe"]
    assert not seen.report.is_ok


async def test_another_duration_than_written(batches: Batches, folder: Path) -> None:
    clips = [make_clip(0, duration=40.0), make_clip(1, duration=12.9), make_clip(2, duration=12)]
    seen = await check(batches, folder, *clips)
    finding = seen.one("duration_differs")
    assert (finding.entry, finding.severity) == (1, Severity.WARN)
    assert seen.report.is_ok


async def test_what_can_be_fitted_warns_and_what_cannot_blocks(desk: Desk, folder: Path) -> None:
    facts = {
        "abc_0000.mp4": replace(FACTS, container="avi"),
        "abc_0001.mp4": replace(FACTS, duration_seconds=0.2),
    }

    async def probe(path: Path) -> MediaFacts:
        return facts[path.name]

    make = make_batches(desk, probe=probe)
    await desk.book.adopt([make_account("tiktok")])
    seen = await check(make, folder, make_clip(0), make_clip(1), platforms=["tiktok"])
    told = {one.entry: one.key for one in seen.findings}
    assert told[1] == "is_fitted"
    assert seen.report.planned >= 1


async def test_links_to_one_file_are_the_same_video(batches: Batches, folder: Path) -> None:
    (folder / "clips" / "copy.mp4").hardlink_to(folder / "clips" / "abc_0000.mp4")
    clips = [make_clip(0), {"path": "clips/copy.mp4"}]
    seen = await check(batches, folder, *clips)
    finding = seen.one("content_twice")
    assert (finding.entry, finding.facts["first"]) == (2, 1)
    assert finding.severity is Severity.WARN
    assert [one.state for one in seen.seen] == ["planned", "left"]


async def test_copies_are_the_same_video_and_others_are_not(
    batches: Batches, folder: Path
) -> None:
    content = BOX + b"x" * 100_000
    make_file(folder, "one.mp4", content)
    make_file(folder, "two.mp4", content)
    make_file(folder, "other.mp4", content[:50_000] + b"y" + content[50_001:])
    clips = [{"path": "one.mp4"}, {"path": "other.mp4"}, {"path": "two.mp4"}]
    seen = await check(batches, folder, *clips)
    assert [one.state for one in seen.seen] == ["planned", "planned", "left"]


async def test_the_same_file_for_another_account_is_fine(batches: Batches, folder: Path) -> None:
    clips = [make_clip(0, platforms=["youtube"]), make_clip(0, platforms=["telegram"])]
    seen = await check(batches, folder, *clips)
    assert seen.report.planned == 2


async def test_one_file_under_many_names_is_probed_once(desk: Desk, folder: Path) -> None:
    probed: list[Path] = []

    async def probe(path: Path) -> MediaFacts:
        probed.append(path)
        return FACTS

    for number in range(5):
        (folder / f"link{number}.mp4").hardlink_to(folder / "clips" / "abc_0000.mp4")
    clips = [{"path": f"link{number}.mp4"} for number in range(5)]
    await check(make_batches(desk, probe=probe, probes=1), folder, *clips)
    assert len(probed) == 1


async def test_what_is_live_already_is_told(desk: Desk, batches: Batches, folder: Path) -> None:
    facts = (folder / "clips" / "abc_0000.mp4").stat()
    path = folder / "clips" / "abc_0000.mp4"
    print_ = f"file:{path}:{facts.st_size}:{facts.st_mtime_ns}"
    await desk.intake.receive(
        make_incoming(
            source={"kind": "file", "path": str(path)},
            fingerprint=print_,
            caption="Sent before\nto: youtube",
        )
    )
    seen = await check(batches, folder, make_clip(0), make_clip(1))
    finding = seen.one("duplicate")
    assert [one["platform"] for one in finding.facts["places"]] == ["youtube"]
    missing = seen.seen[0].missing
    assert missing is not None
    assert [one.account.platform for one in missing.targets] == ["telegram"]


async def test_more_than_the_quotas_allow(desk: Desk, folder: Path) -> None:
    for number in range(3, 60):
        make_file(folder, f"clips/abc_{number:04}.mp4")
    clips = [make_clip(number) for number in range(60)]
    seen = await check(make_batches(desk), folder, *clips, platforms=["youtube"])
    finding = seen.one("over_quota")
    assert finding.severity is Severity.WARN
    assert (finding.facts["soon"], finding.facts["count"]) == (50, 60)
    assert seen.report.is_ok


async def test_the_size_of_parts_is_told_where_it_does_nothing(
    batches: Batches, folder: Path
) -> None:
    options = {"chunk_size": 10_000_000}
    seen = await check(batches, folder, upload_options=options)
    told = {one.facts["platform"]: one.key for one in seen.findings if "chunk" in one.key}
    assert told == {"Telegram": "chunk_unused", "YouTube": "chunk_changed"}
    assert all(one.severity is Severity.NOTE for one in seen.findings if "chunk" in one.key)


async def test_in_chat_without_folders_nothing_is_found(desk: Desk, tmp_path: Path) -> None:
    batches = make_batches(desk)
    check = batches.look(
        batches.listing(make_clips(make_clip()), Kind.CLIPS),
        batches.config(None),
        batches.publishing.folders({}),
        _ignore,
    )
    keys = [one.key for one in (await check.run()).findings]
    assert "no_folders" in keys


async def _ignore(checked: object) -> None:
    del checked


async def test_files_are_looked_into_side_by_side(desk: Desk, folder: Path) -> None:
    together = asyncio.Barrier(3)

    async def probe(path: Path) -> MediaFacts:
        async with asyncio.timeout(5):
            await together.wait()
        return FACTS

    clips = [make_clip(number) for number in range(3)]
    seen = await check(make_batches(desk, probe=probe, probes=3), folder, *clips)
    assert seen.report.planned == 3


async def test_ten_thousand_problems(batches: Batches, folder: Path) -> None:
    clips = [{"clip_id": number} for number in range(10_000)]
    seen = await check(batches, folder, *clips)
    assert len(seen.findings) == 10_000
    assert seen.findings[-1].entry == 10_000
    assert not seen.report.is_ok


async def test_a_table_is_looked_into_the_same_way(batches: Batches, folder: Path) -> None:
    table = b"path,title\nclips/abc_0000.mp4,=1+1\nclips/none.mp4,x\n"
    seen = await look(batches, folder, table, kind=Kind.TABLE)
    assert (seen.one("missing_file").line, seen.report.planned) == (3, 1)
    words = seen.seen[0].words
    assert words is not None
    assert words.text.title == "=1+1"


def test_findings_beyond_the_limit_are_counted() -> None:
    def many() -> Iterator[Finding]:
        for number in range(MOST_FINDINGS + 5):
            yield Finding(severity=Severity.BLOCK, key="missing_file", entry=number)

    findings = Findings()
    findings.add(many())
    told = list(findings)
    assert len(told) == MOST_FINDINGS + 1
    assert (told[-1].key, told[-1].facts["count"]) == ("more_findings", 5)
    assert findings.counts[Severity.BLOCK] == MOST_FINDINGS + 5
