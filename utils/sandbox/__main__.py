"""`python -m utils.sandbox`: all stand-ins until a signal ends them."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from utils.sandbox.server import Sandbox, SandboxOptions


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m utils.sandbox",
        description="Start the stand-ins of all remotes on loopback and print their addresses.",
    )
    parser.add_argument("--base-port", type=int, default=0, help="first of the fixed ports")
    parser.add_argument("--data", type=Path, help="folder of the state, kept over restarts")
    parser.add_argument("--no-keep-bytes", action="store_true", help="only digest what arrives")
    parser.add_argument("--json", action="store_true", help="JSON, which is the only output")
    parser.add_argument(
        "--until-eof", action="store_true", help="also leave when standard input ends"
    )
    return parser.parse_args(arguments)


async def serve(arguments: argparse.Namespace) -> None:
    """Run until SIGTERM or SIGINT."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    if arguments.until_eof:
        loop.add_reader(sys.stdin.fileno(), _stop_at_end, stopped)
    options = SandboxOptions(data_dir=arguments.data, keep_bytes=not arguments.no_keep_bytes)
    sandbox = Sandbox(options)
    try:
        try:
            await sandbox.start(base_port=arguments.base_port)
        except OSError as error:
            sys.stdout.write(json.dumps({"ready": False, "error": str(error)}) + "\n")
            sys.exit(1)
        ready = {"ready": True, "addresses": sandbox.addresses(), "settings": sandbox.settings()}
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()
        await stopped.wait()
    finally:
        await sandbox.stop()


def _stop_at_end(stopped: asyncio.Event) -> None:
    if not os.read(sys.stdin.fileno(), 4096):
        asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        stopped.set()


if __name__ == "__main__":
    asyncio.run(serve(parse()))
