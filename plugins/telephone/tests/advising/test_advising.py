"""Answers at the desk: what to tell the caller stands on the page, and a reason opens the request all the same."""

import pytest

from parvis.requests.advice import AdviceSource, Notice
from parvis.requests.history import entries_of
from parvis_advisories.notice_board import NoticeBoard
from parvis_sdk.text import Text
from parvis_testing.deflections import deflections
from parvis_testing.desk import said
from parvis_testing.sheet import NEW, RACHEL, press

TITLE = Text(fr="Les travaux de voirie sont suspendus", en="Road works are suspended")
NOTICE = Notice(code="strike", kind="stop", types=("hole",), zones=("plateau",), title=TITLE)


@pytest.fixture
def stopped(desk, monkeypatch):
    monkeypatch.setattr(desk.deployment.host.of(NoticeBoard), "all_of", lambda town: (NOTICE,))
    return desk


async def test_the_clerk_tells_the_caller_first_and_opens_it_with_a_reason(stopped):
    clerk = await stopped.signed_in()
    await clerk.get(NEW)
    await press(clerk, _type="hole")
    assert TITLE.fr not in clerk.text  # nobody knows yet where it is
    await press(clerk, **RACHEL, _find="1")
    assert TITLE.fr in clerk.text
    danger = {"answers.danger": "no", "requester.name": "Luc", "requester.phone": "450 555-0100"}
    await press(clerk, **danger, _send="1")
    assert clerk.page.status_code == 422
    assert said("Open the request anyway (reason)") in clerk.text
    await press(clerk, despite="Fuite sous la chaussée", _send="1")
    reference = clerk.page.url.params["recu"]
    first = (await entries_of(await stopped.record(reference)))[0]
    assert first.personal["insisted"] == "Fuite sous la chaussée"
    await clerk.get(f"/bureau/requete/{reference}")
    assert "Fuite sous la chaussée" in clerk.text
    assert TITLE.fr in clerk.text
    assert await deflections("parvis") == {"stop:strike": (1, 0, 1)}


async def test_what_the_form_says_above_a_question_is_told_to_the_caller_too(desk, monkeypatch):
    async def nothing(host, asked):
        return ()

    source = AdviceSource(advise=nothing, hints=lambda host, asked: {"danger": TITLE} if asked.zones else {})
    monkeypatch.setitem(desk.host.modules._heard, AdviceSource, (("advisories", source),))
    clerk = await desk.signed_in()
    await clerk.get(NEW)
    await press(clerk, _type="hole")
    assert TITLE.fr not in clerk.text
    await press(clerk, **RACHEL, _find="1")
    assert TITLE.fr in clerk.text
    assert said("Open the request anyway (reason)") not in clerk.text
