"""Keys change with an overlap: what an earlier one signed opens until it is taken away, and it signs nothing more."""

from datetime import timedelta

import pytest

from parvis.db import transaction
from parvis.identifiers import new_id
from parvis.outbox.addressees import confirm_address, confirmed_among, forget_addressee
from parvis.people.agents import add_agent
from parvis.people.one_time import plain, put_codes, take_code
from parvis.people.sessions import device_in, new_device
from parvis.requests.drafting import form_token, is_ours
from parvis.requests.links import dated_key, id_in, is_dated_key, token_of
from parvis.requests.references import is_key, key_for
from parvis.signing import SecretKeys, every_key, oldest_key
from parvis.web.security import csrf_token, is_token
from parvis.web.sign_in.keys import Ticket, read_ticket, ticket_for

OLD, NEW = "the key of the first three years here", "the key that somebody made this morning"
BEFORE, OVERLAP, AFTER = SecretKeys.of(OLD, ()), SecretKeys.of(NEW, (OLD,)), SecretKeys.of(NEW, ())
ID = new_id()
DAY = timedelta(days=1)
SIGNED = {
    "private link": (lambda key: key_for(key, ID, 2), lambda key, given: is_key(key, ID, given, 2)),
    "dated link": (
        lambda key: dated_key(key, "view", ID, DAY),
        lambda key, given: is_dated_key(key, "view", ID, given),
    ),
    "token": (lambda key: token_of(key, "outside", ID), lambda key, given: id_in(key, "outside", given) == ID),
    "form": (lambda key: csrf_token(key, "visitor"), lambda key, given: is_token(key, "visitor", given)),
    "draft": (form_token, is_ours),
    "second step": (
        lambda key: ticket_for(key, Ticket(person=str(ID))),
        lambda key, given: read_ticket(key, given) is not None,
    ),
    "device": (lambda key: new_device(key, "a@b.ca"), lambda key, given: bool(device_in(key, "a@b.ca", given))),
}


@pytest.mark.parametrize("kind", SIGNED)
def test_what_the_key_before_signed_opens_as_long_as_that_is_there(kind):
    make, opens = SIGNED[kind]
    given = make(BEFORE)
    assert opens(OVERLAP, given)
    assert not opens(AFTER, given)
    assert not opens(SecretKeys.of(NEW, ("a key that was never the one of this town",)), given)


@pytest.mark.parametrize("kind", SIGNED)
def test_nothing_new_is_signed_by_the_key_before(kind):
    make, opens = SIGNED[kind]
    given = make(OVERLAP)
    assert opens(AFTER, given)
    assert not opens(BEFORE, given)


def test_what_is_opened_by_a_key_before_is_counted():
    keys = SecretKeys.of(NEW, (OLD,))
    assert is_key(keys, ID, key_for(keys, ID))
    assert not is_key(keys, ID, "0" * 22)
    assert keys.opened_before == 0
    assert is_key(keys, ID, key_for(BEFORE, ID))
    assert keys.opened_before == 1


def test_the_oldest_key_stays_the_same_until_it_is_taken_away():
    later = "the key that somebody made a year from now"
    overlap = (
        SecretKeys.of(OLD, ()),
        SecretKeys.of(OLD, (NEW, OLD)),
        SecretKeys.of(NEW, (NEW, OLD)),
        SecretKeys.of(NEW, (OLD,)),
        SecretKeys.of(NEW, (later, NEW, OLD)),
        SecretKeys.of(later, (later, NEW, OLD)),
    )
    assert {oldest_key(key) for key in overlap} == {OLD.encode()}
    assert every_key(overlap[-1]) == (later.encode(), NEW.encode(), OLD.encode())
    assert {oldest_key(SecretKeys.of(later, before)) for before in ((later, NEW), (NEW,))} == {NEW.encode()}


async def test_recovery_codes_outlive_the_key_that_made_them_by_the_overlap(database):
    ana = await add_agent(database, email="ana@parvis.example", name="Ana", password="x" * 20)
    async with transaction(database):
        first, second, *_ = await put_codes(ana.id, BEFORE)
        assert not await take_code(ana.id, plain(first), AFTER)
        assert await take_code(ana.id, plain(first), OVERLAP)
        assert not await take_code(ana.id, plain(first), OVERLAP)
        assert not await take_code(ana.id, plain(second), AFTER)


async def test_an_address_stays_confirmed_over_the_overlap_and_is_forgotten_whichever_key_knew_it(database):
    await confirm_address(database, BEFORE, "zoe@exemple.ca")
    assert await confirmed_among(OVERLAP, ["zoe@exemple.ca"]) == {"zoe@exemple.ca"}
    assert await confirmed_among(AFTER, ["zoe@exemple.ca"]) == frozenset()
    async with transaction(database):
        await forget_addressee(OVERLAP, "zoe@exemple.ca")
    assert await confirmed_among(BEFORE, ["zoe@exemple.ca"]) == frozenset()
