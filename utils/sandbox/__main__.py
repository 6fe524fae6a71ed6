"""`python -m utils.sandbox`: all stand-ins until a signal ends them."""

from __future__ import annotations

import argparse
import asyncio
import json
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
    return parser.parse_args(arguments)


async def serve(arguments: argparse.Namespace) -> None:
    """Run until SIGTERM or SIGINT."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    options = SandboxOptions(data_dir=arguments.data, keep_bytes=not arguments.no_keep_bytes)
    sandbox = Sandbox(options)
    try:
        await sandbox.start(base_port=arguments.base_port)
        ready = {"ready": True, "addresses": sandbox.addresses(), "settings": sandbox.settings()}
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()
        await stopped.wait()
    finally:
        await sandbox.stop()


if __name__ == "__main__":
    asyncio.run(serve(parse()))
