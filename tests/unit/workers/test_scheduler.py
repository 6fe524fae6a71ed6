from __future__ import annotations

from pathlib import Path

from core.media.spools import Spools
from tests.factories import Desk
from tests.letters_kit import make_letters, make_patience
from workers.reaper import Reaper
from workers.renewals import Renewals
from workers.scheduler import Housekeeping


async def test_sign_ins_are_looked_at_every_minute(desk: Desk, tmp_path: Path) -> None:
    renewals = Renewals(desk.book)
    async with (
        Spools(tmp_path / "spool", min_free_bytes=0) as spools,
        Housekeeping(
            desk.posts,
            desk.intake,
            Reaper(desk.posts, desk.engine),
            spools,
            renewals,
            make_letters(desk),
            make_patience(desk),
        ) as housekeeping,
    ):
        jobs = {job.func: job.trigger for job in housekeeping._scheduler.get_jobs()}
        assert jobs[renewals.look].interval.total_seconds() == 60
