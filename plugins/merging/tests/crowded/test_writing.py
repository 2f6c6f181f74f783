"""Who is about to make another request of a part is seen by colleagues, as in any form."""

import pytest

HERS = "Ana Tremblay écrit ici"


@pytest.fixture
async def luc(desk):
    return await desk.signed_in("agent", "roads", name="Luc Roy")


@pytest.fixture
async def seen(desk, luc):
    """Whether Luc reads that Ana writes, once she has done so."""
    hole, ana = await desk.request("hole", "roads"), await desk.signed_in("agent", "roads")
    path = f"/bureau/requete/{hole.reference}"

    async def after(doing):
        await doing(ana, f"{path}/partage")
        page = await luc.get(path)
        return HERS in " ".join(page.text.split())

    return after


async def test_whoever_opens_its_form_writes(seen):
    assert await seen(lambda ana, path: ana.get(path))


async def test_a_form_that_comes_back_counts_too(seen):
    async def refused(ana, path):
        await ana.get("/bureau/compte")
        assert (await ana.post(path, words="")).status_code == 422

    assert await seen(refused)


async def test_it_says_who_else_writes(desk, luc):
    hole, ana = await desk.request("hole", "roads"), await desk.signed_in("agent", "roads")
    path = f"/bureau/requete/{hole.reference}"
    await ana.get(f"{path}/partage")
    page = await luc.get(f"{path}/partage")
    assert HERS in luc.text
    assert f'data-presence="{path}/presence" data-presence-form' in page.text
