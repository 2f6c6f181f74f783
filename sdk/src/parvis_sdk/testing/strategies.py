"""Hypothesis strategies: valid or hostile answers and submissions for any declaration."""

from random import Random
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from parvis_sdk.forms import Form
from parvis_sdk.renamed import now_at
from parvis_sdk.request_types import RequestType
from parvis_sdk.testing.answers import Answers, answers_for
from parvis_sdk.testing.hostile import hostile_answers_for, hostile_value
from parvis_sdk.testing.submissions import Submissions, submission_for


def randoms() -> st.SearchStrategy[Random]:
    """A separate random generator for each example; a failing one is reproduced by its seed."""
    return st.integers(0, 2**32 - 1).map(Random)


def right_answers(form: Form) -> st.SearchStrategy[Answers]:
    """Valid answers to a form."""
    return randoms().map(lambda random: answers_for(form, random))


def right_submissions(request_type: RequestType) -> st.SearchStrategy[Submissions]:
    """Valid submissions for a request type."""
    return randoms().map(lambda random: submission_for(request_type, random))


if not TYPE_CHECKING:
    __getattr__ = now_at(__name__, __name__, right_demands="right_submissions")


def hostile_answers(form: Form) -> st.SearchStrategy[dict[str, Any]]:
    """Hostile answers to a form."""
    return randoms().map(lambda random: hostile_answers_for(form, random))


def hostile_values() -> st.SearchStrategy[Any]:
    """Arbitrary values: known hostile ones and generated ones."""
    leaves = (
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text()
        | st.text(alphabet="\ud800\x00é0-,:", max_size=9)
    )
    trees = st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4)
    )
    return trees | randoms().map(hostile_value)
