"""References survive being read aloud; keys open one request only."""

from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from parvis.requests.links import id_in, token_of
from parvis.requests.references import ALPHABET, check_character, grouped, is_key, key_for, new_reference, normalise

bodies = st.text(ALPHABET, min_size=8, max_size=8)


def test_a_new_reference_reads_back_as_itself():
    reference = new_reference()
    assert normalise(reference) == reference


def test_a_reference_is_understood_however_it_is_typed():
    reference = grouped("10QX7K3M" + check_character("10QX7K3M"))
    typed = reference.lower().replace("1", "l").replace("0", "o").replace("-", " ")
    assert normalise(typed) == reference


@given(bodies, st.integers(0, 8), st.sampled_from(ALPHABET))
def test_one_misheard_character_is_always_caught(body, at, heard):
    whole = body + check_character(body)
    wrong = whole[:at] + heard + whole[at + 1 :]
    assert (normalise(wrong) is None) == (wrong != whole)


@given(bodies, st.integers(0, 6))
def test_two_swapped_neighbours_are_always_caught(body, at):
    whole = body + check_character(body)
    wrong = whole[:at] + whole[at + 1] + whole[at] + whole[at + 2 :]
    assert (normalise(wrong) is None) == (wrong != whole)


@given(st.text(max_size=60))
def test_nothing_typed_makes_it_fail(typed):
    assert normalise(typed) is None or normalise(typed) == normalise(normalise(typed))


def test_a_key_opens_its_own_request_and_no_other():
    one, other = uuid4(), uuid4()
    assert is_key(b"secret", one, key_for(b"secret", one).upper())
    assert not is_key(b"secret", other, key_for(b"secret", one))
    assert not is_key(b"other", one, key_for(b"secret", one))
    assert not is_key(b"secret", one, "é\x00")


def test_a_private_link_opens_what_it_was_made_for_and_nothing_else():
    secret, id = b"s" * 32, uuid4()
    token = token_of(secret, "handover-key", id)
    assert id_in(secret, "handover-key", token) == id
    assert id_in(secret, "outside-key", token) is None
    assert id_in(b"t" * 32, "handover-key", token) is None
    assert id_in(secret, "handover-key", token[:-1]) is None
    assert id_in(secret, "handover-key", "none") is None
