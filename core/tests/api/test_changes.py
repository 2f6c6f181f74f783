"""Moving, answering and correcting over HTTP, each with the right that it needs."""

from functools import partial

import pytest

from parvis import clock
from parvis.api.calls import LIMITS
from parvis.db import counted, transaction
from parvis.db.tables import Delivery
from parvis.deployment import exchange_pace
from parvis.outbox import listing
from parvis.people.throttle import Pace
from parvis.requests.actors import SYSTEM
from parvis.requests.changing import MOST_AN_HOUR
from parvis.requests.keeping.retention import erase
from parvis.requests.records import find
from parvis.troubles import Trouble, kept
from parvis.worker.verdicts import NEVER_AGAIN, REFUSED
from parvis_sdk.text import Text


async def of_agent(api, *scopes):
    return await api.token(*(scopes or ("requests:read", "requests:write")))


async def test_a_machine_moves_a_request_with_what_the_step_demands(api):
    path = f"/requests/{(await api.filed())['reference']}/moves"
    headers = await of_agent(api)
    assert (await api.post(path, {"transition": "start", "version": 1}, headers)).json()["state"] == "working"
    lacking = await api.post(path, {"transition": "ask", "version": 2}, headers)
    assert (lacking.status_code, lacking.json()["errors"][0]["path"]) == (422, "answers.reason")
    asked = await api.post(path, {"transition": "ask", "answers": {"reason": "Quel côté ?"}, "version": 2}, headers)
    assert asked.json()["phase"] == "waiting_for_you"


async def test_a_list_a_reading_and_a_change_ask_the_database_so_often_and_no_more(api):
    reference = (await api.filed())["reference"]
    headers, path = await of_agent(api), f"/requests/{reference}"
    asked = {
        "a list": partial(api.get, "/requests", headers),
        "one": partial(api.get, path, headers),
        "a note": partial(api.post, f"{path}/notes", {"words": "Vu"}, headers),
    }
    found = {}
    for name, call in asked.items():
        await call()
        with counted() as queries:
            assert (await call()).is_success
        found[name] = queries.count
    # The key and the list; the request, its person; the same, once more while nobody else changes it, and the writing.
    most = {"a list": 2, "one": 3, "a note": 7}
    assert {name: number for name, number in found.items() if number > most[name]} == {}


async def test_a_step_that_is_not_allowed_is_a_conflict_that_names_those_that_are(api):
    path = f"/requests/{(await api.filed())['reference']}/moves"
    answer = await api.post(path, {"transition": "reopen", "version": 1}, await of_agent(api))
    assert answer.status_code == 409
    assert answer.json()["errors"][0]["message"].endswith("Possible maintenant\u00a0: start, resolve.")


async def test_an_old_version_is_a_conflict_that_names_what_happened(api):
    path = f"/requests/{(await api.filed())['reference']}"
    headers = await of_agent(api)
    await api.post(f"{path}/notes", {"words": "Vu"}, headers)
    answer = await api.post(f"{path}/moves", {"transition": "start", "version": 1}, headers)
    assert answer.status_code == 409
    assert answer.json()["errors"] == [{"path": "version", "code": "conflict", "message": "Note interne · Pont"}]


