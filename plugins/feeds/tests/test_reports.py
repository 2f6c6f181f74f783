"""What a spreadsheet reads by OData: rows of the units of a token, filtered, paged and counted; nothing without one."""

import base64
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from parvis import clock
from parvis_testing.modules import switch

ROOT = "/odata/v4"
EDM = "{http://docs.oasis-open.org/odata/ns/edm}"


@pytest.fixture
async def token(api):
    return await api.token("requests:read", "reports:read")


async def rows(api, token, path="Requests", **asked):
    answer = await api.http.get(
        path if "//" in path else f"{ROOT}/{path}",
        params={f"${name}": value for name, value in asked.items()} or None,
        headers=token,
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["odata-version"] == "4.0"
    return answer.json()


def references(body):
    return [each["Reference"] for each in body["value"]]


async def test_the_service_describes_what_the_token_may_read(api, token):
    document = await rows(api, token, "")
    assert [each["name"] for each in document["value"]] == ["Requests", "MonthlyFigures"]
    described = ET.fromstring((await api.http.get(f"{ROOT}/$metadata", headers=token)).content)  # noqa: S314 - ours
    assert [each.get("Name") for each in described.iter(f"{EDM}EntityType")] == ["Request", "MonthlyFigure"]
    for scope, names in (("requests:read", ["Requests"]), ("reports:read", ["MonthlyFigures"]), ("operate", [])):
        other = await api.token(scope)
        assert [each["name"] for each in (await rows(api, other, ""))["value"]] == names
        for name in ("Requests", "MonthlyFigures"):
            answer = await api.http.get(f"{ROOT}/{name}", headers=other)
            assert answer.status_code == (200 if name in names else 403)
    await switch(api.host, "off", "dashboards")
    assert [each["name"] for each in (await rows(api, token, ""))["value"]] == ["Requests"]
    assert (await api.http.get(f"{ROOT}/MonthlyFigures", headers=token)).status_code == 404


async def test_a_row_says_what_the_desk_knows_and_never_who(api, placed, token):
    reference = await placed(address="8, rue O'Connor")
    [row] = (await rows(api, token))["value"]
    assert (row["Reference"], row["TypeTitle"], row["Phase"], row["Late"]) == (reference, "Trou", "received", False)
    assert (row["Longitude"], row["Latitude"], row["Address"]) == (-73.5807, 45.5236, "8, rue O'Connor")
    assert row["UnitName"]
    assert "Zoé" not in str(row)
    one = await rows(api, token, f"Requests('{reference}')")
    assert {name: value for name, value in one.items() if name[0] != "@"} == row
    elsewhere = await api.token("requests:read", unit="planning")
    assert (await rows(api, elsewhere))["value"] == []
    assert (await api.http.get(f"{ROOT}/Requests('{reference}')", headers=elsewhere)).status_code == 404
    assert (await api.http.get(f"{ROOT}/Requests/$count", headers=elsewhere)).text == "0"


async def test_filters_say_exactly_which_rows(api, placed, token):
    first = await placed()
    with clock.moved_to(clock.now() + timedelta(days=2)):
        last = await placed(type="hidden")
        noon = (clock.now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        for given, expected in (
            ("Type eq 'hole'", [first]),
            ("Type ne 'hole'", [last]),
            (f"SubmittedAt ge {noon}", [last]),
            (f"(SubmittedAt lt {noon}) and Phase eq 'received'", [first]),
            ("Type eq 'hole' or Type eq 'hidden' and Phase eq 'closed'", [first]),
            ("not (Type eq 'hole') and not Phase eq 'closed'", [last]),
            ("Type eq 'x'' OR 1=1 --'", []),
            ("PromisedAt eq null or PromisedAt ne null", [first, last]),
            ("not (Priority gt 5) and not (Latitude gt 89)", [first, last]),
            ("Latitude gt 45.5 and Version eq 1 and Longitude lt -73", [first, last]),
        ):
            assert references(await rows(api, token, filter=given)) == expected, given
            count = await api.http.get(f"{ROOT}/Requests/$count", params={"$filter": given}, headers=token)
            assert count.text == str(len(expected))


async def test_pages_sizes_and_columns(api, placed, token, monkeypatch):
    monkeypatch.setattr("parvis_feeds.portal.reports.MOST_ROWS", 3)
    monkeypatch.setattr("parvis_feeds.portal.reports.AT_ONCE", 2)
    filed = [await placed() for _ in range(8)]
    for asked, expected in (
        ({}, filed),
        ({"orderby": "SubmittedAt desc"}, filed[::-1]),
        ({"top": "5"}, filed[:5]),
        ({"top": "0"}, []),
        ({"skip": "3", "top": "4"}, filed[3:7]),
        ({"skip": "8"}, []),
        ({"filter": "Type eq 'hole'", "skip": "1"}, filed[1:]),
    ):
        page = await rows(api, token, **asked, select="Reference,Phase", count="true")
        read = references(page)
        assert (page["@odata.count"], len(page["value"]) <= 3) == (8, True)
        assert all(set(each) == {"Reference", "Phase"} for each in page["value"])
        while "@odata.nextLink" in page:
            page = await rows(api, token, page["@odata.nextLink"])
            read += references(page)
        assert read == expected, asked


async def test_figures_are_those_of_the_dashboard_by_month(api, placed, token):
    await placed()
    await placed(type="hidden")
    found = (await rows(api, token, "MonthlyFigures"))["value"]
    month = clock.now().strftime("%Y-%m-01")
    now = {(each["Dimension"], each["Code"]): each["Received"] for each in found if each["Month"] == month}
    assert (now["total", ""], now["type", "hole"], now["type", "hidden"]) == (2, 1, 1)
    assert len({each["Month"] for each in found}) == 13
    elsewhere = await api.token("reports:read", unit="planning")
    theirs = (await rows(api, elsewhere, "MonthlyFigures"))["value"]
    assert sum(each["Received"] for each in theirs) == 0


WRONG = {
    "$filter": (
        *("", "x", "Type", "Type eq", "Type eq hole", "Type like 'x'", "Late eq true", "Nothing eq 'x'", "Type eq 5"),
        *("(Type eq 'a'", "Type eq 'a')", "Version eq 1.5", "SubmittedAt ge 2026-13-01T00:00:00Z", "Type gt null"),
        *("1 eq 1", "contains(Type,'a')", "Type eq 'a' Type eq 'b'", "(" * 50 + "Type eq 'a'" + ")" * 50, "é eq 'a'"),
        *("not " * 400 + "Type eq 'a'", "Type eq '{}' ; DROP TABLE entry", "x" * 3000),
    ),
    "$select": ("Email", "Reference,answers"),
    "$orderby": ("Phase", "SubmittedAt sideways", "SubmittedAt,Phase"),
    "$top": ("-1", "x", "²"),
    "$skip": ("-1", "1.5", "100001"),
    "$count": ("yes",),
    "$skiptoken": ("x", "W10"),
    "$format": ("atom",),
    "$expand": ("Entries",),
    "cle": ("x",),
}


@pytest.mark.parametrize(("name", "value"), [(name, each) for name, values in WRONG.items() for each in values])
async def test_what_cannot_be_answered_is_refused_with_its_name(api, token, name, value):
    answer = await api.http.get(f"{ROOT}/Requests", params={name: value}, headers=token)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json"), answer.text
    assert answer.json()["errors"][0]["path"] == name


async def test_without_a_token_there_is_nothing(api, placed, token):
    reference = await placed()
    for path in ("", "/$metadata", "/Requests", "/MonthlyFigures", f"/Requests('{reference}')", "/Requests/$count"):
        answer = await api.http.get(f"{ROOT}{path}")
        assert (answer.status_code, "Basic" in answer.headers["www-authenticate"]) == (401, True), path
    for path in ("/Entries", "/Requests('x')", "/Requests(1)", "/MonthlyFigures('x')", "/requests"):
        assert (await api.http.get(f"{ROOT}{path}", headers=token)).status_code == 404, path
    key = token["Authorization"].removeprefix("Bearer ")
    for words in (f"excel:{key}", f"{key}:"):
        basic = {"Authorization": "Basic " + base64.b64encode(words.encode()).decode()}
        assert references(await rows(api, basic)) == [reference]
    await switch(api.host, "off", "feeds")
    assert (await api.http.get(f"{ROOT}/Requests", headers=token)).status_code == 404
