"""The machine: programs, room on the disk."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator

from bot.chat.texts.human import size
from bot.diagnosis.findings import Finding, broken, fine, warning
from bot.diagnosis.patient import Patient
from utils.ffmpeg import FfmpegMissingError, find_ffmpeg, find_ffprobe

NARROW = 1.25
"""Below so many times of what stays free, room runs out soon."""


async def look_at_tools(patient: Patient) -> AsyncIterator[Finding]:
    del patient
    try:
        yield fine("ffmpeg", "tools", ffmpeg=find_ffmpeg(), ffprobe=find_ffprobe())
    except FfmpegMissingError as error:
        yield broken("ffmpeg", "no_tools", why=str(error))


async def look_at_disk(patient: Patient) -> AsyncIterator[Finding]:
    """Compare what is free, where videos are kept meanwhile, with what has to stay free."""
    folder, kept = patient.settings.spool_dir, patient.settings.min_free_disk
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    facts = {"free": size(free), "kept": size(kept)}
    if free <= kept:
        yield broken("disk", "disk_full", **facts)
    elif free < kept * NARROW:
        yield warning("disk", "disk_narrow", **facts)
    else:
        yield fine("disk", "disk", **facts)
