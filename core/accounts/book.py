"""The accounts that are connected: their tokens, sealed at rest and renewed once for all."""

from __future__ import annotations

from core.accounts.adopting import REFUSING, Adopting, Connected
from core.accounts.living import Disconnected, Living
from core.accounts.renewal import Renewing
from core.errors import ErrorKind, RemoteError
from core.platforms.base import Platform

__all__ = ["REFUSING", "AccountBook", "Connected", "Disconnected"]


class AccountBook(Adopting, Renewing, Living):
    """Reads and writes accounts; the only place where tokens are open."""

    async def check_now(self, account_id: int, platform: Platform) -> str:
        """Try one harmless call with an account as it is; returns what is wrong, or nothing.

        A person asks: a token server that failed before is tried again at once.
        """
        self._patience.forget(account_id)
        token = ""
        try:
            access = await self.access(account_id)
            token = access.access_token
            try:
                await self.try_call(access, platform)
            except RemoteError as error:
                if error.kind is not ErrorKind.AUTH_EXPIRED:
                    raise
                if not await self.refresh(account_id, token):
                    raise
                access = await self.access(account_id)
                token = access.access_token
                await self.try_call(access, platform)
        except RemoteError as error:
            if error.kind in {ErrorKind.AUTH_EXPIRED, ErrorKind.AUTH_REVOKED}:
                await self.need_reconnect(account_id, error.message, token=token)
            return error.message or error.code
        return ""
