"""Amounts are exact to the cent, keys are read back as written, and names compare equal however they are written."""

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis_erp_connector import mapping
from parvis_erp_connector.settings import Invoices, ItemBooking
from parvis_sdk.errors import Refused
from parvis_sdk.requests import Owed, OwedItem, Phase, ServiceRequest
from parvis_sdk.testing.desk import MORNING, TOWN
from parvis_sdk.text import Text

CENTS = st.integers(-(10**11), 10**11)
SETTINGS = Invoices(name="bills", system="x", lines={"*": ItemBooking(account="4100")})
REQUEST = ServiceRequest(
    reference="7K3M-9QXT-4",
    type="sign",
    type_title=Text(fr="Enseigne"),
    jurisdiction=TOWN,
    language="fr",
    channel="portal",
    state="approved",
    phase=Phase.DECIDED,
    submitted_at=MORNING,
)


@given(CENTS)
def test_cents_come_back_from_dollars_as_they_were(cents):
    dollars = mapping.amount_of(cents)
    assert mapping.cents_in(dollars) == cents
    assert dollars.as_tuple().exponent == -2
    assert Decimal(str(dollars)) == dollars


@given(st.lists(CENTS, min_size=1, max_size=12), st.uuids())
def test_the_lines_of_an_invoice_add_up_to_its_charge(items, id):
    lines = tuple(OwedItem(code=f"i{n}", title=Text(fr="Article"), cents=cents) for n, cents in enumerate(items))
    charge = Owed(id=str(id), fee="permit", title=Text(fr="Permis"), state="due", cents=sum(items), items=lines)
    bill = mapping.bill_for(SETTINGS, REQUEST, charge, "P1", "fr")
    assert mapping.cents_in(sum((line.amount for line in bill.lines), Decimal(0))) == charge.cents
    assert UUID(bill.key) == id
    assert len(bill.key) <= 35
    assert mapping.reference_in(bill.title) == REQUEST.reference


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9))
def test_parts_of_a_cent_are_refused_and_never_rounded(amount):
    if amount == round(amount, 2):
        assert mapping.amount_of(mapping.cents_in(amount)) == amount
    else:
        with pytest.raises(Refused, match="no whole number of cents"):
            mapping.cents_in(amount)


@given(st.integers(1, 400))
def test_a_key_is_read_back_with_whatever_stands_behind_it(round):
    key = mapping.key_for("7K3M-9QXT-4", round)
    for words in (key, f"{key} Nid-de-poule"):
        assert (mapping.reference_in(words), mapping.key_in(words)) == ("7K3M-9QXT-4", key)


@pytest.mark.parametrize(
    "words", ["", "PO-12", "7K3M-9QXT-4x", "7K3M-9QXT-4/1", "AAAA-BBBB", " 7K3M-9QXT-4", "7k3m-9qxt-4"]
)
def test_what_is_no_key_of_ours_is_not_read_as_one(words):
    assert mapping.reference_in(words) == ""


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Zoé Côté", "COTE, Zoe", True),
        ("Marie  Tremblay", "marie tremblay", True),
        ("Marie Tremblay", "Paul Tremblay", False),
        ("Jean-Luc Roy", "Jean Luc Roy", True),
        ("Marie Tremblay", "M. Tremblay", False),
    ],
)
def test_a_name_is_the_same_whoever_wrote_it(one, other, same):
    assert mapping.same_name(one, other) is same


def test_an_item_is_booked_by_the_most_exact_of_what_is_said():
    lines = {"*": ItemBooking(account="1"), "base": ItemBooking(account="2"), "permit.base": ItemBooking(account="3")}
    settings = Invoices(name="bills", system="x", lines=lines)
    booked = [mapping.booked_for(settings, *each) for each in (("permit", "base"), ("study", "base"), ("study", "x"))]
    assert [each.account for each in booked] == ["3", "2", "1"]
