"""Notices in the files of a town, which another module reads, are lifted from the desk and put back."""

import re

import pytest

from parvis.requests.actors import Actor
from parvis.requests.advice import Notice, notices_known
from parvis_advisories.notice_board import NoticeBoard
from parvis_incidents.notices import end_notice, lift, notices_kept
from parvis_sdk.problems import Problems
from parvis_sdk.text import Text
from parvis_testing.desk import HERE, ZOE, said
from parvis_testing.modules import switch

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
HOLE = {"language": "fr", "answers": {"danger": False, "words": "Un trou"}, "place": HERE, "requester": ZOE}
WINTER = Notice(code="winter", title=Text(fr="Fermé pour l’hiver"), kind="stop", types=("hole",))


@pytest.fixture
def parvis(desk):
    return desk.host.jurisdictions.jurisdiction("parvis")


async def test_a_notice_of_the_files_is_lifted_from_the_page(desk):
    manager = await desk.signed_in("manager")
    await manager.get("/bureau/avis")
    code = re.search(r'name="code" value="([^"]+)"', manager.page.text)[1]
    await manager.post("/bureau/avis/lever", code=code)
    assert said("The notice has been removed.") in manager.text
    assert said("Repost the notice") in manager.text
    assert (await manager.post("/bureau/avis/lever", code="nothing")).status_code == 404


async def test_a_notice_of_the_files_is_lifted_and_put_back(desk, parvis, monkeypatch):
    monkeypatch.setattr(desk.host.of(NoticeBoard), "all_of", lambda town: (WINTER,))
    assert isinstance(await desk.counter.submit("parvis", "hole", HOLE, channel="portal"), Problems)
    for _ in range(2):
        await lift(desk.host, parvis, "winter", actor=ANA)
    assert not isinstance(await desk.counter.submit("parvis", "hole", HOLE, channel="portal"), Problems)
    (kept,) = await notices_kept(parvis)
    assert await end_notice(desk.host, parvis, kept.id)
    assert isinstance(await desk.counter.submit("parvis", "hole", HOLE, channel="portal"), Problems)


async def test_where_nobody_reads_the_files_there_is_nothing_to_lift(desk, parvis):
    manager = await desk.signed_in("manager")
    code = notices_known(desk.host, parvis)[0].code
    await switch(desk.host, "off", "advisories")
    assert said("From the town’s files") not in (await manager.get("/bureau/avis")).text
    assert (await manager.post("/bureau/avis/lever", code=code)).status_code == 404
    assert notices_known(desk.host, parvis) == ()
