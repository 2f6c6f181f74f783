"""Kinds of part: one that nobody planned for, those of former days, those that nobody here knows."""

import hashlib
import json

import msgspec
import pytest
from msgspec import structs

from parvis_sdk.parts import Fact, Part, UnknownPart
from parvis_sdk.request_types import RequestType, ServiceLevel, dump_type, load_type, nouns_of
from parvis_sdk.supplements import Supplement
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.text import Text
from parvis_sdk.validity import Validity

L = Text(fr="Audience", en="Hearing")


class Hearing(Part, frozen=True, kw_only=True, omit_defaults=True, tag="hearing"):
    """A public hearing that is announced so many days ahead."""

    FACTS = {"announced": Fact(title=L, brought=True), "held": Fact(title=L)}
    days: int = 15

    def mistakes_in(self, request_type):
        if request_type.place.need == "none":
            yield from Validity(code="NOT A CODE", title=L).mistakes()


LEVEL = ServiceLevel(code="usual", title=L, business_days=5)
HEARING = Hearing(code="public", title=L, days=20)
HEARD = structs.replace(SAMPLE, parts=(Validity(code="permit", title=L, months=12), HEARING))
DIGEST = "5bb3c90494659bb2916ecbf739fd9eeab0cae9d147228bdd5b0abc8ca8243171"
FORMER = {
    "fees": [{"code": "permit", "title": {"fr": "Frais"}, "tariffs": []}],
    "validity": [
        {"code": "permit", "title": {"fr": "Permis"}, "months": 12},
        {"code": "use", "title": {"fr": "Usage"}},
    ],
    "supplements": [{"code": "file", "title": {"fr": "Dossier"}, "days": 10}],
}


def test_a_kind_of_part_that_nobody_planned_for_is_one_class():
    assert (Hearing.part, HEARING.part) == ("hearing", "hearing")
    assert HEARD.of(Hearing) == (HEARING,)
    assert HEARD.part(Hearing, "public") == HEARING
    assert HEARD.part(Hearing, "permit") is None
    assert HEARD.part_of("hearing.public.held") == (HEARING, "held")
    assert {"hearing.public.announced", "validity.permit.valid"} <= HEARD.facts().keys()
    assert load_type(dump_type(HEARD), nouns_of(HEARD)) == HEARD
    assert list(HEARD.mistakes()) == []
    (mistake,) = structs.replace(SAMPLE, place=structs.replace(SAMPLE.place, need="none"), parts=(HEARING,)).mistakes()
    assert "cannot be a code" in str(mistake)


def test_a_kind_of_part_has_a_word_of_its_own():
    class Wordless(Part, frozen=True):
        """A kind whose author forgot its word."""

    (mistake,) = Wordless(code="a", title=L).mistakes()
    assert 'write `tag="..."`' in str(mistake)


def test_what_nobody_here_can_read_stays_as_it_was_stored():
    stored = dump_type(HEARD).replace(b'"days":20', b'"days":  20')
    read = load_type(stored)
    assert read.of(Validity) == HEARD.of(Validity)
    (unknown,) = read.of(UnknownPart)
    assert (unknown.part, unknown.code, unknown.title) == ("hearing", "public", L)
    assert b'"days":  20' in bytes(unknown.stored)
    assert dump_type(read) == stored
    assert load_type(dump_type(read), {"hearing": Hearing}).of(Hearing) == (HEARING,)


def test_a_kind_that_forgot_how_it_wrote_strands_nothing():
    stored = dump_type(HEARD).replace(b'"days":20', b'"days":"twenty"')
    (unknown,) = load_type(stored, nouns_of(HEARD)).of(UnknownPart)
    assert unknown.part == "hearing"


