"""Errors: a page for people, problem details for programs, no words of the machine for either."""

import pytest
import structlog

JSON = {"accept": "application/json"}


async def test_a_person_who_is_lost_gets_a_page_in_their_language(client):
    french, english = await client.get("/fr/nulle/part"), await client.get("/en/nulle/part")
    assert french.status_code == english.status_code == 404
    assert "Page introuvable" in french.text
    assert "Page not found" in english.text


@pytest.mark.parametrize(("path", "back"), [("/fr/nulle/part", "/fr/"), ("/bureau/nulle/part", "/bureau")])
async def test_who_is_lost_is_led_back_to_where_they_were(client, path, back):
    assert f'class="button" href="{back}"' in (await client.get(path)).text


async def test_a_program_gets_problem_details(client):
    answer = await client.get("/nulle/part/ici", headers=JSON)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("application/problem+json")
    body = answer.json()
    assert (body["type"], body["title"], body["status"]) == ("about:blank", "Not Found", 404)
    assert body["instance"] == "/nulle/part/ici"


async def test_the_interface_for_programs_answers_browsers_in_json_too(client):
    answer = await client.get("/api/v1/nothing", headers={"accept": "text/html"})
    assert answer.headers["content-type"].startswith("application/problem+json")


async def test_what_is_not_allowed_says_what_is(client):
    answer = await client.delete("/fr/bonjour", headers=JSON)
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
async def test_a_crash_tells_the_id_and_nothing_else(client, accept):
    with structlog.testing.capture_logs() as logs:
        answer = await client.get("/casse", headers={"accept": accept, "x-request-id": "quoted-by-phone-1"})
    assert answer.status_code == 500
    assert "quoted-by-phone-1" in answer.text
    assert answer.headers["x-request-id"] == "quoted-by-phone-1"
    for word in ("the words of the exception", "LookupError", "Traceback", "conftest"):
        assert word not in answer.text
    crash = next(line for line in logs if line["event"] == "crash")
    assert isinstance(crash["exc_info"], LookupError)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":' * 30_000 + b"1" + b"}" * 30_000,  # beyond what any supported Python follows
        b'{"a": "\xff\xfe"}',
        b"{",
        b"null",
    ],
    ids=["deep", "bytes", "cut", "null"],
)
async def test_an_unreadable_body_is_the_senders_mistake(client, body):
    answer = await client.post("/api/v1/things", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/problem+json")


@pytest.mark.parametrize(
    "forged", ["short", "with space and more", "<script>alert(1)</script>", "x" * 200, "a\tb-----"]
)
async def test_a_forged_request_id_is_replaced(client, forged):
    answer = await client.get("/fr/bonjour", headers={"x-request-id": forged})
    assert answer.headers["x-request-id"] != forged
    assert len(answer.headers["x-request-id"]) == 32


async def test_the_log_of_a_request_has_no_address_with_a_key(client):
    with structlog.testing.capture_logs() as logs:
        await client.get("/fr/bonjour?cle=secret&words=Tremblay")
    line = next(line for line in logs if line["event"] == "request")
    assert line["status"] == 200
    assert line["route"] in ("/bonjour", "/{language:str}/bonjour")
    assert "secret" not in str(line)
    assert "Tremblay" not in str(line)
