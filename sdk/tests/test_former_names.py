"""Names of the sdk that were changed answer for one more release, and say what they are called now."""

import importlib
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from parvis_sdk.errors import DeclarationError, DeclarationMistake
from parvis_sdk.parts import Part
from parvis_sdk.request_types import Submission
from parvis_sdk.requests import Requester
from parvis_sdk.testing import Case
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.text import Text
from parvis_sdk.validity import Validity

TITLE = Text(fr="Bail", en="Lease")
FORMER = (
    ("parvis_sdk.errors", "Slip", "parvis_sdk.errors.DeclarationMistake"),
    ("parvis_sdk.forms", "Submission", "parvis_sdk.forms.FormAnswers"),
    ("parvis_sdk.request_types", "Demand", "parvis_sdk.request_types.Submission"),
    ("parvis_sdk.testing", "Demands", "parvis_sdk.testing.Submissions"),
    ("parvis_sdk.testing", "demand_for", "parvis_sdk.testing.submission_for"),
    ("parvis_sdk.testing.demands", "demand_for", "parvis_sdk.testing.submissions.submission_for"),
    ("parvis_sdk.testing.strategies", "right_demands", "parvis_sdk.testing.strategies.right_submissions"),
    ("parvis_sdk.ready", "WORKFLOW", "parvis_sdk.starter_kit.WORKFLOW"),
    ("parvis_sdk.slips", "text_slips", "parvis_sdk.mistakes.text_mistakes"),
    ("parvis_sdk.type_slips", "type_slips", "parvis_sdk.type_mistakes.type_mistakes"),
    ("parvis_sdk.message_slips", "message_slips", "parvis_sdk.message_mistakes.message_mistakes"),
    ("parvis_sdk.tariff_slips", "tariffs_slips", "parvis_sdk.tariff_mistakes.tariffs_mistakes"),
)


@pytest.mark.parametrize(("module", "name", "now"), FORMER)
def test_a_former_name_is_the_same_thing_and_says_its_name(module, name, now):
    home, _, word = now.rpartition(".")
    with pytest.warns(DeprecationWarning, match=f"{module}.{name} is called {now} now; the old name goes with 0.3"):
        found = getattr(importlib.import_module(module), name)
    assert found is getattr(importlib.import_module(home), word)


@pytest.mark.parametrize("module", sorted({module for module, _, _ in FORMER}))
def test_what_never_was_there_is_no_name_of_a_module(module):
    with pytest.raises(AttributeError, match="has no attribute 'tide'"):
        importlib.import_module(module).tide  # noqa: B018


def test_mistakes_are_asked_for_by_the_former_name():
    with pytest.warns(DeprecationWarning, match="slips is called mistakes now"):
        assert SAMPLE.slips() == SAMPLE.mistakes()
    with pytest.warns(DeprecationWarning, match="slips is called mistakes now"):
        assert SAMPLE.form.slips() == ()
    error = DeclarationError((DeclarationMistake(where="a", what="b", now_what="c"),))
    with pytest.warns(DeprecationWarning, match="slips is called mistakes now"):
        assert error.slips == error.mistakes


def test_a_part_of_a_vendor_that_overrides_the_former_names_is_still_heard():
    with pytest.warns(DeprecationWarning, match=r"slips(_in)? is called mistakes(_in)? now"):

        class Lease(Validity, frozen=True, kw_only=True, omit_defaults=True, tag="lease"):
            def slips(self) -> Iterator[DeclarationMistake]:
                yield from super().slips()
                yield DeclarationMistake(where="lease", what="it has no end", now_what="say when it ends")

            def slips_in(self, kind: object) -> Iterator[DeclarationMistake]:
                yield DeclarationMistake(where="lease", what="nobody signs it", now_what="name who does")

    lease = Lease(code="NOT A CODE", title=TITLE)
    with warnings.catch_warnings(record=True):
        warnings.simplefilter("always")
        found = [each.what for each in (*lease.mistakes(), *lease.mistakes_in(SAMPLE))]
    assert found[-2:] == ["it has no end", "nobody signs it"]
    assert len(found) > 2  # those of what it stands on


def test_a_part_of_today_is_overridden_without_a_word():
    with warnings.catch_warnings():
        warnings.simplefilter("error")

        class Tide(Part, frozen=True, kw_only=True, omit_defaults=True, tag="tide"):
            def mistakes(self) -> Iterator[DeclarationMistake]:
                yield from super().mistakes()

        assert list(Tide(code="high", title=TITLE).mistakes()) == []


def test_what_a_case_of_the_pretend_desk_was_called_is_still_read():
    sent = Submission(
        type=SAMPLE.code, language="fr", channel="portal", answers={}, attachments=(), place=None, requester=Requester()
    )
    then = datetime(2026, 6, 15, 13, tzinfo=UTC)
    case = Case(
        reference="TEST-0001", request_type=SAMPLE, submission=sent, state="new", submitted_at=then, entered_at=then
    )
    with pytest.warns(DeprecationWarning, match=r"Case.demand is called submission now"):
        assert case.demand is sent
    with pytest.warns(DeprecationWarning, match=r"Case.kind is called request_type now"):
        assert case.kind is SAMPLE