@pytest.mark.parametrize("sent", [{}, {"answers": {"danger": False, "words": "Gros trou"}}, {"type": "hole"}])
async def test_a_correction_that_changes_nothing_is_told_to_nobody(api, sent):
    receipt = await api.filed()
    path, headers = f"/requests/{receipt['reference']}", await of_agent(api)
    same = await api.http.patch(f"/api/v1{path}", json=sent | {"version": 1}, headers=headers)
    assert (same.status_code, same.json()["version"]) == (200, 1)
    assert [each["kind"] for each in (await api.get(f"{path}/story", headers)).json()["items"]] == ["submitted"]


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_a_conflict_says_what_happened_in_the_words_of_the_story(api, language):
    receipt = await api.filed()
    path, headers = f"/requests/{receipt['reference']}", await of_agent(api)
    await api.post(f"{path}/moves", {"transition": "start", "version": 1}, headers)
    await api.http.patch(f"/api/v1{path}", json={"answers": {"danger": True}, "version": 2}, headers=headers)
    sent, accepted = {"transition": "withdraw", "version": 1}, {"Accept-Language": language}
    machine, resident = {"headers": headers | accepted}, {"headers": accepted, "params": {"key": receipt["key"]}}
    for who, by in ((machine, " · Pont"), (resident, "")):
        told = (await api.http.get(f"/api/v1{path}/story", **who)).json()["items"][1:]
        late = await api.http.post(f"/api/v1{path}/moves", json=sent, **who)
        said = [one["title"] + by for one in told]
        assert late.status_code == 409
        assert [each["message"] for each in late.json()["errors"]] == said
    assert said[-1] == {"fr": "Requête corrigée", "en": "Request corrected"}[language]


async def test_the_person_withdraws_with_the_key_and_nobody_without(api):
    receipt = await api.filed()
    path = f"/requests/{receipt['reference']}/moves"
    assert (await api.post(path, {"transition": "withdraw"})).status_code == 401
    assert (await api.post(path, {"transition": "withdraw"}, key="wrong")).status_code == 404
    done = await api.post(path, {"transition": "withdraw", "version": 1}, key=receipt["key"])
    assert done.json()["phase"] == "closed"


async def test_words_go_both_ways_and_notes_stay_inside(api):
    receipt = await api.filed()
    path, headers = f"/requests/{receipt['reference']}", await of_agent(api)
    await api.post(f"{path}/messages", {"words": "Nous passerons jeudi"}, headers)
    await api.post(f"{path}/messages", {"words": "Merci"}, key=receipt["key"])
    await api.post(f"{path}/notes", {"words": "Garantie"}, headers)
    told = (await api.get(f"{path}/story", key=receipt["key"])).json()["items"]
    assert [each["words"] for each in told] == ["", "Nous passerons jeudi", "Merci"]
    inside = (await api.get(f"{path}/story", headers=headers)).json()["items"]
    assert [each["words"] for each in inside][-1] == "Garantie"
    public = (await api.get(f"{path}/story")).json()["items"]
    assert [each["kind"] for each in public] == ["submitted"]


@pytest.mark.parametrize("action", ["notes", "assignment", "moves"])
async def test_a_reading_token_changes_nothing(api, action):
    path = f"/requests/{(await api.filed())['reference']}/{action}"
    answer = await api.post(
        path, {"words": "x", "unit": "parks", "transition": "start"}, await of_agent(api, "requests:read")
    )
    assert answer.status_code == 403


async def test_a_request_goes_to_another_unit_and_is_corrected(api):
    path, headers = f"/requests/{(await api.filed())['reference']}", await of_agent(api)
    nowhere = await api.post(f"{path}/assignment", {"unit": "moon", "version": 1}, headers)
    assert (nowhere.status_code, "moon" in nowhere.json()["errors"][0]["message"]) == (422, True)
    assert (await api.post(f"{path}/assignment", {"unit": "parks", "version": 1}, headers)).json()["unit"] == "parks"
    amended = await api.http.patch(f"/api/v1{path}", json={"type": "quarrel", "version": 2}, headers=headers)
    assert amended.json()["errors"][0]["path"] == "answers.kind"
    whole = {"type": "quarrel", "answers": {"kind": "dog", "words": "Gros trou"}, "version": 2}
    amended = await api.http.patch(f"/api/v1{path}", json=whole, headers=headers)
    assert amended.json()["answers"] == {"kind": "dog", "words": "Gros trou"}
    outside = await api.http.patch(
        f"/api/v1{path}", json={"place": {"lon": -71.2, "lat": 46.8}, "version": 3}, headers=headers
    )
    assert outside.status_code in (200, 422)
    now = (await api.get(path, headers=headers)).json()["version"]
    wrong = await api.http.patch(f"/api/v1{path}", json={"place": {"lon": "x"}, "version": now}, headers=headers)
    assert wrong.json()["errors"][0]["path"] == "place"


