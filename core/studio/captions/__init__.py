"""Words over the picture: captions, the attribution and a watermark of text."""

from __future__ import annotations

from core.studio.captions.drawing import Written, burn, write

__all__ = ["Written", "burn", "write"]
