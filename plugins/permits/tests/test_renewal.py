from datetime import date

from parvis_sdk.calendar_days import next_of
from parvis_sdk.inspections import Inspection
from parvis_sdk.validity import Validity

"""A building permit is renewed by its holder: asked for, paid, extended; or given up, or too late."""

NEEDS = {"validity.permit.renewable"}


def test_the_holder_renews_while_the_window_is_open(types):
    request_type = types["construction"]
    renew = request_type.workflow.transition("renew")
    assert request_type.not_yet(renew, set()) is not None
    assert request_type.not_yet(renew, NEEDS) is None
    assert "renew" in {each.code for each in request_type.workflow.moves("expired", "requester")}
    assert request_type.workflow.state("renewing").brings == ("validity.permit.renewing", "fee.renewal.due")


def test_what_is_paid_extends_the_permit_and_issues_it_anew(types):
    request_type = types["construction"]
    (prolong,) = request_type.workflow.made_after("fee.renewal.paid", "renewing")
    assert request_type.workflow.brought_by(prolong) == ("validity.permit.renewed", "document.permit.issued")
    assert request_type.not_yet(prolong, {"fee.renewal.paid"}) is None


def test_a_renewal_that_is_never_paid_ends_with_the_permit(types):
    request_type = types["construction"]
    (expire,) = request_type.workflow.made_after("validity.permit.expired", "renewing")
    assert expire.target == "expired"


def test_permits_that_are_not_renewed_by_their_holder_are_taken_up_by_the_town(types):
    for code in ("sign", "event", "occupation"):
        renew = types[code].workflow.transition("renew")
        assert "requester" not in renew.by
        assert "renewing" not in {state.code for state in types[code].workflow.states}
        assert types[code].mistakes() == ()


def test_nobody_is_told_to_renew_what_they_cannot_renew_themselves(types):
    for code in ("construction", "sign", "event", "occupation"):
        request_type = types[code]
        offered = any(move.code == "renew" for move in request_type.workflow.moves("expired", "requester"))
        for said in (request_type.workflow.state("expired").story, request_type.message("expire").body):
            assert ("renouvelé" in said.fr, "renewed" in said.en) == (offered, offered), code


def test_what_ended_on_a_day_that_was_asked_for_is_taken_up_with_a_new_one(types):
    for code in ("event", "occupation"):
        day = types[code].workflow.transition("renew").asks.fields()[0]
        assert (day.code, day.required, day.earliest) == (types[code].of(Validity)[0].until, True, 0)


def test_a_permit_for_a_sign_lapses_with_the_year_in_which_there_was_time_for_it(types):
    (validity,) = types["sign"].of(Validity)
    for day, ends in ((date(2026, 3, 2), date(2026, 12, 31)), (date(2026, 11, 2), date(2027, 12, 31))):
        assert next_of(validity.until, day, None, {}) == ends
    assert types["sign"].workflow.transition("renew").asks.field("ends_on") is None


def test_what_interrupts_works_leads_back_to_them(types):
    workflow = types["construction"].workflow
    for interrupted, goes_on in (("suspended_works", "restore_works"), ("renewing_works", "prolong_works")):
        assert workflow.transition(goes_on).target == "in_works"
        assert goes_on in {move.code for move in workflow.moves(interrupted, "agent")}
    leaving = {move.target for move in workflow.transitions if "in_works" in move.sources}
    assert leaving == {"compliant", "suspended_works", "expired_works", "renewing_works", "revoked"}


def test_what_happens_during_works_is_told_as_before_them(types):
    request_type = types["construction"]
    for code in ("suspend", "restore", "expire", "renew", "prolong"):
        assert request_type.message(f"{code}_works").body == request_type.message(code).body


def test_visits_may_be_asked_for_while_a_renewal_waits_for_its_fees(types):
    for visit in types["construction"].of(Inspection):
        assert {"in_works", "renewing_works"} <= set(visit.during)
