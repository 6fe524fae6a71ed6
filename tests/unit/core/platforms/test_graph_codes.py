"""Every code of Meta's tables, read from their documents a second time."""

from __future__ import annotations

import pytest

from core.errors import ErrorKind
from core.platforms.facebook_status import ERRORS as FACEBOOK
from core.platforms.graph import read_error
from core.platforms.instagram_hosts import ERRORS as INSTAGRAM
from tests.platform_cases import graph_error

K = ErrorKind

SHARED = [
    *((code, 0, K.TRANSIENT) for code in (1, 2)),
    *((code, 0, K.AUTH_REVOKED) for code in (3, 10, 102, 190, 200, 210, 299)),
    *((190, subcode, K.AUTH_REVOKED) for subcode in (458, 459, 460, 463, 464, 467, 492)),
    *((code, 0, K.RATE_LIMITED) for code in (4, 17, 32, 341, 613, 80001, 80002)),
    (613, 1996, K.RATE_LIMITED),
    (100, 0, K.REJECTED),
    (100, 33, K.REJECTED),
    (368, 0, K.QUOTA_EXHAUSTED),
]
OF_INSTAGRAM = [
    (-2, 2207003, K.TRANSIENT),
    (-2, 2207020, K.SESSION_LOST),
    (-1, 2207001, K.TRANSIENT),
    (-1, 2207032, K.TRANSIENT),
    (-1, 2207053, K.TRANSIENT),
    (-1, 2207073, K.REJECTED),
    (1, 2207057, K.REJECTED),
    (4, 2207051, K.QUOTA_EXHAUSTED),
    (9, 2207042, K.QUOTA_EXHAUSTED),
    (24, 2207006, K.AUTH_REVOKED),
    (24, 2207008, K.SESSION_LOST),
    (25, 2207050, K.AUTH_REVOKED),
    *(
        (100, code, K.REJECTED)
        for code in (2207023, 2207028, 2207035, 2207036, 2207037, 2207040, 2207089)
    ),
    (352, 2207026, K.REJECTED),
    (506, 0, K.REJECTED),
    (9004, 2207052, K.TRANSIENT),
    (9007, 2207027, K.TRANSIENT),
    (36000, 2207004, K.REJECTED),
    (36001, 2207005, K.REJECTED),
    (36003, 2207009, K.REJECTED),
    (36004, 2207010, K.REJECTED),
]
OF_FACEBOOK = [
    (382, 0, K.REJECTED),
    (389, 0, K.REJECTED),
    (506, 0, K.UNKNOWN_OUTCOME),
    (6000, 0, K.SESSION_LOST),
    (6000, 1363045, K.SESSION_LOST),
    (6001, 1363037, K.SESSION_LOST),
    *((6000, code, K.REJECTED) for code in (1363040, 1363127, 1363128, 1363129)),
    (1609005, 0, K.REJECTED),
]


@pytest.mark.parametrize(("code", "subcode", "kind"), [*SHARED, *OF_INSTAGRAM])
def test_codes_of_instagram(code: int, subcode: int, kind: ErrorKind) -> None:
    assert read_error(graph_error(code, subcode), INSTAGRAM).kind is kind


@pytest.mark.parametrize(("code", "subcode", "kind"), [*SHARED, *OF_FACEBOOK])
def test_codes_of_facebook(code: int, subcode: int, kind: ErrorKind) -> None:
    assert read_error(graph_error(code, subcode), FACEBOOK).kind is kind


@pytest.mark.parametrize("status", [400, 401, 403, 500])
def test_the_code_counts_and_not_the_status(status: int) -> None:
    assert read_error(graph_error(190, 463, status), FACEBOOK).kind is K.AUTH_REVOKED
    assert read_error(graph_error(80002, status=status), INSTAGRAM).kind is K.RATE_LIMITED
