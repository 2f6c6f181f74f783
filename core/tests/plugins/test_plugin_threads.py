"""The thread of a plugin, from a call that never comes back to its end."""

import asyncio

from parvis.plugins import threads
from parvis.plugins.threads import Call, PluginThread


async def turns():
    while True:
        pass


async def test_a_call_that_turns_for_ever_is_stopped_and_its_thread_raises_nothing(monkeypatch):
    """An error that leaves a thread fails the run of tests, and would stand in the errors of a process."""
    monkeypatch.setattr(threads, "LATE", 0.1)
    thread, call = PluginThread("crews"), Call(turns)
    thread.begin(call)
    async with asyncio.timeout(20):
        while thread.silence <= 2 * threads.LATE:
            await asyncio.sleep(0.02)
    thread.end()
    await asyncio.to_thread(thread.thread.join, 20)
    assert not thread.thread.is_alive()
    assert thread.loop.is_closed()
    assert isinstance(call.task.exception(), SystemExit)
