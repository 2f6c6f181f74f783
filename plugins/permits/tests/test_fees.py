"""Fees that a permit waits for: paid, never paid and the application taken up again; and a permit without any."""

import pytest

from parvis_sdk.requests import Phase

CHARGED = ("construction", "occupation", "sign")


@pytest.mark.parametrize("code", CHARGED)
def test_fees_that_are_never_paid_close_the_application_and_its_holder_takes_it_up_again(types, code):
    workflow = types[code].workflow
    (timer,) = workflow.state("approved").timers
    lapse, again = workflow.transition(timer.transition), workflow.transition("pay_after_all")
    assert (lapse.target, workflow.state(lapse.target).phase) == ("unpaid", Phase.CLOSED)
    assert again in workflow.moves("unpaid", "requester")
    assert again.target == "approved"
    # The fees are due still: what is brought about again would be charged again.
    assert workflow.brought_by(again) == ()
    assert "unpaid" in workflow.transition("reopen").sources


@pytest.mark.parametrize("code", CHARGED)
def test_only_what_waited_for_a_supplement_is_abandoned_and_taken_up_with_it(types, code):
    assert types[code].workflow.transition("abandon").sources == ("incomplete",)


@pytest.mark.parametrize("code", CHARGED)
@pytest.mark.parametrize("state", ["approved", "unpaid"])
def test_the_permit_is_issued_as_soon_as_its_fees_are_paid_late_or_not(types, code, state):
    for fact in ("fee.permit.paid", "fee.permit.waived"):
        assert [each.code for each in types[code].workflow.made_after(fact, state)] == ["issue"]


@pytest.mark.parametrize("code", CHARGED)
def test_the_holder_is_told_that_the_application_is_closed_and_that_it_is_taken_up(types, code):
    for move in ("lapse", "pay_after_all"):
        body = types[code].message(move).body
        assert "{link}" in body.fr
        assert "{link}" in body.en


def test_where_nothing_is_to_be_paid_the_approval_waits_for_nobody(types):
    event = types["event"]
    approved = event.workflow.state("approved")
    assert (approved.phase, approved.timers) == (Phase.DECIDED, ())
    assert not {"lapse", "pay_after_all"} & {each.code for each in event.workflow.transitions}
    for said in (approved.story, event.message("approve").body):
        assert ("payés" in said.fr, "paid" in said.en) == (False, False)
        assert "L’autorisation sera délivrée bientôt." in said.fr
