from __future__ import annotations
import asyncio
from pathlib import Path
import shutil
import pytest
from tests.integration.test_fitting import *
from tests.integration.test_fitting import HeldMaker
from tests.chaos.media import write_late, write_fast
from tests.acceptance.system import whole, Video, until
pytestmark = pytest.mark.timeout(120)

def clips(folder):
    out=[]
    for n in range(3):
        p=folder/f"c{n}.mp4"
        w = write_fast if n<2 else write_late
        d=w(p,size_bytes=4*1024*1024+n*70000,seed=str(n))
        out.append(Video(path=p,sha256=d,size_bytes=p.stat().st_size))
    return out

async def test_zz_three_posts_cancel_retry(tmp_path: Path) -> None:
    cs=clips(tmp_path)
    maker=HeldMaker()
    async with whole(tmp_path, fit={"auto":"all","at_once":1}) as system, held_making(system, maker):
        ids=[await system.send(c,"instagram","youtube") for c in cs]
        await maker.begun.wait()
        await asyncio.sleep(0.5)
        print("calls", maker.calls)
        assert maker.calls==1
        # cancel first
        first=[i for i in ids for f in await system.parts.posts.fits(i) if f.state.value=="running"][0]
        await system.parts.posts.cancel_post(first, by="person")
        await maker.ended.wait()
        maker.go_on.set()
        for i in ids:
            if i!=first: await system.wait_live(i)
        ups=await system.uploads(first)
        print({k:(u.state,u.fit_id) for k,u in ups.items()})
        for u in ups.values():
            if u.state is UploadState.CANCELLED:
                try:
                    await system.parts.posts.retry_upload(u.id)
                except RefusedError as e: print("retry:",e.key,e.facts)
        await asyncio.sleep(2)
        ups=await system.uploads(first)
        print({k:(u.state,u.reason,u.fit_id,u.error_code) for k,u in ups.items()})
        await until(lambda: not fitted_files(system))

async def test_zz_fail_retry(tmp_path: Path) -> None:
    cs=clips(tmp_path)[:2]
    maker=HeldMaker(FitError("encoder", retry=False)); maker.go_on.set()
    async with whole(tmp_path, fit={"auto":"all","at_once":1}) as system, held_making(system, maker):
        ids=[await system.send(c,"instagram","facebook","youtube") for c in cs]
        for i in ids:
            ups=await system.wait(i, lambda ups: ups["instagram"].state is UploadState.FAILED and ups["facebook"].state is UploadState.FAILED)
        print({k:(u.state,u.error_code) for k,u in ups.items()})
        maker.error=None
        # replay all of them by letters
        from core.posts.letters import Scope
        pr=await system.parts.letters.replay(Scope())
        print(pr)
        for i in ids: await system.wait_live(i)
        await until(lambda: not fitted_files(system))

async def test_zz_original_deleted_then_retry(tmp_path: Path) -> None:
    c=clips(tmp_path)[0]
    maker=HeldMaker(FitError("encoder", retry=False)); maker.go_on.set()
    async with whole(tmp_path, fit={"auto":"all","at_once":1}) as system, held_making(system, maker):
        i=await system.send(c,"instagram","youtube")
        await system.wait(i, lambda ups: ups["instagram"].state is UploadState.FAILED and ups["youtube"].state is UploadState.LIVE)
        maker.error=None
        keep=c.path.with_suffix(".bak"); c.path.rename(keep)
        ups=await system.uploads(i)
        await system.parts.posts.retry_upload(ups["instagram"].id)
        ups=await system.wait(i, lambda ups: ups["instagram"].state is UploadState.FAILED)
        print({k:(u.state,u.error_code,u.error_text) for k,u in ups.items()})
        keep.rename(c.path)
        await system.parts.posts.retry_upload(ups["instagram"].id)
        await system.wait_live(i)
        await until(lambda: not fitted_files(system))

async def test_zz_cancel_one_target_of_shared(tmp_path: Path) -> None:
    c=clips(tmp_path)[0]
    maker=HeldMaker()
    async with whole(tmp_path, fit={"auto":"all","at_once":1}) as system, held_making(system, maker):
        i=await system.send(c,"instagram","facebook")
        await maker.begun.wait()
        ups=await system.uploads(i)
        await system.parts.posts.cancel_upload(ups["facebook"].id, by="person")
        maker.go_on.set()
        ups=await system.wait(i, lambda u: u["instagram"].state is UploadState.LIVE)
        print({k:(u.state,u.error_code) for k,u in ups.items()})
        await until(lambda: not fitted_files(system))

async def test_zz_no_room_mid(tmp_path: Path) -> None:
    cs=clips(tmp_path)
    async with whole(tmp_path, fit={"auto":"all","at_once":1}, min_free_disk=1) as system:
        system.parts.spools._min_free_bytes = 1 << 60
        ids=[await system.send(c,"instagram","youtube") for c in cs]
        for i in ids:
            ups=await system.wait(i, lambda ups: ups["instagram"].error_code=="disk_full" and ups["youtube"].state is UploadState.LIVE)
            print({k:(u.state,u.reason,u.error_code) for k,u in ups.items()})
        await system.parts.posts.cancel_post(ids[0], by="person")
        system.parts.spools._min_free_bytes = 0
        for i in ids[1:]: await system.wait_live(i)
        await until(lambda: not fitted_files(system))
