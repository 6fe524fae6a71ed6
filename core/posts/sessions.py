"""The saved sessions of uploads: their addresses, which are as good as a password, are sealed."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.accounts.vault import Vault, VaultError, key_of
from core.posts.models import UPLOAD_FINAL, Upload
from core.posts.records import read_upload, upload_params
from core.store.base import Row

logger = logging.getLogger(__name__)

ADDRESS = "upload_url"
"""The part of a session that lets anybody send bytes: a resumable session's address.

Source: developers.google.com/youtube/v3/guides/using_resumable_upload_protocol, 2026-05;
developers.tiktok.com/doc/content-posting-api-media-transfer-guide, 2026: both need no token.
"""
FIELD = "session"


class Sessions:
    """Reads uploads with their sessions opened, and gives them back sealed.

    Without a vault, as in tests of the rest, they stay open. An upload that ended keeps no
    address.
    """

    def __init__(self, vault: Vault | None) -> None:
        self._vault = vault

    def read(self, row: Row) -> Upload:
        upload = read_upload(row)
        address = str(upload.session.get(ADDRESS, ""))
        if self._vault is None or not key_of(address):
            return upload
        try:
            opened = self._vault.open(address, context=context_of(upload.id), field=FIELD)
        except VaultError as error:
            logger.warning("session is lost", extra={"upload": upload.id, "why": str(error)})
            opened = ""
        return replace(upload, session={**upload.session, ADDRESS: opened})

    def params(self, upload: Upload) -> Mapping[str, Any]:
        """Return the parameters of ``posts.save_upload``."""
        address = str(upload.session.get(ADDRESS, ""))
        if not address:
            return upload_params(upload)
        if upload.state in UPLOAD_FINAL:
            address = ""
        elif self._vault is not None:
            address = self._vault.seal(address, context=context_of(upload.id), field=FIELD)
        return upload_params(replace(upload, session={**upload.session, ADDRESS: address}))


def context_of(upload_id: int) -> str:
    return f"upload:{upload_id}"


def sealed_address(session: str) -> str:
    """Return the sealed address of a stored session, empty when it has none."""
    address = str(json.loads(session).get(ADDRESS, ""))
    return address if key_of(address) else ""
