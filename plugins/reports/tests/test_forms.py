"""What each report asks, and what it does with the answers."""

import pytest

from parvis_sdk.problems import Problems
from parvis_sdk.requests import Attachment


def promised(desk_case):
    return desk_case.request_type.promise(desk_case.submission.answers).code


@pytest.mark.parametrize(
    ("code", "answers", "promise"),
    [
        ("pothole", {}, "standard"),
        ("pothole", {"danger": True}, "danger"),
        ("street_light", {}, "standard"),
        ("street_light", {"danger": True}, "danger"),
        ("street_light", {"extent": "whole_street", "lights": None}, "whole_street"),
        ("missed_collection", {}, "standard"),
        ("graffiti", {}, "standard"),
        ("graffiti", {"hateful": True}, "hateful"),
        ("fallen_branch", {}, "standard"),
        ("fallen_branch", {"wires": True}, "danger"),
        ("fallen_branch", {"blocks": ["sidewalk", "street"]}, "danger"),
        ("fallen_branch", {"blocks": ["sidewalk"]}, "standard"),
        ("fallen_branch", {"what": "hanging"}, "danger"),
        ("snowy_sidewalk", {}, "standard"),
        ("snowy_sidewalk", {"mobility": True}, "mobility"),
        ("illegal_dumping", {}, "standard"),
        ("illegal_dumping", {"hazardous": True}, "danger"),
        ("park_equipment", {}, "standard"),
        ("park_equipment", {"danger": True}, "danger"),
        ("park_equipment", {"injury": True}, "danger"),
    ],
)
async def test_the_answers_earn_their_promise(desk, report, code, answers, promise):
    assert promised(await desk.submit(code, report(code, **answers))) == promise


def test_danger_is_made_safe_within_a_day_and_a_pothole_filled_within_five_working_days(types):
    danger, standard = types["pothole"].service_levels
    assert (danger.hours, standard.business_days) == (24, 5)


async def test_a_pothole_takes_up_to_five_photos_and_needs_none(desk, report):
    photos = {f"p{n}": Attachment(id=f"p{n}", name="trou.jpg", kind="image/jpeg", size=90_000) for n in range(6)}
    assert not isinstance(await desk.submit("pothole", report("pothole")), Problems)
    five = await desk.submit("pothole", report("pothole", photos=["p0", "p1", "p2", "p3", "p4"]), attachments=photos)
    assert five.submission.attachments == ("p0", "p1", "p2", "p3", "p4")
    six = await desk.submit("pothole", report("pothole", photos=list(photos)), attachments=photos)
    assert six.at("answers.photos").code == "too_many"


async def test_a_report_needs_a_place(desk, report):
    problems = await desk.submit("pothole", report("pothole") | {"place": {}})
    assert problems.at("place").code == "place_missing"


async def test_several_lamps_are_one_report(desk, report):
    lights = [{"fault": "out", "pole": "LR-1"}, {"fault": "flickers", "whereabouts": "Devant le 12"}, {"fault": "out"}]
    case = await desk.submit("street_light", report("street_light", extent="several", lights=lights))
    assert [light["fault"] for light in case.submission.answers["lights"]] == ["out", "flickers", "out"]


async def test_a_dark_street_is_reported_without_counting_its_lamps(desk, report):
    case = await desk.submit("street_light", report("street_light", extent="whole_street"))
    assert "lights" not in case.submission.answers


async def test_a_collection_that_has_not_come_yet_was_not_missed(desk, report):
    problems = await desk.submit("missed_collection", report("missed_collection", collection_day="2026-06-16"))
    assert problems.at("answers.collection_day").code == "too_late"


async def test_a_collection_of_last_month_is_too_long_ago(desk, report):
    problems = await desk.submit("missed_collection", report("missed_collection", collection_day="2026-05-15"))
    assert problems.at("answers.collection_day").code == "too_early"


async def test_the_words_of_a_notice_are_asked_only_where_there_is_one(desk, report):
    told = report("missed_collection", tag=True, tag_words="Matières non acceptées")
    untold = report("missed_collection", tag=False, tag_words="Matières non acceptées")
    assert "tag_words" in (await desk.submit("missed_collection", told)).submission.answers
    assert "tag_words" not in (await desk.submit("missed_collection", untold)).submission.answers


async def test_consent_to_clean_is_asked_of_the_owner_of_a_private_wall_only(desk, report):
    owner = report("graffiti", property="private", owner=True, access=True)
    passer_by = report("graffiti", property="private", owner=False, access=True)
    on_a_street = report("graffiti", property="public", owner=True, access=True)
    assert (await desk.submit("graffiti", owner)).submission.answers["access"] is True
    assert "access" not in (await desk.submit("graffiti", passer_by)).submission.answers
    assert "owner" not in (await desk.submit("graffiti", on_a_street)).submission.answers


async def test_whose_surface_it_is_may_be_left_for_the_crew_to_see(desk, report):
    case = await desk.submit("graffiti", report("graffiti", property=None))
    assert "property" not in case.submission.answers


async def test_the_height_of_a_windrow_is_asked_only_of_a_windrow(desk, report):
    windrow = await desk.submit("snowy_sidewalk", report("snowy_sidewalk", kind="windrow", height=40))
    sidewalk = await desk.submit("snowy_sidewalk", report("snowy_sidewalk", kind="sidewalk", height=40))
    assert windrow.submission.answers["height"] == 40
    assert "height" not in sidewalk.submission.answers


async def test_dumped_waste_is_of_at_least_one_kind(desk, report):
    problems = await desk.submit("illegal_dumping", report("illegal_dumping", materials=[]))
    assert problems.at("answers.materials")


async def test_a_witness_says_what_they_saw_and_nobody_else_is_asked(desk, report):
    seen = report("illegal_dumping", seen=True, seen_what="Une camionnette blanche", plate="ABC 123")
    case = await desk.submit("illegal_dumping", seen)
    assert case.submission.answers["plate"] == "ABC 123"
    silent = await desk.submit("illegal_dumping", report("illegal_dumping", seen=True))
    assert silent.at("answers.seen_what")
    unseen = await desk.submit("illegal_dumping", report("illegal_dumping", seen=False, plate="ABC 123"))
    assert "plate" not in unseen.submission.answers


@pytest.mark.parametrize("mode", ["named", "anonymous"])
async def test_every_report_may_be_made_without_giving_a_name(desk, report, types, mode):
    for code in types:
        raw = report(code) | {"requester": {"mode": mode, "name": "Marie", "phone": "450 555-0199"}}
        case = await desk.submit(code, raw)
        assert case.submission.requester.name == ("Marie" if mode == "named" else "")
