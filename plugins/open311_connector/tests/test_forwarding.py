"""What goes to a neighbour: which requests, once, with what of whom, and what is told of it afterwards."""

import httpx
import pytest
from msgspec import structs

from parvis_open311_connector.connector import connector_for
from parvis_open311_connector.mapping import held_of
from parvis_sdk.errors import Foreign, Later, Refused
from parvis_sdk.events import Amended, Assigned, Erased, Joined, Moved, Replied, Resent, Submitted
from parvis_sdk.fields import PERSONAL, Money, ShortText
from parvis_sdk.requests import Attachment, Phase, Place, Requester
from parvis_sdk.text import Text

from .conftest import NOW, REQUEST, as_json, form_of, neighbour, service

ABOUT = {"id": "e-1", "reference": REQUEST.reference, "at": NOW, "actor": "requester"}
SUBMITTED = Submitted(**ABOUT, type="hole", state="received")
MOVED = Moved(**ABOUT, type="hole", transition="forward", source="received", target="received")
RESENT = Resent(**ABOUT)


def told(connection, event=SUBMITTED, request=REQUEST, **more):
    return connector_for(neighbour(**more), {"rivemont": "asphalte"}).deliver(event, request, connection)


def after(request, outcome):
    """The request once what a delivery answered is kept."""
    kept = {name: value for name, value in {**request.remembered, **outcome.remember}.items() if value is not None}
    number = {"rivemont": outcome.external_reference} if outcome.external_reference else {}
    return structs.replace(request, remembered=kept, external_references={**request.external_references, **number})


async def test_a_report_says_what_the_settings_map_and_which_request_it_is(lend, endpoint):
    columns = {"description": "answers.words", "attribute[sorts][]": {"source": "answers.sorts", "codes": {"a": "x"}}}
    outcome = await told(lend(), services=(service(columns=columns),), jurisdiction_id="rivemont.example")
    sent = form_of(endpoint.asked[-1])
    assert outcome.external_reference == "R-1"
    assert sent["description"] == "Gros trou\n\n[Parvis TEST-0001]"
    assert (sent["lat"], sent["long"], sent["address_string"]) == ("45.523600", "-73.580700", "1234, rue Rachel Est")
    assert (sent["api_key"], sent["jurisdiction_id"], sent["attribute[sorts][]"]) == (
        "asphalte",
        "rivemont.example",
        "x",
    )


@pytest.mark.parametrize(
    ("where", "fits"),
    [({"unit": ("rivemont",)}, True), ({"unit": ("roads",)}, False), ({"answers.sorts": ("b",)}, True),
     ({"answers.road": ("ministry",)}, False)],
)  # fmt: skip
async def test_conditions_say_whose_it_is(lend, where, fits):
    assert bool(await told(lend(), services=(service(where=where),))) == fits


async def test_what_is_assigned_later_goes_later(lend):
    of_others = structs.replace(REQUEST, unit="roads")
    where = {"services": (service(where={"unit": ("rivemont",)}),)}
    assert await told(lend(), SUBMITTED, of_others, **where) is None
    assert (await told(lend(), Assigned(**ABOUT, unit="rivemont"), REQUEST, **where)).external_reference == "R-1"


async def test_a_move_of_ours_may_be_what_sends_it(lend):
    services = {"services": (service(after=("forward",)),)}
    assert await told(lend(), SUBMITTED, **services) is None
    assert await told(lend(), structs.replace(MOVED, transition="plan"), **services) is None
    closed = structs.replace(REQUEST, phase=Phase.CLOSED)
    assert (await told(lend(), MOVED, closed, **services)).external_reference == "R-1"


async def test_an_answer_that_was_lost_files_nothing_twice(lend, endpoint):
    lost = []

    def answers(asked):
        answer = endpoint(asked)
        if asked.method == "POST" and not lost:
            lost.append(answer)
            raise httpx.ReadTimeout("no answer", request=asked)
        return answer

    with pytest.raises(Later):
        await told(lend(answers))
    assert (await told(lend(answers))).external_reference == "R-1"
    assert len(endpoint.filed) == 1


async def test_a_pages_of_theirs_are_looked_through_though_they_know_none(lend, endpoint):
    endpoint.filed = [{"service_request_id": f"X-{number}", "description": ""} for number in range(300)]
    assert (await told(lend())).external_reference == "R-301"
    assert sum(asked.method == "GET" for asked in endpoint.asked) == 2


