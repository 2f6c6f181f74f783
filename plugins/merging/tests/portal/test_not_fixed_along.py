"""Whose own request goes on with another one is asked whether that is settled, and counted as those who follow it."""

from datetime import timedelta

import pytest

from parvis import clock
from parvis.notify.telling import tell
from parvis.requests.amendments import stop
from parvis.requests.links import settled_url, tracking_url
from parvis.requests.payloads import request_for
from parvis.requests.persons import followers
from parvis.requests.priority_names import PRESSING
from parvis.requests.records import find
from parvis.requests.timeline import story
from parvis.requests.visibility import SYSTEM_VIEWER
from parvis_closing_question.standing import ALSO, DAYS, answer_settled
from parvis_merging.merging import merge, part
from parvis_sdk.events import Joined
from parvis_testing.portal import ANA, moved
from parvis_testing.services import said
from parvis_testing.street import EVERYWHERE
from parvis_testing.visitors import HOST

NO = 'value="not_fixed"'


def person(name, **more):
    return {"mode": "named", "name": name, "email": f"{name.lower()}@exemple.ca"} | more


@pytest.fixture
async def along(submit, host):
    """The references of one request and of two that go on with it."""
    other, *mine = [(await submit(requester=person(name))).reference for name in ("Luc", "Ana", "Bo")]
    for each in mine:
        await merge(host, EVERYWHERE, each, other, actor=ANA)
    return other, *mine


@pytest.fixture
async def repaired(along, host):
    await moved(host, along[0], "start", "repair")
    return along


async def link_of(host, reference, to=settled_url):
    town = host.jurisdictions.jurisdiction("parvis")
    return to(host, town, await find(host, reference)).removeprefix(HOST)


async def letter(host, reference, *, over=True):
    """What its requester is written when that has moved with which their request goes on."""
    about = {"reference": reference, "at": clock.now(), "actor": "agent"}
    event = Joined(id="1", did="moved", now=said("Réparé", "Repaired"), over=over, **about)
    outcome = await tell.handler(event, await request_for(host, await find(host, reference), ("contact",)))
    return outcome.messages[0].text if outcome else ""


async def follows(host, reference, email):
    await followers.follow(host, reference, email, "fr")
    (link,) = [each.stop_url for each in await followers.followers_of(host, await find(host, reference))]
    await followers.confirm(host, link.rsplit("/", 1)[-1])
    return link.removeprefix(HOST)


async def test_they_are_asked_by_the_letter_that_tells_them_and_opening_its_link_changes_nothing(
    repaired, host, visitor
):
    other, one, _ = repaired
    text = await letter(host, one)
    assert "Est-ce réglé?\nNon, ce n’est pas réglé\u00a0: http" in text
    assert "Oui, c’est réglé" not in text
    assert "Est-ce réglé?" not in await letter(host, one, over=False)
    before = (await find(host, other)).version
    page = await visitor().open(await link_of(host, one))
    assert "Est-ce réglé?" in page.text
    assert other not in page.text
    assert (await find(host, other)).version == before


async def test_each_counts_once_and_two_open_the_request_with_which_theirs_go_on(repaired, host, visitor):
    other, one, two = repaired
    ana = await visitor().open(await link_of(host, one))
    page = ana.page
    await ana.send({"do": "not_fixed"})
    assert "1 personne dit que ce n’est pas réglé." in ana.text
    assert NO not in ana.page.text
    ana.page = page
    await ana.send({"do": "not_fixed"})
    assert (await find(host, other)).state == "repaired"
    bo = await visitor().open(await link_of(host, two))
    await bo.send({"do": "not_fixed"})
    record = await find(host, other)
    assert (record.state, record.priority, record.settled) == ("working", PRESSING, None)
    titles = [each.title for each in await story(host, record, SYSTEM_VIEWER, "fr") if each.kind == ALSO]
    assert titles == ["Une personne dont la requête a été jointe dit que ce n’est pas réglé"] * 2


async def test_one_mailbox_counts_once_whether_it_follows_or_reported_it_itself(along, submit, host, visitor):
    other, one, _ = along
    again = (await submit(requester=person("Ana", email="Ana+trou@exemple.ca"))).reference
    await merge(host, EVERYWHERE, again, other, actor=ANA)
    link = await follows(host, other, "ana+2@exemple.ca")
    await moved(host, other, "start", "repair")
    for there in (await link_of(host, one), link, await link_of(host, again)):
        ana = await visitor().open(there)
        if NO in ana.page.text:
            await ana.send({"do": "not_fixed"})
    assert (await find(host, other)).state == "repaired"
    assert NO not in (await visitor().open(link)).page.text


async def test_nobody_is_asked_before_it_is_done_once_parted_or_of_whom_nothing_is_known(along, submit, host, visitor):
    other, one, _ = along
    nobody = (await submit(requester={"mode": "anonymous"})).reference
    await merge(host, EVERYWHERE, nobody, other, actor=ANA)
    ana = await visitor().open(await link_of(host, one))
    assert NO not in ana.page.text
    await moved(host, other, "start", "repair")
    assert NO not in (await visitor().open(await link_of(host, nobody))).page.text
    own = (await visitor().open(await link_of(host, nobody, tracking_url))).text
    assert "traite les deux ensemble. Vous n’avez rien" in own  # and nothing of telling whom nobody can reach
    assert "Est-ce réglé?" not in own
    await ana.open(await link_of(host, one))
    form = ana.page
    await part(host, EVERYWHERE, one, actor=ANA)
    ana.page = form
    await ana.send({"do": "not_fixed"})
    assert NO not in ana.page.text
    assert (await find(host, other)).priority == 0


async def test_a_yes_of_the_other_requester_is_not_theirs_and_who_wants_no_messages_is_not_written_to(
    repaired, host, visitor
):
    other, one, _ = repaired
    await answer_settled(host, other)
    assert NO in (await visitor().open(await link_of(host, one))).page.text
    await stop(host, one)
    assert await letter(host, one) == ""


async def test_too_late_a_new_request_begins_in_the_place_of_their_own(repaired, host, visitor):
    _, one, _ = repaired
    with clock.moved_to(clock.now()) as later:
        later.forward(days=(DAYS + timedelta(days=1)).days)
        ana = await visitor().open(await link_of(host, one))
        assert NO not in ana.page.text
        assert "Faire une nouvelle requête" in ana.text
        await ana.send({})
        assert ana.path.startswith("/fr/demande/rues/nid-de-poule")
