"""Mashups really made, from the library to what is live at the platforms."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from core.media.probe import probe
from core.studio.assets import Asset, NewAsset
from core.studio.mashup import AssetKind, Mashup
from core.studio.renders import NewRender, Render, RenderState
from tests.acceptance.system import System, whole
from tests.media_kit import encode
from tests.render_kit import mashup_of

pytestmark = pytest.mark.timeout(90)


async def source(system: System) -> Asset:
    path = encode(
        "tiny.mp4",
        *("-f", "lavfi", "-i", "testsrc2=s=160x284:r=10:d=1"),
        *("-f", "lavfi", "-i", "sine=d=1:r=48000"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"),
    )
    wanted = NewAsset(kind=AssetKind.SOURCE, name="tiny", rights="mine", attribution="Ann")
    return (await system.parts.studio.library.add(path, wanted)).asset


def quick(mashup: Mashup) -> Mashup:
    changes = {"seconds": 3.0, "preset": "ultrafast", "loudness": None, "attribution": ""}
    return mashup.model_copy(update=changes)


async def ended(system: System, number: int) -> Render:
    renders = system.parts.studio.renders
    async with asyncio.timeout(60):
        while True:
            changed = system.parts.posts.next_change()
            render = await renders.require(number)
            if not render.is_open and not render.waits_to_publish:
                return render
            await changed.wait()


@pytest.mark.parametrize(("target", "fed"), [("youtube", True), ("instagram", False)])
async def test_a_mashup_is_made_and_live(tmp_path: Path, target: str, *, fed: bool) -> None:
    async with whole(tmp_path) as system:
        mashup = quick(mashup_of(await source(system)))
        renders, caption = system.parts.studio.renders, f"A mashup #mash\nto: {target}"
        number = await renders.create(None, NewRender(mashup=mashup, caption=caption, name="m"))
        render = await ended(system, number)
        assert render.state is RenderState.READY, (render.error_key, render.error_facts)
        assert render.post_id is not None
        await system.wait_live(render.post_id)
        (live,) = system.world.sandbox.published()
        assert live["sha256"] == render.sha256
        post = await system.parts.posts.require(render.post_id)
        assert post.source.get("fed", False) == fed
        assert post.facts.duration_seconds == pytest.approx(3.0, abs=0.2)
        asset = await system.parts.studio.library.require(render.asset_id or 0)
        assert (asset.kind, asset.name, asset.attribution) == (AssetKind.MASHUP, "m", "Ann")
        async with system.parts.studio.library.file(asset) as path:
            facts = await probe(path)
        assert (facts.width, facts.height) == (1080, 1920)
        shown = renders.workshop.shown(number)
        assert shown.thumbnail is not None
        assert shown.sheet is not None
        assert "libx264" in await renders.log(number)
        assert {one.stage for one in render.stages} >= {"looking", "rendering", "keeping"}
