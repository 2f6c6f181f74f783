"""Who is writing on a request: seen by colleagues who see it, in whichever process, and gone within minutes."""

from datetime import timedelta

import pytest

from parvis import clock
from parvis.db import counted
from parvis.db.tables import WriterPresence
from parvis.requests.access_log import AccessLog, looks_at
from parvis.requests.exclusions import keep_away
from parvis.requests.history import entries_of
from parvis.requests.work.presence import WHILE_TYPING, WITHOUT_SCRIPTS, Presence, sweep_writers
from parvis.viewers import viewer_of
from parvis_testing.crowded import ANA
from parvis_testing.desk import said

HERS = "Ana Tremblay écrit ici"
FORMS = ("correction", "coordonnees")


@pytest.fixture
async def hole(desk):
    return await desk.request("hole", "roads")


@pytest.fixture
async def ana(desk):
    return await desk.signed_in("agent", "roads")


@pytest.fixture
async def luc(desk):
    return await desk.signed_in("agent", "roads", name="Luc Roy")


def address(hole, *steps: str) -> str:
    return "/".join((f"/bureau/requete/{hole.reference}", *steps))


def names_of(told) -> list[str]:
    return [said.name for all_said in told.values() for said in all_said]


async def types(clerk, hole, **more):
    """As the page does while words wait in it, and stays open."""
    await clerk.get(address(hole))
    return await clerk.http.post(address(hole, "presence"), data={"_csrf": clerk.token, **more})


async def sees(clerk, hole) -> bool:
    """Whether somebody reads that Ana writes: on the page, and as the page asks by itself."""
    on_page = HERS in " ".join((await clerk.get(address(hole))).text.split())
    assert (await clerk.get(address(hole, "presence"))).json() == {"words": HERS if on_page else ""}
    return on_page


async def test_whoever_has_the_request_open_is_told_who_writes_and_she_herself_is_not(hole, ana, luc):
    assert not await sees(luc, hole)
    assert (await types(ana, hole)).json() == {"words": ""}
    assert await sees(luc, hole)
    assert HERS in (await luc.get("/bureau")).text
    assert HERS not in (await ana.get("/bureau")).text


async def test_it_says_so_in_english_and_of_two_at_once(desk, hole, ana, luc):
    eve = await desk.signed_in("agent", "roads", name="Eve Roy")
    await types(ana, hole)
    assert (await types(luc, hole)).json() == {"words": HERS}
    await eve.get(address(hole))
    assert said("%(names)s is writing here", "en", names="Ana") == "Ana is writing here"
    assert "Ana Tremblay et Luc Roy écrivent ici" in eve.text


async def test_it_goes_when_the_words_are_sent(hole, ana, luc):
    await types(ana, hole)
    await ana.get(address(hole))
    await types(ana, hole)
    await ana.post(address(hole, "note"), words="Garantie", version=str(hole.version))
    assert not await sees(luc, hole)


async def test_it_goes_when_the_page_is_left_and_when_nothing_more_is_heard_of_it(hole, ana, luc):
    await types(ana, hole)
    await types(ana, hole, left="1")
    assert not await sees(luc, hole)
    await types(ana, hole)
    with clock.moved_to(clock.now() + WHILE_TYPING - timedelta(seconds=1)):
        assert await sees(luc, hole)
    with clock.moved_to(clock.now() + WHILE_TYPING + timedelta(seconds=1)):
        assert not await sees(luc, hole)


@pytest.mark.parametrize("form", FORMS)
async def test_without_scripts_a_form_of_its_own_counts_for_some_minutes(hole, ana, luc, form):
    await ana.get(address(hole, form))
    assert await sees(luc, hole)
    with clock.moved_to(clock.now() + WITHOUT_SCRIPTS + timedelta(seconds=1)):
        assert not await sees(luc, hole)


@pytest.mark.parametrize("form", FORMS)
async def test_a_form_that_comes_back_counts_anew(hole, ana, luc, form):
    await ana.get(address(hole, form))
    with clock.moved_to(clock.now() + WITHOUT_SCRIPTS + timedelta(seconds=1)):
        sent = {"coordonnees": {"email": "non"}, "correction": {"place.lat": "non"}}
        await ana.post(address(hole, form), **sent.get(form, {}))
        assert await sees(luc, hole)


@pytest.mark.parametrize("form", FORMS)
async def test_a_form_of_its_own_says_who_else_writes_and_asks_the_database_no_more(hole, ana, luc, form):
    await luc.get(address(hole, form))  # the first page of a process asks more
    with counted() as alone:
        await luc.get(address(hole, form))
    assert "écrit ici" not in luc.text
    await types(ana, hole)
    with counted() as beside:
        page = await luc.get(address(hole, form))
    assert HERS in luc.text
    assert f'data-presence="{address(hole, "presence")}" data-presence-form' in page.text
    assert len(beside.statements) == len(alone.statements)


