"""What the API tells is what it takes: read, written back and read again, nothing has become another amount or day."""

from random import Random
from typing import get_args

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from msgspec import structs

from parvis import clock
from parvis.app import create_app
from parvis.example_towns import town_folder
from parvis.jurisdictions.calendars import local_day
from parvis.people.throttle import Pace
from parvis.plugins import DiscoveredPlugin
from parvis.settings import Settings
from parvis_sdk import fields as kinds
from parvis_sdk.conditions import AtLeast
from parvis_sdk.fields import PUBLIC, AnyField
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import RequestType, Retention
from parvis_sdk.testing.answers import answers_for
from parvis_sdk.workflow import Transition, Workflow
from parvis_testing.api import HERE, ZOE, calling
from parvis_testing.town import THEME, plugin_of, said, states, transitions, with_own_deployment

OPTIONS = tuple(kinds.Option(code=code, label=said(code)) for code in ("small", "large", "huge"))


def asked(kind, code, **given):
    return kind(code=code, label=said(code), privacy=PUBLIC, **given)


PLAIN = (
    asked(kinds.ShortText, "name", required=False),
    asked(kinds.LongText, "story", required=False),
    asked(kinds.Email, "email", required=False),
    asked(kinds.Phone, "phone", required=False),
    asked(kinds.Number, "height", decimals=2, required=False),
    asked(kinds.Number, "trees", required=False),
    asked(kinds.Money, "cost", least=-1_000_000, required=False),
    asked(kinds.Date, "day", required=False),
    asked(kinds.Time, "hour", required=False),
    asked(kinds.YesNo, "danger", required=False),
    asked(kinds.OneOf, "size", options=OPTIONS, required=False),
    asked(kinds.SeveralOf, "sizes", options=OPTIONS, required=False),
    asked(kinds.Address, "home", required=False),
    asked(kinds.Consent, "agree", statement=said("J’accepte"), required=False),
    asked(kinds.PlaceField, "spot", shapes=("point", "line", "polygon"), required=False),
)
FILES = (asked(kinds.Photo, "photos", most=1, required=False), asked(kinds.File, "plan", most=1, required=False))
OF_A_LAMP = tuple(structs.replace(field, code=f"lamp_{field.code}") for field in PLAIN)
GROUP = asked(kinds.Group, "lamps", item=said("Lampe"), most=3, fields=OF_A_LAMP, required=False)
NEVER_ASKED = (
    asked(kinds.Information, "note", body=said("À savoir")),
    asked(kinds.PlaceFact, "zone", layer="zoning", name="zone"),
)
DEAR = asked(kinds.ShortText, "why_dear", required=False, required_when=AtLeast(field="cost", value=100_000))


def form(*fields):
    return Form(sections=(Section(code="all", title=said("Tout"), fields=fields),))


EVERYTHING = RequestType(
    code="everything",
    title=said("Tout"),
    summary=said("Tout"),
    slug=said("tout"),
    theme=THEME,
    form=form(*PLAIN, *FILES, GROUP, *NEVER_ASKED, DEAR),
    workflow=Workflow(
        states=states(),
        transitions=(
            *transitions(),
            *(
                Transition(code=code, title=said(code), sources=sources, target="working", asks=form(*PLAIN, GROUP))
                for code, sources in (("credit", ("received",)), ("credit_again", ("working",)))
            ),
        ),
    ),
    retention=Retention(days=365),
)
COST = {"type": "everything", "requester": ZOE, "place": HERE}


@pytest.fixture(scope="module")
def asking_app(tmp_path_factory):
    """An application of a town that asks everything."""
    given = Settings(territory=town_folder(), secret_key="s" * 40, data=tmp_path_factory.mktemp("asking"), worker=False)
    return create_app(given, plugins=[DiscoveredPlugin.of("town", plugin_of(EVERYTHING))])


@pytest.fixture(scope="module")
def at_first(asking_app):
    return asking_app.state.dict()


@pytest.fixture
async def api(database_url, tmp_path, asking_app, at_first):
    own = structs.replace(at_first["deployment"].settings, data=tmp_path, database=database_url)
    with_own_deployment(asking_app, at_first, own)
    async with calling(asking_app) as api:
        api.machine = await api.token("requests:read", "requests:write", "contacts:read")
        yield api


def test_every_kind_of_field_of_the_sdk_is_among_those_that_are_tried():
    assert {type(field) for field in EVERYTHING.form.fields()} == set(get_args(AnyField))


