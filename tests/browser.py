"""A headless browser for tests, spoken to over the DevTools protocol."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--remote-debugging-port=0",
    "--window-size=1100,900",
)
LIMIT_SECONDS = 30.0


def find_browser() -> str:
    """Return the browser; in CI it must be there, on a desk the test is left out without it."""
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    if os.environ.get("CI"):
        pytest.fail("no browser: .ci/run installs chromium")
    # A desk may have no browser and nobody who may install one; CI fails above instead.
    pytest.skip("no browser on this machine; .ci/run installs one")


class Page:
    """One page of the browser."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._number = 0

    async def command(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        await self._socket.send_json({"id": self._number, "method": method, "params": params})
        while True:
            answer = json.loads((await self._socket.receive(timeout=LIMIT_SECONDS)).data)
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    async def go(self, address: str) -> None:
        """Open an address and wait until it is loaded."""
        await self.command("Page.enable")
        await self.command("Page.navigate", url=address)
        await self.loaded()

    async def loaded(self) -> None:
        """Wait until the next page is loaded."""
        while True:
            event = json.loads((await self._socket.receive(timeout=LIMIT_SECONDS)).data)
            if event.get("method") == "Page.loadEventFired":
                return

    async def run(self, script: str) -> Any:  # noqa: ANN401 - any JSON value
        """Evaluate a script (it may await) and return its value."""
        answer = await self.command(
            "Runtime.evaluate",
            expression=f"(async () => {{ {script} }})()",
            awaitPromise=True,
            returnByValue=True,
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    async def wait_for(self, expression: str) -> Any:  # noqa: ANN401 - any JSON value
        """Return the expression's value as soon as it is truthy; the page itself waits for it."""
        return await self.run(
            f"""
            const look = () => {expression};
            if (look()) return look();
            return await new Promise((resolve, reject) => {{
              const done = () => {{ if (look()) {{ watch.disconnect(); resolve(look()); }} }};
              const watch = new MutationObserver(done);
              watch.observe(document, {{subtree: true, childList: true,
                                        characterData: true, attributes: true}});
              setTimeout(() => reject(new Error("waited in vain: " + document.body.innerText)),
                         {int(LIMIT_SECONDS * 800)});
            }});
            """
        )

    async def choose_files(self, selector: str, *files: Path) -> None:
        document = await self.command("DOM.getDocument")
        node = await self.command(
            "DOM.querySelector", nodeId=document["root"]["nodeId"], selector=selector
        )
        names = [str(file) for file in files]
        await self.command("DOM.setFileInputFiles", nodeId=node["nodeId"], files=names)


@asynccontextmanager
async def open_page(address: str, folder: Path) -> AsyncIterator[Page]:
    """Start the browser on an address; it ends with the block."""
    process = await asyncio.create_subprocess_exec(
        find_browser(),
        *FLAGS,
        f"--user-data-dir={folder}",
        "about:blank",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        port = await _port(process)
        async with (
            aiohttp.ClientSession() as http,
            http.ws_connect(await _target(http, port), max_msg_size=0) as socket,
        ):
            page = Page(socket)
            await page.go(address)
            yield page
    finally:
        process.kill()
        await process.wait()


async def _port(process: asyncio.subprocess.Process) -> int:
    assert process.stderr is not None
    async with asyncio.timeout(LIMIT_SECONDS):
        while line := await process.stderr.readline():
            found = re.search(rb"ws://127\.0\.0\.1:(\d+)/", line)
            if found:
                return int(found[1])
    raise AssertionError("the browser did not start")


async def _target(http: aiohttp.ClientSession, port: int) -> str:
    async with asyncio.timeout(LIMIT_SECONDS):
        while True:
            async with http.get(f"http://127.0.0.1:{port}/json/list") as answer:
                for target in await answer.json():
                    if target["type"] == "page":
                        return str(target["webSocketDebuggerUrl"])
