"""Two agents, or twenty, on one request at once: one change after the other, nobody's work overwritten unseen."""

import asyncio
import re

import pytest

from parvis.people.tokens import make_token
from parvis.requests.history import broken_at, entries_of
from parvis.requests.records import find

pytestmark = pytest.mark.both_engines

UNITS = ("roads", "parks") * 4


async def form_of(http, reference):
    """The token and the version that an agent's page carries."""
    page = (await http.get(f"/bureau/requete/{reference}")).text
    token = re.search(r'name="_csrf" value="([^"]+)"', page)[1]
    return {"_csrf": token, "version": re.search(r'name="version" value="(\d+)"', page)[1]}


async def test_the_second_of_two_agents_is_told_who_was_first_and_loses_no_word(installation):
    reference = (await installation.file()).json()["reference"]
    ana, bo = await installation.signed_in("ana@parvis.example"), await installation.signed_in("bo@parvis.example")
    async with installation.http(cookies=ana) as first, installation.http(cookies=bo) as second:
        seen = [await form_of(http, reference) for http in (first, second)]
        note = f"/bureau/requete/{reference}/note"
        answers = await asyncio.gather(
            first.post(note, data={**seen[0], "words": "Vu par Ana"}),
            second.post(note, data={**seen[1], "words": "Vu par Bo"}),
        )
        assert sorted(answer.status_code for answer in answers) == [303, 409]
        refused = next(answer for answer in answers if answer.status_code == 409)
        winner = "Bo@Parvis" if answers[0] is refused else "Ana@Parvis"
        words = "Vu par Ana" if answers[0] is refused else "Vu par Bo"
        assert winner in refused.text
        assert words in refused.text
        again = await form_of(first if answers[0] is refused else second, reference)
        http = first if answers[0] is refused else second
        assert (await http.post(note, data={**again, "words": words})).status_code == 303
    record = await find(installation.host, reference)
    assert [entry.kind for entry in await entries_of(record)].count("note") == 2
    assert await broken_at(record) is None


async def test_one_move_made_by_twenty_at_once_is_made_once(installation):
    filed = (await installation.file()).json()
    key, _ = await make_token(
        installation.host.engine, name="Pont", jurisdiction="parvis", scopes=["requests:read", "requests:write"]
    )
    async with installation.http(headers={"authorization": f"Bearer {key}"}) as http:
        path = f"/api/v1/requests/{filed['reference']}"
        shown = (await http.get(path)).json()
        move = next(each["code"] for each in shown["moves"] if not each["schema"].get("required"))
        sent = {"transition": move, "version": shown["version"]}
        answers = await asyncio.gather(*(http.post(f"{path}/moves", json=sent) for _ in range(20)))
        assert sorted({answer.status_code for answer in answers}) == [200, 409]
        assert [answer.status_code for answer in answers].count(200) == 1
    record = await find(installation.host, filed["reference"])
    assert [entry.kind for entry in await entries_of(record)].count("moved") == 1
    assert await broken_at(record) is None


async def test_a_request_sent_twice_at_once_is_one_request(installation):
    async with installation.http() as http:
        answers = await asyncio.gather(*(installation.file(http, key="same press") for _ in range(10)))
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.json()["reference"] for answer in answers}) == 1
        other = await installation.file(http, key="same press", language="en")
        assert other.status_code in (409, 422)
    await installation.is_kept(answers[0].json()["reference"])


async def test_changes_of_every_kind_at_once_leave_one_whole_history(installation):
    filed = (await installation.file()).json()
    path = f"/api/v1/requests/{filed['reference']}"
    key, _ = await make_token(
        installation.host.engine, name="Pont", jurisdiction="parvis", scopes=["requests:read", "requests:write"]
    )
    async with (
        installation.http() as resident,
        installation.http(headers={"authorization": f"Bearer {key}"}) as machine,
    ):
        kept = await asyncio.gather(
            *(machine.post(f"{path}/notes", json={"words": f"Note {n}"}) for n in range(8)),
            *(machine.post(f"{path}/messages", json={"words": f"Réponse {n}"}) for n in range(8)),
            *(resident.post(f"{path}/messages?key={filed['key']}", json={"words": f"Merci {n}"}) for n in range(8)),
        )
        assert {answer.status_code for answer in kept} == {200}
        version = (await machine.get(path)).json()["version"]
        given = await asyncio.gather(
            *(machine.post(f"{path}/assignment", json={"unit": each, "version": version}) for each in UNITS)
        )
        assert sorted(answer.status_code for answer in given) == [200] + [409] * (len(UNITS) - 1)
    record = await find(installation.host, filed["reference"])
    kinds = [entry.kind for entry in await entries_of(record)]
    assert (kinds.count("note"), kinds.count("received")) == (8, 8)
    assert await broken_at(record) is None