async def with_files(api, answers, picture):
    """The answers with files that are there, and the word under which they were sent."""
    upload = ""
    for field in FILES:
        if field.code in answers:
            name = {"file": ("vue.jpg", picture, "image/jpeg")}
            sent = await api.http.post("/api/v1/attachments", files=name, params={"upload": upload} if upload else {})
            assert sent.status_code == 201, sent.text
            upload = sent.json()["upload"]
            answers = answers | {field.code: [sent.json()["id"]]}
    return answers, upload


async def read(api, reference):
    return (await api.get(f"/requests/{reference}", api.machine)).json()


async def test_a_permit_read_by_api_and_written_back_is_not_a_hundred_times_dearer(api):
    filed = await api.post("/requests", COST | {"answers": {"cost": 150_050, "why_dear": "or"}})
    assert filed.status_code == 201, filed.text
    reference = filed.json()["reference"]
    before = await read(api, reference)
    body = {"answers": before["answers"], "version": before["version"]}
    back = await api.http.patch(f"/api/v1/requests/{reference}", json=body, headers=api.machine)
    assert back.status_code == 200, back.text
    assert back.json()["answers"]["cost"] == 150_050
    moved = {"transition": "credit", "answers": {"cost": 11_820}, "version": back.json()["version"]}
    assert (await api.post(f"/requests/{reference}/moves", moved, api.machine)).status_code == 200
    story = (await api.get(f"/requests/{reference}/story", api.machine)).json()["items"]
    assert {"code": "cost", "label": "cost", "value": 11_820} in story[-1]["answers"]


def unhurried(api):
    """Forget how often this caller has called."""
    api.host.memory.pop(Pace, None)


SETTINGS = settings(max_examples=15, deadline=None, suppress_health_check=[*HealthCheck])


@SETTINGS
@given(seed=st.integers(0, 2**32 - 1))
@example(seed=1)
async def test_whatever_is_read_by_api_can_be_written_back_and_reads_the_same(api, picture, seed):
    unhurried(api)
    today = local_day(api.host.jurisdictions.jurisdiction("parvis").calendar, clock.now())
    right = answers_for(EVERYTHING.form, Random(seed), today=today).native
    right, upload = await with_files(api, right, picture)
    filed = await api.post("/requests", COST | {"answers": right, "upload": upload})
    assert filed.status_code == 201, filed.text
    reference = filed.json()["reference"]
    first = await read(api, reference)
    schema = (await api.get("/request-types/everything")).json()["schema"]
    told = {code: value for code, value in first["answers"].items() if code != "zone"}
    Draft202012Validator(schema).validate(told)
    path = f"/api/v1/requests/{reference}"
    body = {name: first[name] for name in ("answers", "place", "version")}
    back = await api.http.patch(path, json=body, headers=api.machine)
    assert back.status_code == 200, back.text
    second = await read(api, reference)
    assert (second["answers"], second["place"]) == (first["answers"], first["place"])
    contact = first["requester"] | {"version": second["version"]}
    kept = await api.http.put(f"{path}/contact", json=contact, params={"key": filed.json()["key"]})
    assert kept.status_code == 200, kept.text
    assert (await read(api, reference))["requester"] == first["requester"]


@SETTINGS
@given(seed=st.integers(0, 2**32 - 1))
async def test_answers_to_a_move_told_by_the_story_can_be_given_again(api, seed):
    unhurried(api)
    given_once = answers_for(form(*PLAIN, GROUP), Random(seed)).native
    reference = (await api.post("/requests", COST | {"answers": {}}, api.machine)).json()["reference"]
    told = []
    for code in ("credit", "credit_again"):
        version = (await read(api, reference))["version"]
        answers = told[0] if told else given_once
        body = {"transition": code, "answers": answers, "version": version}
        moved = await api.post(f"/requests/{reference}/moves", body, api.machine)
        assert moved.status_code == 200, moved.text
        entries = (await api.get(f"/requests/{reference}/story", api.machine)).json()["items"]
        told.append({each["code"]: each["value"] for each in entries[-1]["answers"]})
    assert told[0] == told[1]