def test_a_kind_may_read_what_an_earlier_version_wrote():
    class Later(Hearing, frozen=True, kw_only=True, omit_defaults=True, tag="hearing"):
        """The same kind, which counts weeks now."""

        weeks: int = 0

        @classmethod
        def read(cls, stored):
            raw = msgspec.json.decode(stored)
            return msgspec.convert(raw | {"weeks": raw.pop("days", 0) // 7}, cls)

    assert load_type(dump_type(HEARD), {"hearing": Later}).of(Later)[0].weeks == 2


def test_a_declaration_of_former_days_opens_as_it_was_meant():
    stored = json.dumps(json.loads(dump_type(SAMPLE)) | FORMER)
    request_type = load_type(stored)
    assert [(part.part, part.code) for part in request_type.parts] == [
        ("validity", "permit"),
        ("validity", "use"),
        ("supplement", "file"),
        ("fee", "permit"),
    ]
    assert request_type.part(Validity, "permit").months == 12
    assert request_type.part(Supplement, "file").days == 10
    assert load_type(dump_type(request_type)) == request_type


def test_a_declaration_without_parts_is_stored_as_in_former_days():
    # Requests are pinned to declarations by this digest: a plugin that changed nothing declares nothing new.
    assert hashlib.sha256(dump_type(SAMPLE)).hexdigest() == DIGEST


def test_a_field_of_former_days_is_told_how_it_is_written_now():
    given = {name: getattr(SAMPLE, name) for name in ("code", "title", "summary", "slug", "theme", "form", "workflow")}
    with pytest.raises(TypeError, match=r"fees=\(\.\.\.\) is written parts=\(Fee\(\.\.\.\), \.\.\.\)"):
        RequestType(**given, retention=SAMPLE.retention, fees=())


def test_what_is_no_part_is_refused():
    with pytest.raises(TypeError, match="is no part"):
        dump_type(structs.replace(SAMPLE, parts=("hearing",)))


def test_a_type_can_do_without_a_kind_that_it_says_so_of():
    move = SAMPLE.workflow.transitions[0]
    after = structs.replace(move, code="heard", by=("system",), after=("hearing.public.held",), asks=type(move.asks)())
    both = structs.replace(move, brings=("hearing.public.announced", "validity.permit.valid"))
    flow = structs.replace(SAMPLE.workflow, transitions=(both, *SAMPLE.workflow.transitions[1:], after))
    level = structs.replace(LEVEL, code="heard", since="hearing.public.held")
    request_type = structs.replace(HEARD, workflow=flow, optional=("hearing",), service_levels=(level, LEVEL))
    assert request_type.required() == {"validity"}
    assert list(request_type.mistakes()) == []
    left = request_type.without({"hearing"})
    assert (left.of(Hearing), left.optional, left.service_levels) == ((), (), (LEVEL,))
    assert left.workflow.transition("heard") is None
    assert left.workflow.transition(move.code).brings == ("validity.permit.valid",)
    assert request_type.without({"fee"}) is request_type


def test_an_author_hears_what_goes_wrong_without_an_optional_kind():
    said = [str(mistake) for mistake in structs.replace(SAMPLE, optional=("fee",)).mistakes()]
    assert len(said) == 1
    assert "the type has no part of this kind" in said[0]
    move = SAMPLE.workflow.transitions[0]
    only = structs.replace(move, by=("system",), after=("hearing.public.held",), asks=type(move.asks)())
    flow = structs.replace(SAMPLE.workflow, transitions=(only, *SAMPLE.workflow.transitions[1:]))
    found = structs.replace(HEARD, workflow=flow, optional=("hearing",), messages=()).mistakes()
    assert found
    assert all("without hearing" in str(mistake) for mistake in found)


def test_a_step_that_needs_what_nobody_here_knows_is_refused_in_words():
    request_type = load_type(dump_type(HEARD))
    move = structs.replace(SAMPLE.workflow.transitions[0], needs=("hearing.public.held",))
    assert "not installed here" in request_type.not_yet(move, ()).reason.en


def test_a_fact_fills_in_no_name_that_every_message_has():
    class Fair(Part, frozen=True, kw_only=True, tag="fair"):
        FACTS = {"opened": Fact(title=Text(fr="Ouverte", en="Opened"), names=("place", "hall", "reason"))}

    title = Text(fr="Foire", en="Fair")
    request_type = structs.replace(SAMPLE, parts=(Fair(code="spring", title=title),))
    assert [(mistake.where, mistake.what) for mistake in request_type.mistakes()] == [
        ("request type 'sample' · fact 'fair.spring.opened'", "{place} is that of the request in every message")
    ]
