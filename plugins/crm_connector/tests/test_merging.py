"""Whose value stays where both sides may have changed one: each case once, and what holds for all of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis_crm_connector.mapping import ComparisonMarks, marks, merge, same


def known(ours, theirs):
    return ComparisonMarks(ours=marks({"x": ours}), theirs=marks({"x": theirs}))


@pytest.mark.parametrize("rule", ["ours", "theirs", "newest"])
@pytest.mark.parametrize("newer", [True, False])
def test_what_only_we_changed_is_written(rule, newer):
    merged = merge({"x": "b"}, {"x": "a"}, known("a", "a"), lambda name: rule, ours_is_newer=newer)
    assert (merged.write, merged.taken, merged.replaced) == ({"x": "b"}, {}, {})


@pytest.mark.parametrize(
    ("rule", "newer", "write", "taken"),
    [
        ("ours", False, {"x": "a"}, {}),
        ("theirs", True, {}, {"x": "c"}),
        ("newest", True, {}, {"x": "c"}),  # we did not change it: theirs is the newer one
        ("newest", False, {}, {"x": "c"}),
    ],
)
def test_what_only_they_changed_is_kept_or_put_back(rule, newer, write, taken):
    merged = merge({"x": "a"}, {"x": "c"}, known("a", "a"), lambda name: rule, ours_is_newer=newer)
    assert (merged.write, merged.taken) == (write, taken)
    assert merged.replaced == ({"x": "c"} if write else {})


@pytest.mark.parametrize(
    ("rule", "newer", "write"),
    [("ours", False, True), ("theirs", True, False), ("newest", True, True), ("newest", False, False)],
)
def test_what_both_changed_is_decided_by_the_rule(rule, newer, write):
    merged = merge({"x": "b"}, {"x": "c"}, known("a", "a"), lambda name: rule, ours_is_newer=newer)
    assert (merged.write, merged.taken) == (({"x": "b"}, {}) if write else ({}, {"x": "c"}))


def test_a_difference_that_was_settled_is_not_brought_up_again_unless_asked_for():
    settled = known("a", "c")
    for rule in ("ours", "theirs", "newest"):
        assert not merge({"x": "a"}, {"x": "c"}, settled, lambda name, rule=rule: rule, ours_is_newer=True).write
    insisting = merge({"x": "a"}, {"x": "c"}, settled, lambda name: "ours", ours_is_newer=True, insist=True)
    assert insisting.write == {"x": "a"}


def test_what_was_never_compared_is_filled_in_where_it_is_empty():
    merged = merge({"x": "a"}, {"x": None}, None, lambda name: "theirs", ours_is_newer=False)
    assert merged.write == {"x": "a"}
    kept = merge({"x": "a"}, {"x": "c"}, None, lambda name: "theirs", ours_is_newer=True)
    assert (kept.write, kept.taken) == ({}, {})


def test_what_we_wrote_last_is_no_change_of_theirs():
    merged = merge({"x": "b"}, {"x": "a"}, None, lambda name: "theirs", ours_is_newer=False, by_us=True)
    assert merged.write == {"x": "b"}


def test_the_columns_of_the_state_go_together():
    before = ComparisonMarks(
        ours=marks({"statecode": 0, "statuscode": 1}), theirs=marks({"statecode": 0, "statuscode": 1})
    )
    there = {"statecode": 0, "statuscode": 3}
    merged = merge({"statecode": 0, "statuscode": 2}, there, before, lambda name: "theirs", ours_is_newer=True)
    assert (merged.write, merged.taken) == ({}, there)
    merged = merge({"statecode": 1, "statuscode": 5}, there, before, lambda name: "ours", ours_is_newer=True)
    assert merged.write == {"statecode": 1, "statuscode": 5}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (None, ""),
        (1, 1.0),
        ("2026-11-25T12:00:00Z", "2026-11-25T08:00:00-04:00"),
        (True, True),
        ("2026-11-25", "2026-11-25"),
    ],
)
def test_values_that_say_the_same(one, other):
    assert same(one, other)


@pytest.mark.parametrize(("one", "other"), [(None, 0), (False, None), (1, True), ("a", "A"), ("12", 12)])
def test_values_that_do_not(one, other):
    assert not same(one, other)


VALUES = st.sampled_from([None, "a", "b", "c"])


@given(want=VALUES, there=VALUES, ours=VALUES, theirs=VALUES, rule=st.sampled_from(["ours", "theirs", "newest"]))
def test_what_was_decided_stays_decided(want, there, ours, theirs, rule):
    merged = merge({"x": want}, {"x": there}, known(ours, theirs), lambda name: rule, ours_is_newer=True)
    now = merged.write.get("x", there)
    again = merge({"x": want}, {"x": now}, known(want, now), lambda name: rule, ours_is_newer=True)
    assert (again.write, again.taken, again.replaced) == ({}, {}, {})
    assert not (merged.write and merged.taken)