OVERWRITING = (
    ("POST", "/moves", {"transition": "start"}),
    ("POST", "/assignment", {"unit": "parks"}),
    ("PATCH", "", {"answers": {"danger": False}}),
    ("PUT", "/contact", {"name": "Zoé", "email": "autre@exemple.ca"}),
)


@pytest.mark.parametrize(("method", "action", "body"), OVERWRITING, ids=[one[1] or "answers" for one in OVERWRITING])
async def test_what_overwrites_something_names_the_version_that_its_sender_saw(api, method, action, body):
    receipt = await api.filed()
    path = f"/api/v1/requests/{receipt['reference']}{action}"
    who = {"params": {"key": receipt["key"]}} if action == "/contact" else {"headers": await of_agent(api)}
    blind = await api.http.request(method, path, json=body, **who)
    assert blind.status_code == 428
    assert blind.headers["content-type"] == "application/problem+json"
    assert blind.json()["errors"][0] | {"message": ""} == {"path": "version", "code": "required", "message": ""}
    assert (await api.http.request(method, path, json=body | {"version": 1}, **who)).status_code == 200
    late = await api.http.request(method, path, json=body | {"version": 1}, **who)
    assert late.status_code == 409
    assert late.json()["errors"][0]["path"] == "version"


async def test_contact_details_are_only_overtaken_by_contact_details(api):
    receipt = await api.filed()
    path, key = f"/requests/{receipt['reference']}", {"key": receipt["key"]}
    await api.post(f"{path}/notes", {"words": "Vu"}, await of_agent(api))
    sent = {"name": "Zoé", "email": "autre@exemple.ca", "version": 1}
    assert (await api.http.put(f"/api/v1{path}/contact", json=sent, params=key)).status_code == 200


async def test_a_file_is_sent_first_and_then_named(api, picture):
    sent = await api.http.post("/api/v1/attachments", files={"file": ("trou.jpg", picture, "image/jpeg")})
    assert sent.status_code == 201
    upload = sent.json()
    receipt = await api.filed(answers={"danger": False, "photos": [upload["id"]]}, upload=upload["upload"])
    shown = (await api.get(f"/requests/{receipt['reference']}", key=receipt["key"])).json()
    assert [each["name"] for each in shown["files"]] == ["trou.jpg"]
    path = f"/attachments/{upload['id']}"
    content = await api.get(path, key=receipt["key"])
    assert content.headers["content-disposition"].startswith("attachment;")
    assert content.content.startswith(b"\xff\xd8")
    assert (await api.get(path)).status_code == 404
    assert (await api.get(path, key="wrong")).status_code == 404
    assert (await api.get("/attachments/nonsense")).status_code == 404


async def test_a_file_that_is_not_what_it_says_is_refused(api):
    page = b"<html><script>alert(1)</script></html>"
    answer = await api.http.post("/api/v1/attachments", files={"file": ("photo.jpg", page, "image/jpeg")})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "file_disguised"
    assert (await api.http.post("/api/v1/attachments", data={"file": "words"})).status_code == 422


async def test_only_a_token_may_say_by_which_channel_a_request_came(api):
    assert (await api.file(channel="phone")).status_code == 403
    body = {"type": "hole", "answers": {"danger": True}, "place": {"words": "coin Rachel"}, "channel": "phone"}
    body["requester"] = {"mode": "anonymous"}
    headers = await of_agent(api)
    receipt = (await api.post("/requests", body, headers)).json()
    assert (await api.get(f"/requests/{receipt['reference']}", headers=headers)).json()["channel"] == "phone"


