"""What was granted, by the API: its holder and machines of the town do what the pages do, and nobody sees more."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from msgspec import structs

from parvis import clock
from parvis.requests.actors import Actor
from parvis.requests.lifecycle import make_move
from parvis.requests.records import find

from ..licensed import PLANTING

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
GRANTED = datetime(2026, 4, 1, 15, tzinfo=UTC)
PROOF = {"species": "Érable rouge", "planted_on": "2026-05-20", "neighbour": "M. Roy"}


@pytest.fixture
async def granted(api):
    """A planting that was granted: its receipt, and the obligation as the API tells it."""
    deployment = api.app.state.deployment
    plugins = deployment.host.plugins
    plugin = structs.replace(
        plugins.by_name["town"], request_types=(*plugins.by_name["town"].request_types, "planting")
    )
    own = structs.replace(
        plugins,
        by_name=plugins.by_name | {"town": plugin},
        request_types=plugins.request_types | {"planting": PLANTING},
    )
    api.host = replace(deployment.host, plugins=own)
    api.app.state.deployment = replace(deployment, host=api.host)
    with clock.moved_to(GRANTED):
        receipt = await api.filed(type="planting", answers={})
        await make_move(api.host, receipt["reference"], "grant", {}, actor=ANA, mover="agent")
    return receipt


async def told(api, receipt):
    answer = await api.get(f"/requests/{receipt['reference']}/granted", key=receipt["key"])
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_its_holder_reads_until_when_it_holds_and_what_it_demands(api, granted):
    with clock.moved_to(GRANTED):
        said = await told(api, granted)
    (validity,), (obligation,) = said["validities"], said["obligations"]
    assert (validity["state"], validity["last_day"], validity["renewable"]) == ("valid", "2026-06-01", False)
    assert (obligation["state"], obligation["due"]) == ("open", "2026-05-31")
    assert set(obligation["schema"]["properties"]) == {"species", "planted_on", "neighbour"}
    assert "proof" not in obligation


async def test_a_proof_is_sent_with_the_key_and_judged_with_a_token(api, granted):
    reference = granted["reference"]
    with clock.moved_to(datetime(2026, 5, 21, 15, tzinfo=UTC)):
        (obligation,) = (await told(api, granted))["obligations"]
        path = f"/requests/{reference}/obligations/{obligation['id']}"
        wrong = await api.post(f"{path}/proof", {"answers": {"species": ""}}, key=granted["key"])
        assert wrong.status_code == 422
        sent = await api.post(f"{path}/proof", {"answers": PROOF}, key=granted["key"])
        assert sent.json()["obligations"][0]["state"] == "proved"
        assert sent.json()["obligations"][0]["proof"] == PROOF
        token = await api.token("requests:read", "requests:write")
        seen = (await find(api.host, reference)).version
        said = await api.post(f"{path}/decision", {"deed": "send_back", "version": seen}, headers=token)
        assert said.status_code == 422
        back = {"deed": "send_back", "reason": "Quelle essence?"}
        assert (await api.post(f"{path}/decision", back, headers=token)).status_code == 428
        back["version"] = seen
        assert (await api.post(f"{path}/decision", back, headers=token)).json()["obligations"][0]["state"] == "open"
        assert (await api.post(f"{path}/decision", back, headers=token)).status_code == 409
        later = {"deed": "postpone", "day": "2026-09-15", "version": seen + 1}
        said = (await api.post(f"{path}/decision", later, headers=token)).json()
        assert said["obligations"][0]["due"] == "2026-09-15"
        # A machine that may not see persons reads no personal answer.
        assert "neighbour" not in said["obligations"][0]["proof"]
        done = await api.post(f"{path}/decision", {"deed": "accept", "version": seen + 2}, headers=token)
        assert done.json()["obligations"][0]["state"] == "met"


@pytest.mark.parametrize(("day", "code"), [("2026-05-20", "too_early"), ("9999-12-31", "date"), ("0001-01-01", "date")])
async def test_more_time_is_given_to_a_day_that_is_still_to_come(api, granted, day, code):
    with clock.moved_to(datetime(2026, 5, 21, 15, tzinfo=UTC)):
        (obligation,) = (await told(api, granted))["obligations"]
        path = f"/requests/{granted['reference']}/obligations/{obligation['id']}/decision"
        token = await api.token("requests:read", "requests:write")
        asked = {"deed": "postpone", "day": day, "version": (await find(api.host, granted["reference"])).version}
        refused = await api.post(path, asked, headers=token)
        assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "day")
        assert refused.json()["errors"][0]["code"] == code
        assert (await told(api, granted))["obligations"] == [obligation]


async def test_nobody_else_reads_or_decides(api, granted):
    reference = granted["reference"]
    with clock.moved_to(GRANTED):
        (obligation,) = (await told(api, granted))["obligations"]
        path = f"/requests/{reference}/obligations/{obligation['id']}/decision"
        assert (await api.get(f"/requests/{reference}/granted")).status_code in (403, 404)
        assert (await api.post(path, {"deed": "accept"}, key=granted["key"])).status_code == 401
        other = await api.token("requests:read", "requests:write", unit="permits")
        assert (await api.post(path, {"deed": "accept"}, headers=other)).status_code in (403, 404)
        reading = await api.token("requests:read")
        assert (await api.post(path, {"deed": "accept"}, headers=reading)).status_code == 403
        token = await api.token("requests:read", "requests:write")
        unknown = path.replace(obligation["id"], "0190a000-0000-7000-8000-000000000000")
        version = (await find(api.host, reference)).version
        assert (await api.post(unknown, {"deed": "accept", "version": version}, headers=token)).status_code == 404


async def test_due_dates_are_listed_for_a_token_and_its_unit(api, granted):
    token, other = await api.token("requests:read"), await api.token("requests:read", unit="permits")
    with clock.moved_to(datetime(2026, 5, 1, 15, tzinfo=UTC)):
        assert (await api.get("/deadlines")).status_code == 401
        said = (await api.get("/deadlines", headers=token)).json()
        assert [(row["part"], row["day"]) for row in said["items"]] == [
            ("obligation", "2026-05-31"),
            ("validity", "2026-06-01"),
        ]
        narrowed = (await api.get("/deadlines", headers=token, fields="day")).json()
        assert narrowed["items"] == [{"day": "2026-05-31"}, {"day": "2026-06-01"}]
        first = (await api.get("/deadlines", headers=token, limit=1)).json()
        rest = (await api.get("/deadlines", headers=token, limit=1, cursor=first["next_cursor"])).json()
        assert [row["part"] for row in rest["items"]] == ["validity"]
        assert (await api.get("/deadlines", headers=token, what="proofs")).json()["total"] == 0
        assert (await api.get("/deadlines", headers=other)).json()["total"] == 0
        assert (await api.get("/deadlines", headers=token, cursor="x")).status_code == 422
        (unknown,) = (await api.get("/deadlines", headers=token, state="valid")).json()["errors"]
        assert (unknown["path"], unknown["code"]) == ("state", "unknown_parameter")


async def test_what_cannot_pass_to_another_is_not_offered(api, granted):
    with clock.moved_to(GRANTED):
        body = {"validity": "permit", "name": "Éli", "email": "eli@exemple.ca"}
        answer = await api.post(f"/requests/{granted['reference']}/transfers", body, key=granted["key"])
    assert answer.status_code == 404
