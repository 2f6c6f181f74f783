"""The author of an opinion sees what it is about, and is asked only where there is something to judge."""

import pytest

from parvis_sdk.conditions import holds
from parvis_sdk.documents import Document
from parvis_sdk.reviews import Review


@pytest.fixture
def tasks(types):
    (review,) = types["construction"].of(Review)
    return {task.code: task for task in review.tasks}


def test_zoning_is_judged_beside_what_the_by_law_says_of_the_land(tasks, types):
    by_law = {field.code for field in types["construction"].form.fields() if getattr(field, "layer", "") == "zoning"}
    assert len(by_law) == 6
    assert by_law <= set(tasks["zoning"].shows)


def test_the_planning_committee_sees_the_elevations_that_were_asked_for_its_sake(tasks):
    assert {"elevations", "site_planning", "photos"} <= set(tasks["heritage"].shows)


@pytest.mark.parametrize(
    ("known", "asked"),
    [({"site_planning": True}, True), ({"site_planning": False}, False), ({}, True)],
    ids=["protected", "not protected", "not known"],
)
def test_the_planning_committee_is_asked_where_a_by_law_protects_the_sector_or_nobody_knows(tasks, known, asked):
    assert holds(tasks["heritage"].when, {"work_kind": "extension", **known}) is asked
    assert not holds(tasks["heritage"].when, {"work_kind": "pool", **known})


def test_the_building_permit_says_in_which_zone(types):
    permit = types["construction"].part(Document, "permit")
    assert "zone" in permit.shows
