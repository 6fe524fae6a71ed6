"""Who is sending to which upload right now, and the receiving of the bytes."""

from __future__ import annotations

from aiohttp import web

from utils.sandbox.server import Blob, ClientDisconnected, Sandbox


class Transfers:
    """The requests under way, at most one for each upload."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._held: dict[str, web.Request] = {}

    def is_busy(self, key: str) -> bool:
        """Tell whether somebody who is still connected is sending to this upload."""
        holder = self._held.get(key)
        if holder is None:
            return False
        return holder.transport is not None and not holder.transport.is_closing()

    def take_over(self, key: str) -> None:
        """Cut off whoever is sending, so that not one more byte of theirs is stored."""
        holder = self._held.pop(key, None)
        if holder is not None:
            self._sandbox.disconnect(holder)

    async def receive(self, request: web.Request, key: str, blob: Blob, room: int) -> int:
        """Store at most `room` bytes of a body behind the blob's end; return how many came.

        Raises:
            ClientDisconnected: when the client left or was taken over from; what came
                until then is in the blob.
        """
        self.take_over(key)
        self._held[key] = request
        blob.mark()
        received = 0
        try:
            async for piece in self._sandbox.stream_body(request):
                if self._held.get(key) is not request:
                    raise ClientDisconnected(request.path)
                blob.append(piece[: max(0, room - received)])
                received += len(piece)
        finally:
            if self._held.get(key) is request:
                del self._held[key]
                blob.close()
        return received