async def test_an_operators_token_sees_deliveries_and_others_do_not(api):
    await api.filed()
    assert (await api.get("/deliveries")).status_code == 401
    assert (await api.get("/deliveries", headers=await of_agent(api))).status_code == 403
    headers = await api.token("operate")
    shown = (await api.get("/deliveries", headers=headers)).json()["items"]
    assert {each["id"] for each in shown} == {str(line.id) for line in await listing()}
    refused = await api.post(f"/deliveries/{shown[0]['id']}/revival", {}, headers)
    assert refused.status_code == 409
    assert (await api.get("/deliveries", headers=headers, state="lost")).status_code == 422


async def test_a_dead_delivery_is_tried_again(api):
    await api.filed()
    (first, *_) = await listing()
    async with transaction(api.host.engine):
        await Delivery.update({Delivery.state: "dead"}).where(Delivery.id == first.id)
    revived = await api.post(f"/deliveries/{first.id}/revival", {}, await api.token("operate"))
    assert (revived.status_code, revived.json()) == (200, {"revived": True})
    assert (await listing(("waiting",)))[0].id == first.id


async def test_why_a_delivery_failed_is_told_in_the_language_of_the_call(api):
    await api.filed()
    [line, *_] = await listing()
    trouble = Trouble(
        who="erp",
        where=line.reference,
        what=Text(fr="l’ERP dort", en="the ERP sleeps"),
        so_what=NEVER_AGAIN,
        now_what=REFUSED,
    )
    for kept_words, french, english in (
        (kept(trouble), trouble.to("fr"), trouble.to("en")),
        ("written before", "written before", "written before"),
    ):
        async with transaction(api.host.engine):
            await Delivery.update({Delivery.trouble: kept_words}).where(Delivery.id == line.id)
        for language, words in (("fr", french), ("en", english)):
            headers = await api.token("operate") | {"accept-language": language}
            shown = (await api.get("/deliveries", headers=headers)).json()["items"]
            assert [each["trouble"] for each in shown if each["id"] == str(line.id)] == [words]
    assert "l’ERP dort · il n’y aura pas d’autre essai" in trouble.to("fr")


async def test_too_many_submissions_are_asked_to_wait(api):
    most, window = LIMITS["submit"]
    answers = [await api.file(answers={}) for _ in range(most + 1)]
    assert [answer.status_code for answer in answers] == [422] * most + [429]
    assert answers[-1].headers["retry-after"] == str(int(window.total_seconds()))


async def test_what_was_called_at_another_process_counts_here_as_well(api):
    most, window = LIMITS["submit"]
    elsewhere = Pace()
    assert (await api.file(answers={})).status_code == 422
    for _ in range(most):
        elsewhere.allows("submit", "127.0.0.1", most, window, clock.now())
    await elsewhere.exchange(api.host.engine)
    await api.host.of(Pace).exchange(api.host.engine)
    assert (await api.file(answers={})).status_code == 429


async def test_a_process_that_answers_no_call_as_a_worker_exchanges_none(api):
    idle = api.host.without(Pace)
    await exchange_pace(idle)
    assert idle.given(Pace) is None


