"""A request beside the list: all of a usual answer, and the list again with the next one chosen."""

import re

import pytest

from parvis.db import counted
from parvis.requests.access_log import AccessLog, looks_at
from parvis_testing.desk import said

PART = {"x-parvis-part": "apercu"}


@pytest.fixture
async def two(desk):
    """The first of the list, and the one below it."""
    return [await desk.request(answers={"danger": False, "words": f"Trou {each}"}) for each in ("un", "deux")]


def preview_in(page) -> str:
    found = re.search(r'(?s)<aside class="queue-preview".*?</aside>', page.text)
    return found[0] if found else ""


async def test_the_address_chooses_what_stands_beside_the_list(desk, two):
    clerk = await desk.signed_in()
    first, second = two
    page = await clerk.get(f"/bureau?tri=oldest&apercu={first.reference}")
    beside = preview_in(page)
    assert "Trou un" in beside
    assert "Trou deux" not in beside
    assert f'action="/bureau/requete/{first.reference}/reponse"' in beside
    assert f'href="/bureau?tri=oldest&amp;apercu={second.reference}#apercu"' in page.text
    assert page.text.count('class=" is-current"') == 1
    assert preview_in(await clerk.get("/bureau?apercu=5KM5-KTE5-Q")) == ""
    assert preview_in(await clerk.get("/bureau?apercu=x")) == ""


async def test_what_is_sent_beside_the_list_leads_back_to_it_with_the_next_one(desk, two):
    clerk = await desk.signed_in()
    first, _ = two
    page = await clerk.get(f"/bureau?tri=oldest&apercu={first.reference}")
    behind = re.search(r'name="_liste" value="([^"]+)"', preview_in(page))[1].replace("&amp;", "&")
    case = f"/bureau/requete/{first.reference}"
    await clerk.post(f"{case}/reponse", words="C’est noté.", _send="1", _liste=behind)
    assert clerk.page.url.path == "/bureau"
    assert clerk.page.url.params["tri"] == "oldest"
    assert "Trou deux" in preview_in(clerk.page)
    assert f'href="{case}"' in clerk.page.text.split('class="queue-head"')[0]
    refused = await clerk.post(f"{case}/reponse", words="", _send="1", _liste=behind)
    assert refused.status_code == 422
    assert 'name="_liste"' in refused.text
    here = clerk.page.url.host
    await clerk.post(f"{case}/attribution", _take="1", _liste="//ailleurs.example/?x=1")
    assert (clerk.page.url.host, clerk.page.url.path) == (here, "/bureau")


async def test_giving_it_beside_the_list_to_a_unit_out_of_sight_leads_back_to_the_list_too(desk):
    first, _ = [
        await desk.request("hole", "roads", answers={"danger": False, "words": each}) for each in ("Trou", "Trou deux")
    ]
    clerk = await desk.signed_in("agent", "roads")
    page = await clerk.get(f"/bureau?tri=oldest&apercu={first.reference}")
    behind = re.search(r'name="_liste" value="([^"]+)"', preview_in(page))[1].replace("&amp;", "&")
    case = f"/bureau/requete/{first.reference}"
    await clerk.post(f"{case}/attribution", unit="lighting", assignee="", _liste=behind)
    assert (clerk.page.url.path, clerk.page.url.params["tri"]) == ("/bureau", "oldest")
    assert "Trou deux" in preview_in(clerk.page)
    assert said("The request is now with another unit.") in clerk.text
    assert f'action="{case}/attribution/annuler"' in clerk.page.text.split('class="queue-head"')[0]


async def test_a_script_asks_for_the_part_alone_at_a_bounded_cost(desk, two):
    clerk = await desk.signed_in()
    first, second = two
    address = f"/bureau?tri=oldest&apercu={first.reference}&suivante={second.reference}"
    with counted() as cost:
        part = await clerk.get(address, **PART)
    assert cost.count <= 8
    assert part.text.lstrip().startswith("<aside")
    assert f"apercu={second.reference}" in part.text
    assert (await clerk.get("/bureau?apercu=5KM5-KTE5-Q", **PART)).status_code == 404


async def test_who_may_not_see_a_request_sees_no_preview_and_who_looks_is_noted(desk, two):
    first, _ = two
    other = await desk.signed_in("agent", "parks", name="Luc")
    assert preview_in(await other.get(f"/bureau?apercu={first.reference}")) == ""
    assert (await other.get(f"/bureau?apercu={first.reference}", **PART)).status_code == 404
    clerk = await desk.signed_in()
    await clerk.get(f"/bureau?apercu={first.reference}")
    assert said("Open the request") in clerk.text
    await desk.host.of(AccessLog).write(desk.host.engine)
    assert [line.name for line in (await looks_at(first.id))[0]] == [clerk.person.name]
