"""What the API answers in place of taking a request, and how one insists."""

import pytest

from parvis.requests.advice import Notice
from parvis_advisories.notice_board import NoticeBoard
from parvis_sdk.text import Text

CLOSED = Text(fr="Les travaux de voirie sont suspendus", en="Road works are suspended")
NOTICE = Notice(code="strike", kind="stop", types=("hole",), title=CLOSED, phone="450 555-0199")


@pytest.fixture
def stopped(api, monkeypatch):
    monkeypatch.setattr(api.host.of(NoticeBoard), "all_of", lambda town: (NOTICE,))
    return api


async def test_a_stopped_type_says_so_before_and_when_it_is_filed(stopped):
    request_type = (await stopped.get("/request-types/hole")).json()
    assert [(notice["code"], notice["kind"], notice["phone"]) for notice in request_type["notices"]] == [
        ("strike", "stop", "450 555-0199")
    ]
    answer = await stopped.file()
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["code"], error["path"]) == ("stopped", "place")
    assert error["message"] == "Les travaux de voirie sont suspendus. 450 555-0199"
    assert (await stopped.get("/requests", await stopped.token("requests:read"))).json()["total"] == 0


async def test_only_a_token_overrules_a_notice_and_only_with_a_reason(stopped):
    token = await stopped.token("requests:write", "requests:read")
    body = {
        "type": "hole",
        "answers": {"danger": True, "words": "Une roue y tient"},
        "place": {"lon": -73.5807, "lat": 45.5236},
        "requester": {"mode": "anonymous"},
    }
    assert (await stopped.post("/requests", body | {"insist": True})).status_code == 422
    assert (await stopped.post("/requests", body | {"insist": "J’insiste"})).status_code == 403
    assert (await stopped.post("/requests", body | {"insist": ""}, token)).status_code == 422
    assert (await stopped.post("/requests", body | {"insist": 5}, token)).status_code == 422
    filed = await stopped.post("/requests", body | {"insist": "Urgence"}, token)
    assert filed.status_code == 201
    story = (await stopped.get(f"/requests/{filed.json()['reference']}/story", token)).json()
    assert "Les travaux de voirie sont suspendus" in story["items"][0]["words"]
    assert "Urgence" in story["items"][0]["words"]


async def test_the_person_does_not_read_the_reason_of_the_town(stopped):
    token = await stopped.token("requests:write")
    filed = await stopped.file()
    assert filed.status_code == 422
    answer = await stopped.post(
        "/requests",
        {
            "type": "hole",
            "answers": {"danger": False, "words": "Gros trou"},
            "place": {"lon": -73.5807, "lat": 45.5236},
            "requester": {"mode": "anonymous"},
            "insist": "Vu avec Réjean",
        },
        token,
    )
    told = answer.json()
    story = (await stopped.get(f"/requests/{told['reference']}/story", key=told["key"])).json()
    assert "Réjean" not in str(story)
