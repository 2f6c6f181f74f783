"""Conditions: every shared vector, and what a condition says it looks at."""

import msgspec
import pytest

from parvis_sdk.conditions import All, Answered, Condition, Includes, Is, Not, Some, fields_of, holds
from parvis_sdk.testing import CONDITION_VECTORS
from parvis_sdk.testing.vectors import DAY_VECTORS


@pytest.mark.parametrize("vector", [*CONDITION_VECTORS, *DAY_VECTORS], ids=lambda vector: vector.name)
def test_every_shared_vector(vector):
    assert holds(vector.condition, vector.answers) is vector.holds


def test_the_vectors_try_every_kind_of_condition_both_ways():
    tried = {(type(vector.condition), vector.holds) for vector in CONDITION_VECTORS}
    kinds = Condition.__args__
    assert tried == {(kind, outcome) for kind in kinds for outcome in (True, False)}
    assert len({vector.name for vector in CONDITION_VECTORS}) == len(CONDITION_VECTORS)


def test_a_condition_names_every_question_it_looks_at():
    condition = All(
        parts=(Is(field="a", value=1), Not(part=Some(parts=(Includes(field="b", value="x"), Answered(field="c")))))
    )
    assert fields_of(condition) == ("a", "b", "c")


def test_a_condition_comes_back_from_json_as_it_was():
    for vector in CONDITION_VECTORS:
        stored = msgspec.json.encode(vector.condition)
        assert msgspec.json.decode(stored, type=Condition) == vector.condition
