"""What the API tells of visits to those whom they do not concern: nothing of them."""

from parvis.requests.work.conversation import note, reply
from parvis_testing.crowded import ANA, SCOPES, reported

from ..visiting import planned

NOTHING = "01a21300-0000-7000-8000-000000000000"


async def test_a_token_of_another_town_or_unit_and_the_key_of_another_request_open_no_visit(api):
    found = await planned(api)
    reference, other = found.named["reference"], await reported(api)
    path = f"/requests/{reference}/inspections"
    anybody = await api.get(path)
    for headers in (await api.token(*SCOPES, jurisdiction="rivemont"), await api.token(*SCOPES, unit="snow")):
        answer = await api.get(path, headers)
        assert answer.status_code in (401, 403, 404) or answer.text == anybody.text
        listed = await api.get("/inspections", headers)
        assert listed.status_code == 200
        assert reference not in listed.text
    assert (await api.get(path, key=other.key)).status_code in (401, 403, 404)
    assert (await api.get("/inspections", key=other.key)).status_code == 401


async def test_the_public_reads_nothing_of_visits(api):
    found = await planned(api)
    await note(api.host, found.named["reference"], "MOT-ENTRE-NOUS", actor=ANA)
    await reply(api.host, found.named["reference"], "MOT-POUR-ELLE", actor=ANA)
    for path in (f"/requests/{found.named['reference']}/inspections", "/inspections"):
        answer = await api.get(path)
        assert not [secret for secret in ("Zoé", "zoe@exemple.ca", "MOT-") if secret in answer.text], path
        assert answer.status_code != 200 or not any(answer.json().values()), path
