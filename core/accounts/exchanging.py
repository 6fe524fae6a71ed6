"""The calls of a sign-in after its code has come: exchange, scopes, candidates, the check."""

from __future__ import annotations

import logging
from datetime import datetime

from core.accounts.book import AccountBook
from core.accounts.sign_in import Candidate, Grant, SignIn, Visit
from core.errors import ErrorKind, RefusedError, RemoteError
from core.platforms.base import Access
from core.platforms.registry import require_platform
from core.ports import LostAnswerError, NotSentError, Transport
from utils.clock import Clock
from utils.http import Request, Response

logger = logging.getLogger(__name__)

DOWN = frozenset({ErrorKind.TRANSIENT, ErrorKind.RATE_LIMITED})
MOST_STEPS = 12
"""More calls than this no sign-in makes; pages of candidates are its longest part."""


class CodeKeptError(RefusedError):
    """The platform took no code: the same link works once it is there again."""


class NotCheckedError(RefusedError):
    """The last question was not answered: it is asked again when the person wants it."""


class Exchanger:
    """Sends what a login builds; every failure leaves as a refusal with its own sentence."""

    def __init__(self, transport: Transport, book: AccountBook, clock: Clock) -> None:
        self._transport = transport
        self._book = book
        self._clock = clock

    async def run(self, sign_in: SignIn, visit: Visit, code: str) -> Grant:
        """Exchange a code and ask what comes after it, until the candidates are known.

        Raises:
            CodeKeptError: the platform is down and the code was not used.
            RefusedError: it ended; the code is used up.
        """
        grant = await self._exchange(sign_in, visit, code)
        _require_scopes(sign_in, grant)
        for _ in range(MOST_STEPS):
            if not grant.stage:
                return grant
            grant = await self._next(sign_in, visit, grant)
            _require_scopes(sign_in, grant)
        return grant

    async def check(self, sign_in: SignIn, grant: Grant, candidate: Candidate) -> None:
        """Try one harmless call of the platform with the account's own token.

        Raises:
            NotCheckedError: the platform did not answer.
            RefusedError: ``connect_check_failed``, with what it said.
        """
        access = Access(
            remote_id=candidate.remote_id,
            access_token=candidate.access_token or grant.access_token,
            options=sign_in.account_options(grant),
        )
        try:
            await self._book.try_call(access, require_platform(sign_in.platform))
        except RemoteError as error:
            _note(sign_in, "check", error)
            if error.kind in DOWN:
                raise NotCheckedError("connect_not_checked", login=sign_in.login) from error
            # Used up for today is still connected.
            if error.kind is not ErrorKind.QUOTA_EXHAUSTED:
                raise RefusedError(
                    "connect_check_failed",
                    login=sign_in.login,
                    name=candidate.name,
                    why=error.message,
                ) from error

    async def _exchange(self, sign_in: SignIn, visit: Visit, code: str) -> Grant:
        try:
            response, now = await self._ask(sign_in.build_exchange(visit, code))
            return sign_in.read_exchange(visit, response, now)
        except NotSentError as error:
            raise CodeKeptError("connect_platform_down", login=sign_in.login) from error
        except LostAnswerError as error:
            raise RefusedError("connect_answer_lost", login=sign_in.login) from error
        except RemoteError as error:
            _note(sign_in, "exchange", error)
            if error.kind in DOWN:
                raise CodeKeptError("connect_platform_down", login=sign_in.login) from error
            key = "connect_app_refused" if error.kind is ErrorKind.BUG else "connect_code_refused"
            raise RefusedError(
                key, login=sign_in.login, app=sign_in.app, why=error.message
            ) from error

    async def _next(self, sign_in: SignIn, visit: Visit, grant: Grant) -> Grant:
        try:
            response, now = await self._ask(sign_in.build_next(visit, grant))
            return sign_in.read_next(visit, grant, response, now)
        except (NotSentError, LostAnswerError) as error:
            raise RefusedError("connect_answer_lost", login=sign_in.login) from error
        except RemoteError as error:
            _note(sign_in, grant.stage, error)
            if error.kind in DOWN:
                raise RefusedError("connect_answer_lost", login=sign_in.login) from error
            raise RefusedError(
                "connect_check_failed", login=sign_in.login, name="", why=error.message
            ) from error

    async def _ask(self, request: Request) -> tuple[Response, datetime]:
        response = await self._transport.send(request)
        return response, self._clock.now()


def _require_scopes(sign_in: SignIn, grant: Grant) -> None:
    if grant.scopes is None:
        return
    missing = sign_in.missing(grant.scopes)
    if missing:
        raise RefusedError(
            "connect_missing_scope",
            login=sign_in.login,
            scopes=[scope.rpartition("/")[2] for scope in missing],
        )


def _note(sign_in: SignIn, step: str, error: RemoteError) -> None:
    logger.warning(
        "sign-in step failed",
        extra={"login": sign_in.login, "step": step, "kind": error.kind, "code": error.code},
    )
