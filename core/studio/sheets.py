"""The JSON beside a result: by it the same video is made again, and is known how it was made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from core.studio.errors import StudioError
from core.studio.looking import Looked
from core.studio.mashup import File, Mashup
from utils.ffmpeg import FfmpegError, find_ffmpeg
from utils.ffmpeg import run as run_program

Json = dict[str, Any]

VERSION_SECONDS = 10.0
MOST_BYTES = 4 * 1024**2


def with_digests(mashup: Mashup, looked: Mapping[str, Looked]) -> Mashup:
    """Return the mashup with the full path and the digest of every file."""
    return Mashup.model_validate(_named(mashup.model_dump(mode="json"), looked))


def _named(value: Any, looked: Mapping[str, Looked]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        if set(value) == set(File.model_fields) and value["path"] in looked:
            found = looked[value["path"]]
            return {**value, "path": str(found.path), "sha256": found.sha256}
        return {key: _named(item, looked) for key, item in value.items()}
    return [_named(item, looked) for item in value] if isinstance(value, list) else value


def inputs_of(looked: Mapping[str, Looked]) -> list[Json]:
    """Return what went in: ``path, sha256, bytes, seconds``."""
    return [
        {
            "path": str(one.path),
            "sha256": one.sha256,
            "bytes": one.size_bytes,
            "seconds": round(one.seconds or one.sound_seconds, 3),
        }
        for one in looked.values()
    ]


async def tools() -> dict[str, str]:
    """Return the versions of what makes the video."""
    try:
        program = find_ffmpeg()
        return {"ffmpeg": await _version_of(program, _stamp(program)), "karvon": _own_version()}
    except FfmpegError:
        return {"ffmpeg": "", "karvon": _own_version()}


def _stamp(program: str) -> float:
    path = Path(program)
    return path.stat().st_mtime if path.is_file() else 0.0


_VERSIONS: dict[tuple[str, float], str] = {}


async def _version_of(program: str, stamp: float) -> str:
    known = _VERSIONS.get((program, stamp))
    if known is None:
        said = await run_program(program, ["-version"], timeout_seconds=VERSION_SECONDS)
        words = said.decode("utf-8", "replace").split(maxsplit=3)
        known = words[2] if len(words) > 2 else ""
        _VERSIONS[program, stamp] = known
    return known


@cache
def _own_version() -> str:
    try:
        return version("karvon")
    except PackageNotFoundError:
        return ""


def sheet_path(result: Path) -> Path:
    """Return where the sheet of a result lies."""
    return result.with_suffix(".json")


def write_sheet(path: Path, sheet: Mapping[str, Any]) -> None:
    """Write it so that it is there whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(json.dumps(sheet, ensure_ascii=False, indent=1) + "\n", "utf-8")
    part.replace(path)


def load_sheet(path: Path, given: Mapping[str, Any] | None = None) -> Mashup:
    """Return the mashup of a sheet, or of a file that holds nothing but a mashup.

    Args:
        path: the file.
        given: what takes the place of what stands there.

    Raises:
        StudioError: ``bad_sheet``: it is no JSON, or something in it is not known or out of
            range.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise StudioError("bad_sheet", {"name": path.name, "text": "too large"})
        text = path.read_text("utf-8")
    except FileNotFoundError as error:
        raise StudioError("missing", {"name": path.name}) from error
    except (OSError, ValueError) as error:
        raise StudioError("bad_sheet", {"name": path.name, "text": "no JSON"}) from error
    return read_json(text, path.name, given)


def read_json(text: str, name: str, given: Mapping[str, Any] | None = None) -> Mashup:
    """Return the mashup of a JSON text, see `load_sheet`; ``name`` is where it comes from."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise StudioError("bad_sheet", {"name": name, "text": "no JSON"}) from error
    if isinstance(found, dict) and "mashup" in found:
        found = found["mashup"]
    if isinstance(found, dict):
        found = {**found, **(given or {})}
    try:
        return Mashup.model_validate(found)
    except ValidationError as error:
        raise StudioError("bad_sheet", {"name": name, "text": first_fault(error)}) from error


def first_fault(error: ValidationError) -> str:
    """Return the first thing that is wrong, with its place."""
    fault = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in fault["loc"])
    return f"{place}: {fault['msg']}" if place else fault["msg"]