async def test_our_reference_may_be_an_attribute(lend, endpoint):
    by_attribute = {"reference_in": "attribute[theirs]", "extensions": True}
    assert (await told(lend(), **by_attribute)).external_reference == "R-1"
    assert form_of(endpoint.asked[-1])["attribute[theirs]"] == "TEST-0001"
    endpoint.filed[0]["attributes"] = [{"code": "theirs", "value": "TEST-0001"}]
    assert (await told(lend(), **by_attribute)).external_reference == "R-1"
    assert len(endpoint.filed) == 1


async def test_what_came_from_there_does_not_go_back(lend, endpoint):
    theirs = structs.replace(REQUEST, external_references={"open311:Rivemont": "R-77"})
    outcome = await told(lend(), SUBMITTED, theirs, files_here_as="Rivemont")
    assert "n’y est pas renvoyée" in outcome.note.fr
    assert await told(lend(), SUBMITTED, after(theirs, outcome), files_here_as="Rivemont") is None
    assert (outcome.external_reference, endpoint.asked) == ("", [])


async def test_the_way_that_a_request_came_goes_along(lend, endpoint):
    theirs = structs.replace(REQUEST, external_references={"open311:Autrui": "7K3M-9QXT-4", "crm": "CAS-1"})
    assert (await told(lend(), SUBMITTED, theirs, files_here_as="Rivemont")).external_reference == "R-1"
    assert endpoint.filed[0]["description"].endswith("\n\n[Parvis 7K3M-9QXT-4] [Parvis TEST-0001]")
    assert (await told(lend(), SUBMITTED, theirs, files_here_as="Rivemont")).external_reference == "R-1"


async def test_a_merged_request_does_not_go_there_and_one_taken_apart_does(lend):
    merged = structs.replace(REQUEST, goes_on_with="TEST-0002", phase=Phase.CLOSED)
    assert await told(lend(), Joined(**ABOUT, did="joined", now=Text(fr="")), merged) is None
    assert await told(lend(), Joined(**ABOUT, did="parted", now=Text(fr="")), REQUEST) is not None


PERSON = {
    "services": (
        service(columns={"description": "answers.words", "email": "requester.email", "phone": "requester.phone"}),
    )
}
NAMED = structs.replace(
    REQUEST,
    requester=Requester(name="Zoé Côté", email="zoe@exemple.ca"),
    questions={"words": ShortText(code="words", label=Text(fr="Mots"), privacy=PERSONAL)},
)


@pytest.mark.parametrize(
    ("needs", "mode", "email", "words"),
    [
        ((), "named", None, "Trou"),
        (("contact",), "named", "zoe@exemple.ca", "Trou"),
        (("contact", "personal"), "named", "zoe@exemple.ca", "Gros trou"),
        (("contact", "personal"), "confidential", None, "Trou"),
        (("contact", "personal"), "anonymous", None, "Trou"),
    ],
)
async def test_a_person_goes_there_as_far_as_the_town_lets_them(lend, endpoint, needs, mode, email, words):
    request = structs.replace(NAMED, requester=structs.replace(NAMED.requester, mode=mode))
    await told(lend(), SUBMITTED, request, needs=needs, **PERSON)
    sent = form_of(endpoint.asked[-1])
    assert (sent.get("email"), sent["description"].partition("\n")[0]) == (email, words)


async def test_pictures_go_along_where_they_may(lend, endpoint):
    async def content(id):
        return b"\x89PNG"

    picture = Attachment(id="f-1", name="trou.png", kind="image/png", size=4)
    request = structs.replace(REQUEST, attachments=(picture,))
    await told(lend(content=content), SUBMITTED, request, photos="media", needs=("attachments",))
    assert b'name="media"; filename="trou.png"' in endpoint.asked[-1].content
    await told(lend(content=content), SUBMITTED, structs.replace(request, reference="TEST-0002"), photos="media")
    assert b"PNG" not in endpoint.asked[-1].content
    held = structs.replace(request, reference="TEST-0003", attachments=(structs.replace(picture, state="held"),))
    with pytest.raises(Later, match="scanned"):
        await told(lend(content=content), SUBMITTED, held, photos="media", needs=("attachments",))