@pytest.mark.parametrize("amount", ["1500.50", "150050", "1 500,50 $", 1500.5, 1500.0, True, {"cents": 5}])
async def test_an_amount_in_another_unit_than_cents_is_refused_and_never_guessed(api, amount):
    for answers in ({"cost": amount}, {"lamps": [{"lamp_cost": amount}]}):
        path = "cost" if "cost" in answers else "lamps.0.lamp_cost"
        refused = await api.post("/requests", COST | {"answers": answers})
        assert refused.status_code == 422
        (error,) = refused.json()["errors"]
        assert (error["path"], error["code"]) == (f"answers.{path}", "cents")
        assert "150050" in error["message"]
    reference = (await api.post("/requests", COST | {"answers": {}})).json()["reference"]
    body = {"transition": "credit", "answers": {"cost": amount}, "version": 1}
    moved = await api.post(f"/requests/{reference}/moves", body, api.machine)
    assert (moved.status_code, moved.json()["errors"][0]["code"]) == (422, "cents")
    patch = {"answers": {"cost": amount}, "version": 1}
    amended = await api.http.patch(f"/api/v1/requests/{reference}", json=patch, headers=api.machine)
    assert (amended.status_code, amended.json()["errors"][0]["code"]) == (422, "cents")


@pytest.mark.parametrize("cents", [10**12 + 1, 2**63, 10**18, -(10**18)])
async def test_an_amount_that_no_town_or_column_holds_is_refused_with_the_limit_and_never_crashes(api, cents):
    code = "too_large" if cents > 0 else "too_small"
    for answers in ({"cost": cents}, {"lamps": [{"lamp_cost": cents}]}):
        refused = await api.post("/requests", COST | {"answers": answers}, api.machine)
        (error,) = refused.json()["errors"]
        assert (refused.status_code, error["code"]) == (422, code)
        said = error["message"].replace("\u00a0", " ")
        assert ("au plus 10 000 000 000 $" if cents > 0 else "au moins -10 000 $") in said
    for name, kept in (("trees", 10**12), ("height", 0.25 + 10**9)):
        for number in (10**12 + 1, 10**18, 10**40, -(10**18), 1e300):
            refused = await api.post("/requests", COST | {"answers": {name: number}}, api.machine)
            (error,) = refused.json()["errors"]
            assert (refused.status_code, error["code"]) == (422, "too_large" if number > 0 else "too_small")
        assert (await api.post("/requests", COST | {"answers": {name: kept}}, api.machine)).status_code == 201
    filed = await api.post("/requests", COST | {"answers": {"cost": 10**5 - 1}})
    reference, path = filed.json()["reference"], f"/api/v1/requests/{filed.json()['reference']}"
    body = {"transition": "credit", "answers": {"cost": cents}, "version": 1}
    moved = await api.post(f"/requests/{reference}/moves", body, api.machine)
    assert (moved.status_code, moved.json()["errors"][0]["code"]) == (422, code)
    patch = {"answers": {"cost": cents}, "version": 1}
    amended = await api.http.patch(path, json=patch, headers=api.machine)
    assert (amended.status_code, amended.json()["errors"][0]["code"]) == (422, code)


@pytest.mark.parametrize("version", [2**31, 2**63, 10**30])
async def test_a_version_that_no_column_holds_is_refused_and_never_crashes(api, version):
    reference = (await api.post("/requests", COST | {"answers": {}})).json()["reference"]
    path = f"/api/v1/requests/{reference}"
    answers = [
        await api.post(f"/requests/{reference}/moves", {"transition": "credit", "version": version}, api.machine),
        await api.post(f"/requests/{reference}/notes", {"words": "Vu", "version": version}, api.machine),
        await api.post(f"/requests/{reference}/assignment", {"unit": "road", "version": version}, api.machine),
        await api.http.patch(path, json={"answers": {}, "version": version}, headers=api.machine),
    ]
    assert {each.status_code for each in answers} <= {400, 404, 409, 412, 422}, [each.text for each in answers]


async def test_the_schema_tells_the_unit_of_an_amount_and_its_conditions_hold_in_it(api):
    schema = (await api.get("/request-types/everything")).json()["schema"]
    cost = schema["properties"]["cost"]
    assert (cost["type"], cost["minimum"], cost["x-unit"], cost["x-currency"]) == (
        "integer",
        -1_000_000,
        "cents",
        "CAD",
    )
    described = (await api.get("/openapi.json")).json()
    assert cost in [each["properties"]["cost"] for each in answers_in(described)]
    judge = Draft202012Validator(schema)
    for cents in (99_999, 100_000):
        answer = await api.post("/requests", COST | {"answers": {"cost": cents}})
        assert judge.is_valid({"cost": cents}) == (answer.status_code == 201) == (cents < 100_000)


def answers_in(described):
    """Every schema of answers in the description that asks for the cost."""
    level = [described]
    while level:
        level = [inner for each in level for inner in (each.values() if isinstance(each, dict) else each)]
        level = [each for each in level if isinstance(each, dict | list)]
        yield from (each for each in level if isinstance(each, dict) and "cost" in each.get("properties", {}))
