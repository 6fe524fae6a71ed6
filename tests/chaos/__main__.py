"""``python -m tests.chaos --kills N [--seed S]``: exit code 1 when a promise was broken."""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import logging
import secrets
import shutil
import sys
import tempfile
from pathlib import Path

from tests.chaos.plan import Plan, make_plan
from tests.chaos.run import set_up, tell

KILLS_FOR_A_POST = 3


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.chaos",
        description="Kill Karvon at random moments while remotes fail, and count the damage.",
    )
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, help="repeats the decisions of a run")
    parser.add_argument("--posts", type=int, help="default: one for three kills")
    parser.add_argument("--no-chat", action="store_true", help="send nothing through the chat")
    parser.add_argument(
        "--no-accounts", action="store_true", help="let tokens live for ever and lift quotas"
    )
    parser.add_argument(
        "--no-films", action="store_true", help="only videos that fit everywhere, one by one"
    )
    parser.add_argument("--keep", action="store_true", help="keep the folder of a good run too")
    args = parser.parse_args(arguments)
    if args.kills < 1:
        parser.error("--kills is at least 1")
    return args


def has_chat() -> bool:
    return importlib.util.find_spec("bot.chat.front") is not None


def plan_of(args: argparse.Namespace) -> Plan:
    seed = args.seed if args.seed is not None else secrets.randbelow(2**31)
    doors = ("file", "link", "chat") if has_chat() and not args.no_chat else ("file", "link")
    posts = args.posts or max(3, args.kills // KILLS_FOR_A_POST)
    accounts = not args.no_accounts
    return make_plan(
        seed, args.kills, posts=posts, doors=doors, accounts=accounts, films=not args.no_films
    )


async def run(plan: Plan, folder: Path) -> bool:
    async with set_up(plan, folder) as driver:
        verdict = await driver.run()
        found = (*verdict.lost, *verdict.doubled, *verdict.stuck, *verdict.resent, *verdict.wrong)
        for line in found:
            sys.stderr.write(f"{line}\n")
        sys.stdout.write(json.dumps(tell(driver, plan, verdict)) + "\n")
    return verdict.is_good


def main(arguments: list[str] | None = None) -> int:
    args = parse(arguments)
    plan = plan_of(args)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    folder = Path(tempfile.mkdtemp(prefix="karvon-chaos-"))
    sys.stderr.write(f"seed {plan.seed}, {len(plan.posts)} videos, folder {folder}\n")
    is_good = asyncio.run(run(plan, folder))
    if is_good and not args.keep:
        shutil.rmtree(folder)
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
