"""What the API says a request would cost: by answers as a request sends them, and never more than a clear refusal."""

import pytest

SQUARE = {"type": "Polygon", "coordinates": [[[-73.58, 45.52], [-73.57, 45.52], [-73.57, 45.53], [-73.58, 45.52]]]}
DAYS = {"first": "2027-05-01", "last": "2027-05-10"}
ADDRESS = "/api/v1/request-types/{}/estimate"


@pytest.fixture
async def asked(here):
    machine = here.browser(accept="application/json")

    async def ask(code, **body):
        return await machine.post(ADDRESS.format(code), json=body)

    return ask


async def test_answers_are_read_as_a_request_sends_them(asked):
    (whole,) = (await asked("terrace", answers=DAYS | {"posts": "3"}, place={"geometry": SQUARE})).json()["items"]
    assert {item["code"] for item in whole["items"]} == {"area", "posts"}
    assert whole["items"][1]["amount"] == 1500
    assert whole["missing"] == []
    (begun,) = (await asked("terrace", answers={"first": "2027-05-01"}, place={"lon": "", "lat": None})).json()["items"]
    assert (begun["total"], set(begun["missing"])) == (0, {"place", "last", "posts"})


@pytest.mark.parametrize(
    ("answers", "place", "path"),
    [
        ({"first": "x", "last": "2027-05-10"}, None, "answers.first"),
        (DAYS | {"last": "2027-02-30"}, None, "answers.last"),
        (DAYS | {"posts": 1e308}, None, "answers.posts"),
        (DAYS | {"posts": 10**400}, None, "answers.posts"),
        (DAYS | {"posts": {"a": ["b"]}}, None, "answers.posts"),
        (DAYS | {"nobody_asked": 1}, None, "answers.nobody_asked"),
        (DAYS, {"geometry": {"type": "Polygon"}}, "place"),
        (DAYS, {"geometry": {"type": "Polygon", "coordinates": [[[0]]]}}, "place"),
        (DAYS, {"geometry": {"type": "Polygon", "coordinates": [[["a", {}], [1, 2], [3, 4], ["a", {}]]]}}, "place"),
        (DAYS, {"geometry": SQUARE | {"coordinates": [[[1e308, 0], [0, 1], [1, 1], [1e308, 0]]]}}, "place"),
        (DAYS, {"geometry": SQUARE | {"type": "MultiPolygon"}}, "place"),
    ],
)
async def test_what_no_form_would_take_is_refused_where_it_stands(asked, answers, place, path):
    refused = await asked("terrace", answers=answers, place=place)
    assert refused.status_code == 422, refused.text
    assert refused.headers["content-type"] == "application/problem+json"
    assert path in [error["path"] for error in refused.json()["errors"]]


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        *((each, "cents") for each in ("1500.50", "150050", "1 500,50 $", 1500.5, 1500.0, True, {"cents": 5})),
        *((each, "too_large") for each in (10**12 + 1, 2**63, 10**18)),
        (-(10**18), "too_small"),
    ],
)
async def test_an_amount_in_another_unit_than_cents_or_that_no_town_holds_is_never_guessed(asked, amount, code):
    refused = await asked("sign", answers={"value": amount})
    error = refused.json()["errors"][0]
    assert (refused.status_code, error["path"], error["code"]) == (422, "answers.value", code)
