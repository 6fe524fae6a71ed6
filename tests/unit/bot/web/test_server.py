from __future__ import annotations

import logging
import socket

import aiohttp
import pytest
from aiohttp import web

from bot.web.server import WebServer, read_listen
from core.errors import SettingsError
from core.settings import WebSettings


def make_server(listen: str = "127.0.0.1:0", **changes: str) -> WebServer:
    return WebServer(WebSettings(listen=listen, **changes))


async def test_it_serves_what_is_mounted_on_the_port_it_got() -> None:
    server = make_server()

    async def hello(request: web.Request) -> web.Response:
        return web.Response(text=f"hello {request.path}")

    server.mount([web.get("/a", hello)])
    assert await server.start()
    assert server.reach().is_open
    assert server.reach().port == int(server.address.rpartition(":")[2]) > 0
    async with aiohttp.ClientSession() as http:
        async with http.get(f"http://{server.address}/a") as answer:
            assert await answer.text() == "hello /a"
        async with http.get(f"http://{server.address}/healthz") as answer:
            assert await answer.json() == {"ok": True}
    await server.stop()
    assert not server.reach().is_open


async def test_a_taken_port_is_a_warning_unless_it_is_needed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listen = f"127.0.0.1:{listener.getsockname()[1]}"
        server = make_server(listen)
        with caplog.at_level(logging.WARNING):
            assert await server.start() is False
        assert "web_server_off" in caplog.text
        assert not server.reach().is_open
        assert server.reach().port == listener.getsockname()[1]
        with pytest.raises(OSError):
            await make_server(listen).start(required=True)
        await server.stop()


@pytest.mark.parametrize(
    ("listen", "host", "port"),
    [
        ("127.0.0.1:8080", "127.0.0.1", 8080),
        (":8080", "127.0.0.1", 8080),
        ("[::1]:80", "::1", 80),
        ("0.0.0.0:0", "0.0.0.0", 0),
    ],
)
def test_an_address_is_read(listen: str, host: str, port: int) -> None:
    assert read_listen(listen) == (host, port)


@pytest.mark.parametrize("listen", ["", "8080x", "localhost", "127.0.0.1:", "127.0.0.1:70000"])
def test_a_bad_address_is_refused_with_an_example(listen: str) -> None:
    with pytest.raises(SettingsError, match=r"write 127\.0\.0\.1:8080"):
        read_listen(listen)


@pytest.mark.parametrize(
    ("listen", "on_loopback"),
    [("127.0.0.1:1", True), ("localhost:1", True), ("0.0.0.0:1", True), ("192.168.1.5:1", False)],
)
def test_whether_browsers_here_reach_it(listen: str, on_loopback: bool) -> None:
    assert make_server(listen).reach().on_loopback is on_loopback
