"""Days that cannot be: an end before the beginning, an insurance that is over too soon, at every door of the town."""

from datetime import UTC, datetime
from itertools import pairwise

import httpx
import pytest

from parvis.app import create_app
from parvis.clock import moved_to
from parvis.example_towns import town_folder
from parvis.people.tokens import make_token
from parvis.settings import Settings
from parvis_complaints import plugin as complaints
from parvis_fees.charges import charges_of
from parvis_permits import plugin as permits
from parvis_reports import plugin as reports
from parvis_sdk.fields import Date
from parvis_sdk.obligations import Obligation
from parvis_sdk.problems import Problems
from parvis_sdk.workflow import Denied
from parvis_testing.modules import switch

from .test_lives_of_permits import DRAWN, OCCUPIED, PICTURE, REQUESTED, Case, apply, opened  # isort: skip

NOW = datetime(2026, 6, 1, 15, tzinfo=UTC)
RANGES = {
    "construction": {("starts_on", "ends_on")},
    "occupation": {("starts_on", "ends_on"), ("starts_on", "insured_until")},
    "event": {("starts_on", "ends_on")},
    "tree_felling": {("valid_until", "plant_before")},
}


@pytest.fixture
async def town(database_url, tmp_path):
    async with opened(database_url, tmp_path) as host:
        yield host


@pytest.fixture
async def api(database_url, tmp_path):
    given = Settings(territory=town_folder(), secret_key="s" * 40, data=tmp_path, database=database_url, worker=False)
    app = create_app(given)
    transport = httpx.ASGITransport(app=app)
    async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000/api/v1") as http:
        await switch(app.state.deployment.host, "on")
        yield http, app.state.deployment.host


SHIPPED = [request_type for plugin in (permits, complaints, reports) for request_type in plugin.request_types()]


@pytest.mark.parametrize("request_type", SHIPPED, ids=lambda request_type: request_type.code)
def test_every_form_that_asks_two_days_of_a_span_says_which_comes_first(request_type):
    proofs = (proof.form for obligation in request_type.of(Obligation) for proof in obligation.proofs)
    forms = (request_type.form, *(move.asks for move in request_type.workflow.transitions), *proofs)
    compared = set()
    for form in forms:
        days = [field for field in form.fields() if isinstance(field, Date)]
        for before, after in pairwise(days):
            assert after.checks, f"{request_type.code}: nothing compares {after.code} with {before.code}"
            compared |= {(check.must.other, check.must.field) for check in after.checks}
    assert compared == RANGES.get(request_type.code, set())


async def filed(http, **answers):
    sent = await http.post("/attachments", files={"file": ("police.png", PICTURE, "image/png")})
    more = {
        "description": "Un échafaudage",
        "insurance": [sent.json()["id"]],
        "insured_amount": 2_000_000_00,
        "declaration": True,
    }
    body = {
        "type": "occupation",
        "answers": OCCUPIED | more | answers,
        "upload": sent.json()["upload"],
        "place": DRAWN,
        "requester": REQUESTED,
    }
    return await http.post("/requests", json=body)


