"""The road crews' system of the demonstration: what it believes, keeps and drops, what it answers in bad weather."""

import base64
import hashlib
import hmac
from datetime import timedelta

import httpx
import msgspec
import pytest

from parvis import clock
from parvis_demo.crews.book import Book
from parvis_demo.crews.system import Crews

KEY = b"a key of the road crews, 32 bytes"


@pytest.fixture
def crews(tmp_path):
    crews = Crews(Book(tmp_path / "crews.json"), KEY)
    crews.become("well")
    yield crews
    crews.end()


def event(id="e1", what="request.submitted", *, reference="7K3M-9QXT-4", at=None, place=True):
    words = {"fr": "Nid-de-poule", "en": "Pothole"}
    data = {"reference": reference, "request_type_title": words, "state_title": words, "town": "parvis"}
    if place:
        data["place"] = {"lon": -73.5, "lat": 45.5, "address": "12, rue Rachel Est"}
    return {"version": "1", "id": id, "type": what, "timestamp": at or clock.now(), "data": data}


def tell(crews, payload, *, key=KEY, at=None, timeout=5.0):
    body, stamp = msgspec.json.encode(payload), str(int((at or clock.now()).timestamp()))
    digest = hmac.new(key, f"{payload['id']}.{stamp}.".encode() + body, hashlib.sha256).digest()
    headers = {
        "webhook-id": payload["id"],
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,aGVsbG8= v1,{base64.b64encode(digest).decode()}",
    }
    return httpx.post(crews.address, content=body, headers=headers, timeout=timeout)


def test_what_is_signed_is_kept_and_numbered_within_its_request(crews):
    assert tell(crews, event("e1")).json() == {"kept": "now", "number": 1}
    assert tell(crews, event("e2", reference="AAAA-BBBB-C")).json()["number"] == 1
    assert tell(crews, event("e3", "request.moved")).json()["number"] == 2
    assert [each.in_order for each in crews.book.kept.arrivals] == [True, True, True]
    assert crews.book.kept.arrivals[0].where == "12, rue Rachel Est"


def test_what_happened_before_and_comes_after_is_out_of_order(crews):
    tell(crews, event("e2", at=clock.now()))
    tell(crews, event("e1", at=clock.now() - timedelta(hours=1)))
    assert [each.in_order for each in crews.book.kept.arrivals] == [True, False]


def test_what_comes_again_is_counted_and_dropped(crews):
    tell(crews, event())
    assert tell(crews, event()).json() == {"kept": "already", "number": 1}
    [arrival] = crews.book.kept.arrivals
    assert arrival.repeats == 1


@pytest.mark.parametrize("how", [{"key": b"another key"}, {"at": clock.now() - timedelta(minutes=6)}])
def test_another_signature_or_an_old_one_is_not_believed(crews, how):
    assert tell(crews, event(), **how).status_code == 401
    [arrival] = crews.book.kept.arrivals
    assert not arrival.signed
    assert arrival.reference == ""
    assert tell(crews, event()).json()["kept"] == "now"


def test_busy_and_failing_take_nothing_and_say_so(crews):
    crews.become("busy")
    busy = tell(crews, event())
    crews.become("failing")
    failing = tell(crews, event())
    assert (busy.status_code, busy.headers["retry-after"], failing.status_code) == (429, "5", 500)
    assert crews.book.kept.arrivals == ()
    assert crews.book.kept.turned_away == 2


def test_away_nobody_listens_and_the_address_stays(crews):
    before = crews.address
    crews.become("away")
    with pytest.raises(httpx.ConnectError):
        tell(crews, event())
    crews.become("well")
    assert crews.address == before
    assert tell(crews, event()).status_code == 200


def test_hanging_it_takes_what_comes_and_never_says_so(crews):
    crews.become("hanging")
    with pytest.raises(httpx.ReadTimeout):
        tell(crews, event(), timeout=httpx.Timeout(20, read=0.3))
    crews.become("well")
    assert tell(crews, event()).json()["kept"] == "already"


@pytest.mark.parametrize(("weather", "status"), [("well", 200), ("busy", 429), ("failing", 500)])
def test_a_check_sees_the_weather_too(crews, weather, status):
    crews.become(weather)
    assert httpx.head(crews.address).status_code == status


def test_what_cannot_be_read_is_refused(crews):
    assert tell(crews, {"id": "e1"}).status_code == 400
    assert crews.book.kept.arrivals == ()


def test_what_was_kept_is_there_at_the_next_start(crews, tmp_path):
    tell(crews, event())
    assert Book(tmp_path / "crews.json").kept == crews.book.kept
    (tmp_path / "crews.json").write_text("{")
    assert Book(tmp_path / "crews.json").kept.arrivals == ()


def test_an_erased_request_leaves_no_place(crews):
    tell(crews, event("e1"))
    tell(crews, event("e2", reference="AAAA-BBBB-C"))
    tell(crews, event("e3", "request.erased"))
    assert [each.where for each in crews.book.kept.arrivals] == ["", "12, rue Rachel Est", ""]
