"""Colleagues see who is filling in one of these forms; resuming a clock needs no writing."""

import pytest

from parvis_testing.desk import said

HERS = "Ana Tremblay écrit ici"


@pytest.fixture
async def luc(desk):
    return await desk.signed_in("agent", "roads", name="Luc Roy")


@pytest.mark.parametrize("form", ["promesse", "pause"])
async def test_a_form_says_who_else_writes_until_it_was_sent(desk, luc, form):
    hole, ana = await desk.request("hole", "roads"), await desk.signed_in("agent", "roads")
    path = f"/bureau/requete/{hole.reference}"
    assert HERS not in (await luc.get(path)).text
    await ana.get(f"{path}/{form}")
    assert HERS in (await luc.get(path)).text
    assert HERS in (await luc.get(f"{path}/{form}")).text


async def test_letting_a_delay_run_again_is_no_writing(desk, luc):
    hole, ana = await desk.request("hole", "roads"), await desk.signed_in("agent", "roads")
    path = f"/bureau/requete/{hole.reference}"
    await ana.get(f"{path}/pause")
    await ana.post(f"{path}/pause", why="weather", version=str(hole.version))
    assert (await desk.record(hole.reference)).promise == "paused"
    assert said("Resume the response time") in (await ana.get(f"{path}/pause")).text
    assert HERS not in (await luc.get(path)).text