async def test_with_the_key_a_person_logs_occurrences_and_says_how_to_be_reached(api):
    confidential = {"mode": "confidential", "name": "Zoé", "email": "zoe@exemple.ca"}
    receipt = await api.filed(type="quarrel", answers={"kind": "noise"}, requester=confidential)
    path, key = f"/requests/{receipt['reference']}", {"key": receipt["key"]}
    assert (await api.post(f"{path}/occurrences", {"answers": {"when": "hier"}}, **key)).status_code == 200
    lacking = await api.post(f"{path}/occurrences", {"answers": {}}, **key)
    assert lacking.json()["errors"][0]["path"] == "answers.when"
    contact = {"name": "Zoé", "phone": "450 555-0199", "language": "en", "version": 2}
    contact |= {"postal_address": "C. P. 5\nMagog QC j1x2a4", "preferred_channel": "letter"}
    changed = await api.http.put(f"/api/v1{path}/contact", json=contact, params=key)
    assert (changed.json()["requester"]["phone"], changed.json()["language"]) == ("+14505550199", "en")
    assert changed.json()["requester"]["postal_address"] == "C. P. 5\nMagog QC  J1X 2A4"
    hidden = await api.get(path, await api.token("requests:read", "contacts:read"))  # confidential
    assert "Magog" not in hidden.text
    nobody = await api.http.put(f"/api/v1{path}/contact", json={"name": "Zoé", "version": 3}, params=key)
    assert nobody.json()["errors"][0]["code"] == "contact_missing"
    stopped = await api.http.put(f"/api/v1{path}/messages", json={"wanted": False}, params=key)
    assert stopped.status_code == 200


async def test_a_type_without_a_log_takes_no_occurrence_and_nobody_without_the_key(api):
    receipt = await api.filed()
    path = f"/requests/{receipt['reference']}/occurrences"
    assert (await api.post(path, {"answers": {}}, key=receipt["key"])).status_code == 409
    assert (await api.post(path, {"answers": {}}, await of_agent(api))).status_code == 403


async def test_a_resident_who_comes_second_learns_that_something_changed_and_not_what_the_desk_wrote(api):
    receipt = await api.filed()
    path, headers = f"/requests/{receipt['reference']}", await of_agent(api)
    await api.post(f"{path}/notes", {"words": "Vu"}, headers)
    await api.post(f"{path}/messages", {"words": "Nous passerons"}, headers)
    answer = await api.post(f"{path}/moves", {"transition": "withdraw", "version": 1}, key=receipt["key"])
    assert answer.status_code == 409
    assert answer.json()["errors"] == [{"path": "version", "code": "conflict", "message": "Message de la Ville"}]
    assert "Pont" not in answer.text


@pytest.mark.parametrize("files", [["nonsense"], [""], ["00000000-0000-7000-8000-000000000000"], ["'; --"]])
async def test_a_message_with_a_file_that_is_not_there_is_refused_whole(api, files):
    receipt = await api.filed()
    path = f"/requests/{receipt['reference']}/messages"
    answer = await api.post(path, {"words": "Voici", "files": files}, key=receipt["key"])
    assert answer.status_code == 409
    assert answer.json()["errors"][0]["code"] == "file_missing"
    shown = (await api.get(f"/requests/{receipt['reference']}", key=receipt["key"])).json()
    assert shown["version"] == 1


async def test_words_are_read_without_what_could_disguise_them(api):
    receipt = await api.filed()
    path = f"/requests/{receipt['reference']}"
    answer = await api.post(f"{path}/messages", {"words": "Payez\u202e ici"}, key=receipt["key"])
    assert answer.status_code == 200
    told = (await api.get(f"{path}/story", key=receipt["key"])).json()["items"]
    assert told[-1]["words"] == "Payez ici"
    assert (await api.post(f"{path}/messages", {"words": "\u202e\u0007"}, key=receipt["key"])).status_code == 422


async def test_a_key_writes_so_much_an_hour(api):
    receipt = await api.filed()
    path = f"/requests/{receipt['reference']}/messages"
    answers = [await api.post(path, {"words": str(number)}, key=receipt["key"]) for number in range(MOST_AN_HOUR + 1)]
    assert [answer.status_code for answer in answers] == [200] * MOST_AN_HOUR + [429]
    assert answers[-1].headers["retry-after"] == "3600"


