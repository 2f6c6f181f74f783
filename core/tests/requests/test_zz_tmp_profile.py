import time, asyncio, cProfile, pstats
from parvis.db import counted, unit
import os
async def test_profile(town):
    await town.submit()
    with counted() as q:
        await town.submit()
    for s in q.statements: print(s[:100])
    N=150
    t=time.perf_counter()
    for _ in range(N): await town.submit()
    one=(time.perf_counter()-t)/N*1e6
    async def some():
        for _ in range(40): await town.submit()
    t=time.perf_counter()
    await asyncio.gather(*(some() for _ in range(8)))
    print("submit us serial", one, "8 tasks /s", 320/(time.perf_counter()-t))
    p=cProfile.Profile(); p.enable()
    for _ in range(N): await town.submit()
    p.disable()
    pstats.Stats(p).sort_stats("cumtime").print_stats(45)
    # raw driver
    import aiosqlite, asyncpg
    stm=[s for s in q.statements]
