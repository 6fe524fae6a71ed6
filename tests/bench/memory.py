"""Peak memory of a large post against that of a small one."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from pathlib import Path

from tests.bench.results import Result, at_most
from tests.bench.world import (
    MIB,
    StandIns,
    child,
    from_file,
    from_link,
    make_video,
    publish,
    running,
    settings_for,
    stand_ins,
)

SMALL, LARGE = 10 * MIB, 1024 * MIB
LIMIT_MIB = 8
FILE, LINK = "file", "link"
TARGETS = ("telegram", "youtube", "tiktok")
"""The platforms that take 1 GiB."""
SECONDS = 180.0


def run() -> list[Result]:
    return asyncio.run(_run())


async def _run() -> list[Result]:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        for size in (SMALL, LARGE):
            make_video(folder / _file_name(size), size)
        async with stand_ins() as remotes, child("tests.bench.origin", name, "0") as (_, origin):
            await remotes.option("local", value=True, service="telegram")
            return [
                await _compare(remotes, folder, FILE, name),
                await _compare(remotes, folder, LINK, str(origin["base"])),
            ]


async def _compare(remotes: StandIns, folder: Path, kind: str, place: str) -> Result:
    small, large = [
        await _peak(remotes, folder, kind, f"{place}/{_file_name(size)}")
        for size in (SMALL, LARGE)
    ]
    how = {FILE: "a file used in place", LINK: "a link fetched through the spool"}[kind]
    return at_most(
        f"memory.{kind}",
        (large - small) / MIB,
        LIMIT_MIB,
        unit="MiB",
        strict=True,
        method=(
            f"peak resident size (VmHWM) of a whole process that publishes 1 GiB to "
            f"{', '.join(TARGETS)}, minus that of 10 MiB; {how}"
        ),
    )


async def _peak(remotes: StandIns, folder: Path, kind: str, place: str) -> int:
    """Publish in a process of its own; return the most memory that it had, in bytes."""
    with tempfile.TemporaryDirectory(prefix="karvon-", dir=folder) as home:
        order = {"settings": remotes.settings, "kind": kind, "place": place, "home": home}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.bench.memory"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await process.communicate(json.dumps(order).encode())
    if process.returncode:
        raise SystemExit(f"bench: the measured process left with {process.returncode}")
    return int(json.loads(said)["peak_bytes"])


async def _publish(order: dict[str, str]) -> None:
    values = dict(json.loads(json.dumps(order["settings"])))
    values["accounts"] = [
        account | ({"options": {"local": "true"}} if account["platform"] == "telegram" else {})
        for account in values["accounts"]
    ]
    async with running(settings_for(values, Path(order["home"]))) as app:
        place = order["place"]
        incoming = (
            from_link(place, to=TARGETS)
            if order["kind"] == LINK
            else from_file(Path(place), to=TARGETS, name=place)
        )
        await publish(app, incoming, seconds=SECONDS)


def peak_bytes() -> int:
    """Return the most memory that this process ever had resident."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("this system does not tell the peak of a process")


def _file_name(size: int) -> str:
    return f"{size}.mp4"


if __name__ == "__main__":
    asyncio.run(_publish(json.load(sys.stdin)))
    sys.stdout.write(json.dumps({"peak_bytes": peak_bytes()}) + "\n")
