"""A server of one file, with or without TLS, in a process of its own; as fast as it can."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

HOST = "127.0.0.1"
PIECE_BYTES = 1024 * 1024


@contextmanager
def file_server(file: Path, certificate: tuple[Path, Path] | None = None) -> Iterator[str]:
    """Run the server as long as the block; yield its base address."""
    command = [sys.executable, "-m", "tests.bench.files", str(file)]
    command += [str(path) for path in certificate or ()]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        port = json.loads(process.stdout.readline())["port"]
        yield f"http{'s' if certificate else ''}://{HOST}:{port}"
    finally:
        process.terminate()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _serve(file: Path, certificate: list[str]) -> None:
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
    listener = socket.create_server((HOST, 0), backlog=16)
    sys.stdout.write(json.dumps({"port": listener.getsockname()[1]}) + "\n")
    sys.stdout.flush()
    while True:
        raw, _ = listener.accept()
        threading.Thread(target=_talk, args=(context, raw, file), daemon=True).start()


def _talk(context: ssl.SSLContext | None, raw: socket.socket, file: Path) -> None:
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with suppress(OSError), raw:
        if context is None:
            _answer(raw, file)
            return
        with context.wrap_socket(raw, server_side=True) as connection:
            _answer(connection, file)


def _answer(connection: socket.socket, file: Path) -> None:
    """Answer one request: ``/empty`` with nothing, everything else with the file."""
    head = b""
    while b"\r\n\r\n" not in head:
        data = connection.recv(64 * 1024)
        if not data:
            return
        head += data
    size = 0 if b" /empty " in head else file.stat().st_size
    connection.sendall(
        f"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: {size}\r\n"
        f'ETag: "one"\r\nConnection: close\r\n\r\n'.encode()
    )
    if size:
        with file.open("rb", buffering=0) as video:
            while piece := video.read(PIECE_BYTES):
                connection.sendall(piece)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), sys.argv[2:])
