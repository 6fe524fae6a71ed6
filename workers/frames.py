"""Pictures of a video to choose one from, also when its file has left this machine."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from pathlib import Path

from core.errors import RefusedError, SourceError
from core.media.probe import frame
from core.media.spool import DiskFullError
from core.ports import SourceStream
from core.posts.models import Post
from utils.ffmpeg import FfmpegError
from workers.operator import AftercareDeps

logger = logging.getLogger(__name__)

FRAMES_AT = (0.2, 0.5, 0.8)
"""Where the pictures to choose from are taken, as shares of the length."""
MOST_BYTES = 200 * 2**20
"""A larger video is not fetched a second time only for pictures."""
FETCH_SECONDS = 45.0
"""So long a person, and others who write meanwhile, may wait for the file."""


class FrameDesk:
    """Takes the pictures from the file that is here, else from its source once more."""

    def __init__(self, deps: AftercareDeps) -> None:
        self._deps = deps

    async def take(self, post: Post) -> list[bytes]:
        """Return three pictures of the video.

        Raises:
            RefusedError: ``frames_no_file``, ``frames_too_large``, ``frames_no_room`` or
                ``frames_not_now``.
        """
        path = self._file(post)
        try:
            if path is not None:
                return await _pictures(post, path)
            return await self._fetched(post)
        except FfmpegError as error:
            raise RefusedError("frames_no_file", post_id=post.id) from error
        except SourceError as error:
            logger.info("frames_not_fetched", extra={"post": post.id, "why": error.key})
            key = "frames_not_now" if error.retry else "frames_no_file"
            raise RefusedError(key, post_id=post.id) from error
        except TimeoutError as error:
            raise RefusedError("frames_not_now", post_id=post.id) from error
        except (DiskFullError, OSError) as error:
            raise RefusedError("frames_no_room", post_id=post.id) from error

    def _file(self, post: Post) -> Path | None:
        """Return the whole file of a video if it is still on this machine."""
        spools = self._deps.spools
        places = [spools.path(post.id), spools.kept_path(post.id)]
        if post.source.get("kind") == "file":
            places.insert(0, Path(str(post.source["path"])))
        return next((place for place in places if _is_whole(post, place)), None)

    async def _fetched(self, post: Post) -> list[bytes]:
        """Fetch the source again into a file that is gone afterwards."""
        async with asyncio.timeout(FETCH_SECONDS):
            stream = await self._deps.open_source(post.source).open(0)
            try:
                if stream.local_path:
                    return await _pictures(post, Path(stream.local_path))
                size = stream.size or post.facts.size_bytes
                if size and size > MOST_BYTES:
                    raise _too_large(post)
                with self._deps.spools.scratch(size or MOST_BYTES) as path:
                    await _copy(post, stream, path)
                    return await _pictures(post, path)
            finally:
                await stream.close()


def _is_whole(post: Post, path: Path) -> bool:
    size = post.facts.size_bytes
    return path.is_file() and (not size or path.stat().st_size == size)


async def _pictures(post: Post, path: Path) -> list[bytes]:
    length = post.facts.duration_seconds
    if not length or not _is_whole(post, path):
        raise RefusedError("frames_no_file", post_id=post.id)
    return [await frame(path, at_seconds=length * share) for share in FRAMES_AT]


async def _copy(post: Post, stream: SourceStream, path: Path) -> None:
    """Write a stream to a file.

    Raises:
        RefusedError: ``frames_too_large``, or ``frames_no_file`` when it is another video now.
    """
    digest, size = hashlib.sha256(), 0
    with await asyncio.to_thread(path.open, "wb") as file:
        async for chunk in stream.chunks():
            size += len(chunk)
            if size > MOST_BYTES:
                raise _too_large(post)
            digest.update(chunk)
            await asyncio.to_thread(file.write, chunk)
    if post.sha256 and digest.hexdigest() != post.sha256:
        raise RefusedError("frames_no_file", post_id=post.id)


def _too_large(post: Post) -> RefusedError:
    return RefusedError("frames_too_large", post_id=post.id, limit_mb=MOST_BYTES // 2**20)
