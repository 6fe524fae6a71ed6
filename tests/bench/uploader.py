"""One upload over TLS in a process of its own, which tells the CPU seconds that it took."""

from __future__ import annotations

import asyncio
import json
import resource
import sys
from pathlib import Path

SECONDS = 60.0


def cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def ours(base: str, ca_file: Path, file: Path) -> float:
    """The way of every video: a spool that lies in place, its pieces, our transport."""
    from core.media.spool import read_span
    from core.media.spools import Spools
    from utils.http import Request, Span
    from utils.transport import HttpTransport

    size = file.stat().st_size  # noqa: ASYNC240 - nothing else runs here
    span = Span(start=0, end=size)
    async with HttpTransport(ca_file=ca_file) as transport, Spools(file.parent) as spools:
        spools.open(1, in_place=str(file))
        before = cpu_seconds()
        with spools.use(1) as spool:
            request = Request(
                method="PUT", url=f"{base}/session", span=span, timeout_seconds=SECONDS
            )
            response = await transport.send(request, read_span(spool, 0, size))
        assert response.status == 200
        return cpu_seconds() - before


def google(base: str, ca_file: Path, file: Path) -> float:
    """The resumable upload of google-api-python-client with its own choice of parts."""
    import httplib2
    from googleapiclient.http import HttpRequest, MediaFileUpload

    http = httplib2.Http(ca_certs=str(ca_file), timeout=SECONDS)
    http.redirect_codes = http.redirect_codes - {308}
    before = cpu_seconds()
    media = MediaFileUpload(str(file), mimetype="video/mp4", resumable=True)
    request = HttpRequest(
        http,
        lambda answer, _: answer.status,
        f"{base}/upload",
        method="POST",
        body="{}",
        resumable=media,
    )
    status = request.execute()
    assert status == 200
    return cpu_seconds() - before


def main(kind: str, base: str, ca_file: Path, file: Path) -> float:
    if kind == "google":
        return google(base, ca_file, file)
    return asyncio.run(ours(base, ca_file, file))


if __name__ == "__main__":
    seconds = main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
    sys.stdout.write(json.dumps({"cpu_seconds": seconds}) + "\n")