async def test_a_machine_that_corrects_answers_keeps_those_it_may_not_see(api):
    receipt = await api.filed(answers={"danger": True, "witness": "Léo Roy", "health": "cheville", "words": "Trou"})
    path = f"/requests/{receipt['reference']}"
    seen = (await api.get(path, await of_agent(api))).json()["answers"]
    assert seen == {"danger": True, "words": "Trou"}
    sent = seen | {"danger": False}
    for words in ("genou", "cheville"):  # which of both stands there is not told
        unseen = {"answers": sent | {"health": words}, "version": 1}
        refused = await api.http.patch(f"/api/v1{path}", json=unseen, headers=await of_agent(api))
        assert refused.status_code == 422
        assert [(each["path"], each["code"]) for each in refused.json()["errors"]] == [("answers.health", "forbidden")]
    await api.http.patch(f"/api/v1{path}", json={"answers": sent, "version": 1}, headers=await of_agent(api))
    shown = (await api.get(path, key=receipt["key"])).json()["answers"]
    assert shown == {"danger": False, "witness": "Léo Roy", "health": "cheville", "words": "Trou"}


async def test_a_destroyed_request_takes_nothing_more_and_says_so(api):
    receipt = await api.filed()
    path = f"/requests/{receipt['reference']}"
    await erase(api.host, receipt["reference"], actor=SYSTEM)
    answers = [
        await api.post(f"{path}/messages", {"words": "Et moi ?"}, key=receipt["key"]),
        await api.post(f"{path}/moves", {"transition": "withdraw", "version": 1}, key=receipt["key"]),
        await api.post(f"{path}/notes", {"words": "Vu"}, await of_agent(api)),
    ]
    assert [answer.status_code for answer in answers] == [410] * 3
    assert (await api.get(path)).status_code == 404


async def test_a_file_whose_content_is_lost_is_not_there(api, picture):
    upload = (await api.http.post("/api/v1/attachments", files={"file": ("a.jpg", picture, "image/jpeg")})).json()
    receipt = await api.filed(answers={"danger": False, "photos": [upload["id"]]}, upload=upload["upload"])
    for file in api.host.files.folder.rglob("*"):
        if file.is_file():
            file.unlink()
    assert (await api.get(f"/attachments/{upload['id']}", key=receipt["key"])).status_code == 404


@pytest.mark.parametrize("upload", ["a", "x" * 201])
async def test_files_lie_only_under_a_word_that_nobody_guesses(api, picture, upload):
    files = {"file": ("a.jpg", picture, "image/jpeg")}
    assert (await api.http.post(f"/api/v1/attachments?upload={upload}", files=files)).status_code == 422


async def test_an_operators_token_of_another_town_sees_and_revives_nothing_here(api):
    await api.filed()
    there = await api.token("operate", jurisdiction="rivemont")
    assert (await api.get("/deliveries", headers=there)).json() == {"items": [], "next_cursor": ""}
    (first, *_) = (await api.get("/deliveries", headers=await api.token("operate"))).json()["items"]
    assert (await api.post(f"/deliveries/{first['id']}/revival", {}, there)).status_code == 404


async def test_a_token_of_a_unit_sees_the_deliveries_of_its_unit(api):
    receipt = await api.filed()
    unit = (await find(api.host, receipt["reference"])).unit
    theirs, others = await api.token("operate", unit=unit), await api.token("operate", unit="snow")
    (first, *_) = (await api.get("/deliveries", headers=theirs)).json()["items"]
    assert first["reference"] == receipt["reference"]
    assert (await api.get("/deliveries", headers=others)).json()["items"] == []
    assert (await api.post(f"/deliveries/{first['id']}/revival", {}, others)).status_code == 404
    assert (await api.post(f"/deliveries/{first['id']}/revival", {}, theirs)).status_code == 409


async def test_deliveries_are_paged_to_the_end(api):
    for _ in range(3):
        await api.filed()
    headers, seen, cursor = await api.token("operate"), [], ""
    while True:
        page = (await api.get("/deliveries", headers=headers, limit=2, cursor=cursor)).json()
        seen += [each["id"] for each in page["items"]]
        if not (cursor := page["next_cursor"]):
            break
    assert len(seen) == len(set(seen)) == len(await listing())
