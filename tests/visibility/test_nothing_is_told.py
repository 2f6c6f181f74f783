"""Every page of the desk and operation of the API, of any module, answers about what is hidden as about what is not."""

import re

import pytest

from parvis.people.tokens import SCOPES, make_token
from parvis.requests.exclusions import keep_away
from parvis.requests.references import new_reference
from parvis_testing.desk import ANA

NO_ID = "01a21300-0000-7000-8000-000000000000"
FILLED = {"transition": "start", "code": "nothing", "number": "1"}


def doors(desk, prefix):
    """Every route with a reference in it, and its methods; the reference is left to be filled in."""
    for route in desk.app.routes:
        if route.path.startswith(prefix) and "reference" in route.path_parameters:
            path = re.sub(
                r"\{(\w+)(:\w+)?\}",
                lambda found: "{reference}" if found[1] == "reference" else FILLED.get(found[1], NO_ID),
                route.path_format,
            )
            for method in sorted(route.methods - {"OPTIONS", "HEAD"}):
                yield method, path


def plain(answer, reference):
    """What is told, but for what is different in every answer."""
    text = answer.text.replace(reference, "REFERENCE")
    for varying in (r'name="_csrf" value="[^"]*"', r"01[0-9a-f]{30}", r'nonce="[^"]*"', r"\b[0-9a-f]{32}\b"):
        text = re.sub(varying, "", text)
    location = answer.headers.get("location", "").replace(reference, "REFERENCE")
    return answer.status_code, location, text


@pytest.fixture
async def hidden(desk):
    """A request of the inspection unit, from which somebody of it is kept away."""
    record = await desk.request("hole", "noise")
    kept = await desk.signed_in("manager", "environment", name="Luc Roy")
    await keep_away(desk.host, record.reference, kept.person.id, "Luc Roy", "Sa sœur", actor=ANA)
    return record.reference, kept


@pytest.mark.parametrize("who", ["of another unit", "kept away"])
async def test_no_page_tells_that_a_hidden_request_exists(desk, hidden, who):
    reference, kept = hidden
    clerk = kept if who == "kept away" else await desk.signed_in("manager", "parks", name="Pia Roy")
    clerk.http.follow_redirects = False
    nothing = new_reference()
    await clerk.get("/bureau/compte")
    tried = list(doors(desk, "/bureau"))
    assert len(tried) > 58
    for method, path in tried:
        sent = {} if method == "GET" else {"data": {"_csrf": clerk.token, "unit": "noise", "words": "x", "reason": "x"}}
        answers = [
            plain(await clerk.http.request(method, path.format(reference=each), **sent), each)
            for each in (reference, nothing)
        ]
        assert answers[0] == answers[1], (method, path)
        assert answers[0][0] in (303, 403, 404), (method, path)


async def test_no_call_of_the_api_tells_that_a_hidden_request_exists(desk, hidden):
    reference, _ = hidden
    key, _ = await make_token(
        desk.host.engine, name="Pont", jurisdiction="parvis", scopes=tuple(SCOPES), unit_code="parks"
    )
    headers = {"authorization": f"Bearer {key}", "accept": "application/json"}
    browser, nothing = desk.browser().http, new_reference()
    body = {"words": "x", "unit": "parks", "version": 1, "transition": "start", "answers": {}, "reason": "x"}
    tried = list(doors(desk, "/api/v1"))
    assert len(tried) > 36
    for method, path in tried:
        sent = {} if method in ("GET", "DELETE") else {"json": body}
        answers = [
            plain(await browser.request(method, path.format(reference=each), headers=headers, **sent), each)
            for each in (reference, nothing)
        ]
        if answers[0] != answers[1]:  # what is on the portal is no secret: a caller without a token is answered so
            stranger = await browser.request(method, path.format(reference=reference), **sent)
            assert answers[0] == plain(stranger, reference), (method, path)
            continue
        assert answers[0][0] in (403, 404), (method, path, answers[0][2])