async def test_a_refusal_is_told_on_the_desk_with_its_code_and_a_correction_sends_it_again(lend, endpoint):
    wrong = [{"code": "400", "description": "attribute[size] is required"}]

    def answers(asked):
        return as_json(wrong, 400) if asked.method == "POST" else endpoint(asked)

    outcome = await told(lend(answers))
    assert outcome.note.fr == "Ville de Rivemont a refusé la requête (400)\u00a0: attribute[size] is required"
    assert [each.title.en for each in outcome.tasks] == ["Contact another way: City of Rivemont"]
    refused = after(REQUEST, outcome)
    amended = Amended(**ABOUT, changed=("answers",))
    assert await told(lend(), amended, refused) is None  # the same once more
    corrected = structs.replace(refused, answers={"words": "Petit trou"})
    outcome = await told(lend(), amended, corrected)
    assert (outcome.external_reference, outcome.tasks_over[0].result) == ("R-1", "done")


async def test_a_request_without_a_place_is_for_people(lend, endpoint):
    outcome = await told(lend(), SUBMITTED, structs.replace(REQUEST, place=Place()))
    assert "ni point ni adresse" in outcome.note.fr
    assert endpoint.asked == []


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        (401, [], Later), (403, [{"code": "403", "description": "api_key was invalid"}], Later),
        (404, "<html><body>Not found</body></html>", Refused), (400, {"error": {"message": "no"}}, Refused),
        (302, [], Later), (500, [], Later), (503, [], Later), (429, [], Later),
        (200, [], Later), (200, [{}], Later), (200, "<!DOCTYPE html><html></html>", Later), (200, "[{", Later),
        (200, [{"code": 500, "description": "boom"}], Later), (200, {"errors": []}, Later), (200, [None], Later),
        (200, [{"service_request_id": None, "token": ""}], Later), (200, [{"service_request_id": "9" * 200}], Later),
        (200, "[" * 5000, Later), (200, "9" * 6000, Later), (200, [{"service_request_id": float("nan")}], Later),
    ],
)  # fmt: skip
async def test_what_each_answer_to_a_report_means(lend, endpoint, status, said, kind):
    def answers(asked):
        if asked.method == "GET":
            return endpoint(asked)
        return httpx.Response(status, text=said) if isinstance(said, str) else as_json(said, status)

    with pytest.raises(kind):
        await told(lend(answers))


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ('[{"service_request_id": 4711}]', "4711"),
        ('[{"service_request_id": 4711.0}]', "4711"),
        ('\ufeff{"service_requests": [{"service_request_id": "A-1"}]}', "A-1"),
        ('{"service_requests": {"request": {"service_request_id": "A-1"}}}', "A-1"),
        ('<?xml version="1.0" encoding="UTF-8"?>\n<service_requests><request><service_request_id>A-1'
         "</service_request_id></request></service_requests>", "A-1"),
        ('<x:service_requests xmlns:x="urn:x" type="array"><x:request><x:service_request_id>A-1'
         "</x:service_request_id></x:request></x:service_requests>", "A-1"),
    ],
)  # fmt: skip
async def test_numbers_come_in_many_shapes(lend, endpoint, said, number):
    def answers(asked):
        return endpoint(asked) if asked.method == "GET" else httpx.Response(201, content=said.encode())

    assert (await told(lend(answers))).external_reference == number


async def test_a_token_is_kept_until_there_is_a_number(lend, endpoint):
    def answers(asked):
        return endpoint(asked) if asked.method == "GET" else as_json([{"token": 77}])

    outcome = await told(lend(answers))
    assert (held_of(outcome.remember).token, outcome.external_reference) == ("77", "")
    with pytest.raises(Later, match="not known yet"):
        await told(lend(answers), MOVED, after(REQUEST, outcome), tells=("moved",))


async def test_a_black_box_gives_no_number(lend, endpoint):
    def answers(asked):
        return endpoint(asked) if asked.method == "GET" else as_json([{"account_id": ""}])

    outcome = await told(lend(answers), services=(service(blackbox=True),))
    assert "ne donne pas de numéro" in outcome.note.fr
    assert await told(lend(answers), RESENT, after(REQUEST, outcome)) is None