async def test_no_permit_is_asked_for_that_ends_before_it_begins_or_is_not_insured_when_it_begins(api):
    http, host = api
    with moved_to(NOW):
        cases = (
            ({"ends_on": "2026-06-09"}, "ends_on", "Le dernier jour ne peut pas précéder le premier, le 10 juin 2026."),
            (
                {"insured_until": "2026-06-09"},
                "insured_until",
                "L’assurance doit être encore valide le premier jour, le 10 juin 2026.",
            ),
            (
                {"closes": "lane", "insured_amount": 1_500_000_00},
                "insured_amount",
                "Pour fermer une voie ou la rue, l’assurance doit couvrir au moins 2\u00a0000\u00a0000\u00a0$; la "
                "vôtre couvre 1\u00a0500\u00a0000\u00a0$.",
            ),
        )
        for answers, path, said in cases:
            refused = await filed(http, **answers)
            assert refused.status_code == 422, refused.text
            (error,) = (each for each in refused.json()["errors"] if each["path"] != "answers.traffic_plan")
            assert (error["path"], error["code"], error["message"]) == (f"answers.{path}", "check", said)
        taken = await filed(http, insured_until="2026-06-20")  # and renewed in time, or the permit is suspended
        assert taken.status_code == 201, taken.text
        token, _ = await make_token(
            host.engine, name="Pont", jurisdiction="parvis", scopes=("requests:read", "requests:write")
        )
        path, headers = f"/requests/{taken.json()['reference']}", {"Authorization": f"Bearer {token}"}
        asked = (await http.get(path, headers=headers)).json()
        later = {"answers": asked["answers"] | {"starts_on": "2026-07-02"}, "version": asked["version"]}
        corrected = await http.patch(path, json=later, headers=headers)
        assert [each["path"] for each in corrected.json()["errors"]] == ["answers.ends_on", "answers.insured_until"]
        body = {"answers": OCCUPIED | {"ends_on": "2026-06-09"}, "place": DRAWN}
        estimated = await http.post("/request-types/occupation/estimate", json=body)
        assert [each["path"] for each in estimated.json()["errors"]] == ["answers.ends_on"]


async def test_no_certificate_is_taken_that_was_over_before_the_first_day_of_an_occupation(api):
    """Else it counted as proof that the occupation is insured."""
    http, host = api
    with moved_to(NOW):
        taken = (await filed(http, insured_until="2026-06-20")).json()
    case = Case(host, taken["reference"])
    await case.decided()
    await case.pays()

    async def proved(until):
        with moved_to(case.now):
            sent = (await http.post("/attachments", files={"file": ("police.png", PICTURE, "image/png")})).json()
            body = {"answers": {"insurance": [sent["id"]], "insured_until": until}, "upload": sent["upload"]}
            path, key = f"/requests/{taken['reference']}", {"key": taken["key"]}
            (owed,) = (await http.get(f"{path}/granted", params=key)).json()["obligations"]
            return await http.post(f"{path}/obligations/{owed['id']}/proof", params=key, json=body)

    refused = await proved("2026-06-09")
    assert refused.status_code == 422, refused.text
    (error,) = refused.json()["errors"]
    assert (error["path"], error["code"]) == ("answers.insured_until", "check")
    assert "10 juin 2026" in error["message"]
    assert (await proved("2026-06-28")).status_code == 200
    await case.wait_until(datetime(2026, 6, 29, 4, tzinfo=UTC))
    assert (await proved("2026-07-20")).status_code == 200


async def test_a_permit_of_the_past_that_ends_before_it_begins_is_not_charged_for_no_day(town):
    """Else zero days cost nothing, and nobody is told."""
    case = await apply(town, "occupation", OCCUPIED | {"ends_on": "2026-06-09"}, DRAWN)
    await case.studied()
    refused = await case.asks("approve")
    assert isinstance(refused, Denied)
    assert "Dernier jour" in refused.reason.fr
    assert "Premier jour" in refused.reason.fr
    assert "Last day" in refused.reason.to("en")
    assert await charges_of((await case.record()).id) == ()


async def test_an_occupation_is_not_prolonged_to_a_day_before_it_began(town):
    case = await apply(town, "occupation", OCCUPIED | {"starts_on": "2026-06-28"}, DRAWN)
    await case.decided()
    await case.pays()
    await case.wait_until(datetime(2026, 7, 2, 4, tzinfo=UTC))
    case.now = datetime(2026, 6, 27, 15, tzinfo=UTC)
    refused = await case.asks("renew", ends_on="2026-06-27")
    assert isinstance(refused, Problems)
    assert [(each.path, each.code) for each in refused.found] == [("ends_on", "check")]
