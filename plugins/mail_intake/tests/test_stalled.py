"""Mail that nobody sorted on its day is among stalled work, where mail is fetched."""

from datetime import timedelta

from parvis import clock
from parvis.db import transaction
from parvis.identifiers import new_id
from parvis.requests.work.answer_address import AnswerMailbox
from parvis_mail_intake.sorting import MAIL
from parvis_mail_intake.tables import IncomingMail
from parvis_sorting.messages import left_to_sort
from parvis_testing.desk import said

from .conftest import ADDRESS

STALLED = "/bureau/ce-qui-traine"


async def test_a_mail_of_yesterday_is_found(desk):
    with clock.moved_to(clock.now() - timedelta(days=10)):
        row = {"jurisdiction": "parvis", "sort": "new", "why": "x", "state": "open", "received_at": clock.now()}
        async with transaction(desk.host.engine):
            await IncomingMail.insert(IncomingMail(id=new_id(), key="k", **row))
    assert (await left_to_sort(MAIL, "parvis", clock.now())).requests == 1
    assert (await left_to_sort(MAIL, "parvis", clock.now() - timedelta(days=11))).requests == 0
    clerk = await desk.signed_in("clerk")
    await clerk.get(STALLED)
    assert said("Emails to sort") not in clerk.text
    desk.host.memory[AnswerMailbox] = AnswerMailbox(ADDRESS, owner="mail_intake")
    await clerk.get(STALLED)
    assert said("Emails to sort") in clerk.text
    assert 'class="tile__value" href="/bureau/courriels">1</a>' in clerk.page.text
