"""Which host serves an Instagram account, by its login, and what Instagram's codes mean.

Pages (developers.facebook.com/documentation/instagram-platform): reference/error-codes,
2026-06-02; content-publishing, 2026-09-11; read 2026-11-21.
"""

from __future__ import annotations

from core.errors import ErrorKind
from core.platforms.base import ErrorRow, Job

INSTAGRAM_LOGIN_SCOPES = ("instagram_business_basic", "instagram_business_content_publish")
"""What `Capabilities.scopes` is for accounts with ``login = instagram``."""

_RETRY = ("2207001", "2207003", "2207020", "2207032", "2207052", "2207053")

# Source: reference/error-codes, 2026-06-02; instagram-media, 2026-09-11. Codes ``container/…`` are
# the numbers in the status text of a container that ended with ERROR: those worth a new container,
# then all others.
ERRORS = (
    ErrorRow(kind=ErrorKind.QUOTA_EXHAUSTED, code="9/2207042"),
    ErrorRow(kind=ErrorKind.QUOTA_EXHAUSTED, code="4/2207051", wait_seconds=24 * 3600.0),
    ErrorRow(kind=ErrorKind.SESSION_LOST, code="24/2207008"),
    ErrorRow(kind=ErrorKind.AUTH_REVOKED, code="24/2207006"),
    ErrorRow(kind=ErrorKind.AUTH_REVOKED, code="25/2207050"),
    ErrorRow(kind=ErrorKind.TRANSIENT, code="9004/2207052", wait_seconds=5.0),
    ErrorRow(kind=ErrorKind.TRANSIENT, code="9007/2207027", wait_seconds=30.0),
    ErrorRow(kind=ErrorKind.REJECTED, code="1/2207057"),
    ErrorRow(kind=ErrorKind.REJECTED, code="352"),
    ErrorRow(kind=ErrorKind.REJECTED, code="506"),
    # Pictures, and a caption that is too long.
    *(ErrorRow(kind=ErrorKind.REJECTED, code=c) for c in ("36000", "36001", "36003", "36004")),
    # Not everything can be deleted; without this row it would look like a fault of the server.
    ErrorRow(kind=ErrorKind.REJECTED, code="-1/2207073"),
    *(ErrorRow(kind=ErrorKind.SESSION_LOST, code=f"container/{code}") for code in _RETRY),
    ErrorRow(kind=ErrorKind.REJECTED, code="container"),
)

HOSTS = {"facebook": "graph", "instagram": "instagram"}
"""Login product → key of the endpoint."""


def login(job: Job) -> str:
    return job.access.options.get("login", "facebook")


def host(job: Job) -> str:
    return job.base(HOSTS.get(login(job), "graph"))
