"""What the chat is told besides the card when a render has ended, in the commit that ends it."""

from __future__ import annotations

from core.posts.repository import Posts
from core.store.base import Tx
from core.studio.queueing import Render, RenderState

PUBLISH = "rn1:publish:{}"
"""What the button under a result sends."""


class RenderNews:
    """Queues the picture of a result, and the three seconds of a preview."""

    def __init__(self, posts: Posts) -> None:
        self._posts = posts

    async def ended(self, tx: Tx, render: Render) -> None:
        """Follow the end of a render; of many that were wanted together their card tells."""
        is_ready = render.state is RenderState.READY
        if not is_ready or not render.chat_id or render.batch_id is not None:
            return
        show = "preview" if render.preview else "picture"
        sentence = "render_preview_shown"
        if not render.preview:
            sentence = "render_shown_publishing" if render.publishes else "render_shown"
        buttons = []
        if sentence == "render_shown":
            data = PUBLISH.format(render.id)
            buttons = [{"text_key": "button_render_publish", "data": data}]
        await self._posts.say(
            render.chat_id,
            sentence,
            facts={
                "render_id": render.id,
                "name": render.name,
                "media": {"show": show, "render_id": render.id},
            },
            buttons=buttons,
            reply_to=render.message_id,
            tx=tx,
        )
        tx.after_commit(self._posts.changed)