async def test_of_whom_nothing_is_heard_it_says_when_they_wrote(desk, hole, ana, luc):
    eve = await desk.signed_in("agent", "roads", name="Eve Roy")
    await ana.get(address(hole, "correction"))
    with clock.moved_to(clock.now() + timedelta(seconds=130)):
        await types(eve, hole)
        await luc.get(address(hole))
        assert "Eve Roy écrit ici · Ana Tremblay écrivait ici il y a 2 minutes" in luc.text
        await luc.get("/bureau")
        assert "Ana Tremblay écrivait ici il y a 2 minutes" in luc.text


async def test_without_scripts_a_message_that_is_previewed_counts_until_it_is_sent_or_left(hole, ana, luc):
    await ana.get(address(hole))
    assert not await sees(luc, hole)
    await ana.post(address(hole, "reponse"), words="Nous passons mardi.")
    assert await sees(luc, hole)
    await ana.post(address(hole, "reponse"), words="Nous passons mardi.", _send="1")
    assert not await sees(luc, hole)
    await ana.post(address(hole, "reponse"), words="Encore un mot.")
    await ana.get(address(hole))
    assert not await sees(luc, hole)


async def test_who_does_not_see_the_request_is_told_nothing_and_cannot_say_that_they_write(desk, hole, ana, luc):
    other = await desk.signed_in("agent", "lighting", name="Max Fortin")
    await types(ana, hole)
    await keep_away(desk.host, hole.reference, luc.person.id, "Luc Roy", "Ma sœur.", actor=ANA)
    for clerk in (other, luc):
        await clerk.get("/bureau/compte")
        for reference in (hole.reference, "7K3M-9QXT-4"):
            path = f"/bureau/requete/{reference}/presence"
            assert (await clerk.http.get(path)).status_code == 404
            assert (await clerk.post(path)).status_code == 404
        assert HERS not in (await clerk.get("/bureau?ouvertes=toutes")).text
    assert desk.host.of(Presence).others([hole.reference], viewer_of(ana.person)) == {}


async def test_the_other_processes_hear_of_it_and_the_later_word_holds(desk, hole, ana, luc):
    engine, here, there = desk.host.engine, desk.host.of(Presence), Presence()

    async def told_there():
        await here.exchange(engine)
        await there.exchange(engine)
        return names_of(there.others([hole.reference], viewer_of(luc.person)))

    await types(ana, hole)
    assert await told_there() == ["Ana Tremblay"]
    there.gone(viewer_of(ana.person), hole.reference)  # she sent her words to the other process
    await there.exchange(engine)
    await here.exchange(engine)
    assert not await sees(luc, hole)
    with clock.moved_to(clock.now() - timedelta(seconds=9)):
        here.at(viewer_of(ana.person), hole.reference, WITHOUT_SCRIPTS)  # said before that, and told after it
    assert await told_there() == []
    assert len(await WriterPresence.select()) == 1


async def test_what_cannot_be_told_is_told_later(desk, hole, ana, monkeypatch):
    there = Presence()
    await types(ana, hole)
    with monkeypatch.context() as away:
        away.setattr(WriterPresence, "raw", None)
        with pytest.raises(TypeError):
            await desk.host.of(Presence).exchange(desk.host.engine)
    await desk.host.of(Presence).exchange(desk.host.engine)
    await there.exchange(desk.host.engine)
    assert there.others([hole.reference], viewer_of(await desk.agent(name="Eve"))) != {}


async def test_nothing_of_it_stays(desk, hole, ana, luc):
    before = len(await entries_of(await desk.record(hole.reference)))
    await types(ana, hole)
    await desk.host.of(Presence).exchange(desk.host.engine)
    assert await sweep_writers(desk.host.engine) == 0
    with clock.moved_to(clock.now() + WITHOUT_SCRIPTS):
        assert await sweep_writers(desk.host.engine) == 1
    assert await WriterPresence.select() == []
    assert len(await entries_of(await desk.record(hole.reference))) == before


async def test_pages_pay_nothing_for_it_and_what_a_page_asks_by_itself_is_no_look(desk, hole, ana, luc):
    await types(ana, hole)
    for path in (address(hole), "/bureau", address(hole, "presence")):
        await luc.get("/bureau")
        with counted() as queries:
            await luc.get(path)
        assert not [each for each in queries.statements if "writing" in each]
    await desk.host.of(AccessLog).write(desk.host.engine)
    lines = [line for line in (await looks_at(hole.id))[0] if line.name == "Luc Roy"]
    assert [(line.what, line.times) for line in lines] == [("page", 1)]
