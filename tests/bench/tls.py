"""A TLS server that takes uploads as fast as it can, in a process of its own.

It speaks just enough HTTP/1.1: `PUT` with a length is drained and answered 200, `POST` opens a
resumable session, and a part of one (`Content-Range`) that is not the last is answered 308.
"""

from __future__ import annotations

import ipaddress
import json
import re
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
_RANGE = re.compile(rb"\ncontent-range: bytes (\d+)-(\d+)/(\d+)", re.IGNORECASE)
_LENGTH = re.compile(rb"\ncontent-length: (\d+)", re.IGNORECASE)
_EXPECT = re.compile(rb"\nexpect: 100-continue", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsServer:
    """Where the server is and whom to trust."""

    base: str
    ca_file: Path


@contextmanager
def tls_server(folder: Path) -> Iterator[TlsServer]:
    """Run the server as long as the block."""
    certificate, key = write_certificate(folder)
    command = [sys.executable, "-m", "tests.bench.tls", str(certificate), str(key)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        port = json.loads(process.stdout.readline())["port"]
        yield TlsServer(base=f"https://{HOST}:{port}", ca_file=certificate)
    finally:
        process.terminate()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def write_certificate(folder: Path) -> tuple[Path, Path]:
    """Make a key and a certificate for the loopback address that is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bench")])
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "server.pem", folder / "server.key"
    certificate_file.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate_file, key_file


def _serve(certificate: str, key: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listener = socket.create_server((HOST, 0), backlog=16)
    sys.stdout.write(json.dumps({"port": listener.getsockname()[1]}) + "\n")
    sys.stdout.flush()
    while True:
        raw, _ = listener.accept()
        threading.Thread(target=_talk, args=(context, raw), daemon=True).start()


def _talk(context: ssl.SSLContext, raw: socket.socket) -> None:
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with suppress(OSError), context.wrap_socket(raw, server_side=True) as connection:
        address = f"https://{HOST}:{raw_port(connection)}"
        buffer = memoryview(bytearray(1024 * 1024))
        while _answer(connection, buffer, address):
            continue


def raw_port(connection: socket.socket) -> int:
    return int(connection.getsockname()[1])


def _answer(connection: ssl.SSLSocket, buffer: memoryview, address: str) -> bool:
    head = b""
    while b"\r\n\r\n" not in head:
        data = connection.recv(64 * 1024)
        if not data:
            return False
        head += data
    head, _, rest = head.partition(b"\r\n\r\n")
    if _EXPECT.search(head):
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    length = _LENGTH.search(head)
    left = (int(length[1]) if length else 0) - len(rest)
    while left > 0:
        taken = connection.recv_into(buffer, min(left, len(buffer)))
        if not taken:
            return False
        left -= taken
    connection.sendall(_reply(head, address))
    return True


def _reply(head: bytes, address: str) -> bytes:
    part = _RANGE.search(head)
    if part and int(part[2]) + 1 < int(part[3]):
        extra = f"Range: bytes=0-{int(part[2])}\r\n"
        return f"HTTP/1.1 308 Resume Incomplete\r\n{extra}Content-Length: 0\r\n\r\n".encode()
    extra = f"Location: {address}/session\r\n" if head.startswith(b"POST") else ""
    body = '{"id": "one"}'
    return (
        f"HTTP/1.1 200 OK\r\n{extra}Content-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


if __name__ == "__main__":
    _serve(sys.argv[1], sys.argv[2])
