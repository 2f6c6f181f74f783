"""A sentence of a document that could lack what it names is a mistake of its author, unless they know."""

import pytest
from msgspec import structs

from parvis_sdk.conditions import Answered
from parvis_sdk.documents import Document
from parvis_sdk.fields import ShortText
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import PlaceRule
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.text import Text

L = Text(fr="Permis", en="Permit")
SAID = Text(fr="Nous permettons {words} à {place}.", en="We allow {words} at {place}.")
PERMIT = Document(code="permit", title=L, kind="permit", number="P-{number:05}", body=SAID, shows=("words",))
WORDS = ShortText(code="words", label=L)


def mistakes(document=PERMIT, *, field=WORDS, on_moving=None, place="required") -> list[str]:
    form = Form(sections=(Section(code="s", title=L, fields=(field,)),))
    (close,) = SAMPLE.workflow.transitions
    asks = Form(sections=(Section(code="s", title=L, fields=(on_moving,)),)) if on_moving else Form()
    moves = (structs.replace(close, brings=("document.permit.issued",), asks=asks),)
    workflow = structs.replace(SAMPLE.workflow, transitions=moves)
    request_type = structs.replace(SAMPLE, form=form, workflow=workflow, place=PlaceRule(need=place))
    return [str(each) for each in document.mistakes_in(request_type)]


def test_what_is_always_answered_may_be_named():
    assert mistakes() == []
    assert mistakes(field=structs.replace(WORDS, required=False), on_moving=WORDS) == []


@pytest.mark.parametrize(
    "field", [structs.replace(WORDS, required=False), structs.replace(WORDS, show_when=Answered(field="other"))]
)
def test_what_may_go_unanswered_is_told_to_its_author(field):
    (mistake,) = mistakes(field=field)
    assert "{words} may have no answer, and its sentence would be missing" in mistake
    assert "have 'words' answered in any case, or name it in `may_lack`" in mistake
    assert mistakes(structs.replace(PERMIT, may_lack=("words",)), field=field) == []


def test_a_place_that_need_not_be_given_is_as_well():
    (mistake,) = mistakes(place="optional")
    assert "{place} may have no answer" in mistake