async def test_steps_are_posted_as_updates_once_by_the_id_of_their_event(lend, endpoint):
    filed = after(REQUEST, await told(lend()))
    tells = {"tells": ("moved", "replied"), "statuses": {"received": "INVESTIGATING"}}
    outcome = await told(lend(), MOVED, structs.replace(filed, state_title=Text(fr="Reçue")), **tells)
    assert outcome.external_reference == "R-1"
    assert endpoint.updates[0] | {"api_key": ""} == {
        "api_key": "", "service_request_id": "R-1", "update_id": "e-1", "updated_datetime": "2026-11-25T12:00:00Z",
        "status": "INVESTIGATING", "description": "Étape\u00a0: Reçue",
    }  # fmt: skip
    replied = Replied(**ABOUT, entry=3)
    with_words = structs.replace(filed, words="Bonjour Zoé")
    await told(lend(), replied, with_words, **tells)
    await told(lend(), replied, with_words, **tells, words=True)
    assert [each["description"] for each in endpoint.updates[1:]] == ["La Ville a écrit à la personne.", "Bonjour Zoé"]
    assert (await told(lend(), RESENT, filed, **tells)).external_reference == "R-1"
    assert endpoint.updates[-1]["description"] == "Étape\u00a0: received"
    assert await told(lend(), structs.replace(MOVED, actor="rivemont"), filed, **tells) is None
    assert await told(lend(), MOVED, filed) is None
    endpoint.filed[0]["service_request_id"] = "R-2"

    def answers(asked):
        return as_json([{"update_id": "1", "service_request_id": "R-2"}])

    with pytest.raises(Foreign):
        await told(lend(answers), MOVED, filed, **tells)


async def test_an_erasure_is_told_or_left_to_people(lend, endpoint):
    gone = structs.replace(REQUEST, external_references={"rivemont": "R-1"})
    assert await told(lend(), Erased(**ABOUT), gone) is None
    with pytest.raises(Refused, match="R-1"):
        await told(lend(), Erased(**ABOUT), gone, needs=("contact",))
    await told(lend(), Erased(**ABOUT), gone, needs=("contact",), tells=("moved",))
    assert "détruire les vôtres" in endpoint.updates[0]["description"]


async def test_a_request_may_go_there_anew(lend, endpoint):
    filed = after(REQUEST, await told(lend()))
    again = {"services": (service(again=("reopen",)),)}
    reopened = structs.replace(MOVED, transition="reopen")
    assert await told(lend(), reopened, filed, **again) is None
    over = structs.replace(filed, remembered={"filed": filed.remembered["filed"] | {"closed": "2026-11-25T12:00:00Z"}})
    assert (await told(lend(), reopened, over, **again)).external_reference == "R-2"
    assert "[Parvis TEST-0001/2]" in endpoint.filed[1]["description"]


def row_of(words, **more):
    shown = {"service_request_id": "R-9", "status": "closed", "service_code": "pothole"}
    shown |= {"lat": 45.5236, "long": -73.5807, "requested_datetime": "2026-11-25T12:00:00Z"}
    return shown | {"description": words} | more


@pytest.mark.parametrize(
    "row",
    [
        row_of("Comme [Parvis TEST-0001], ici"),
        row_of("[Parvis TEST-0001]\nautre chose"),
        row_of("Trou\n\n[Parvis TEST-0001] [Parvis AUTRE-1]"),
        row_of("Trou\n\n[Parvis TEST-0001]", requested_datetime="2026-11-25T11:30:00Z"),
        row_of("Trou\n\n[Parvis TEST-0001]", service_code="noise"),
        row_of("Trou\n\n[Parvis TEST-0001]", lat=45.5336),
        row_of("Trou\n\n[Parvis TEST-0001]", lat=None, address="9, rue d’Ailleurs"),
        row_of("Trou", attributes=[{"code": "note", "value": "TEST-0001"}]),
    ],
)
async def test_a_report_of_somebody_else_that_names_our_request_is_passed_over(lend, endpoint, row):
    endpoint.filed = [row]
    assert (await told(lend())).external_reference == "R-2"
    assert (await told(lend())).external_reference == "R-2"  # found behind the other one
    assert len(endpoint.filed) == 2


@pytest.mark.parametrize("more", [{}, {"reference_in": "attribute[theirs]"}])
async def test_a_reference_that_somebody_typed_is_none_there(lend, endpoint, more):
    typed = structs.replace(REQUEST, answers={"words": "Trou\n[Parvis AUTRE-1]"}, reference="TEST-0003")
    await told(lend(), SUBMITTED, typed, **more)
    assert form_of(endpoint.asked[-1])["description"].startswith("Trou\n(Parvis AUTRE-1)")


@pytest.mark.parametrize("cents", [0, 1, 99, 100, 150050, 10**11 + 1])
async def test_an_amount_goes_there_in_units_of_its_currency(lend, endpoint, cents):
    field = Money(code="amount", label=Text(fr="Montant"))
    request = structs.replace(REQUEST, answers={"amount": cents}, questions={"amount": field})
    await told(lend(), SUBMITTED, request, services=(service(columns={"attribute[amount]": "answers.amount"}),))
    sent = form_of(endpoint.asked[-1])["attribute[amount]"]
    assert sent == f"{cents // 100}.{cents % 100:02}"
