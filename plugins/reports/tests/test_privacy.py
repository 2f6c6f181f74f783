"""What of a report anyone may ever see."""

import pytest

from parvis_sdk.fields import Address, Email, File, LongText, Phone, Photo, Sensitivity

PUBLIC = {
    "pothole": {"size", "surface", "danger", "depth"},
    "street_light": {"extent", "lights", "danger"},
    "missed_collection": set(),
    "graffiti": {"surface", "size"},
    "fallen_branch": {"what", "thickness", "blocks", "wires"},
    "snowy_sidewalk": {"kind", "condition", "height", "side"},
    "illegal_dumping": {"materials", "volume", "hazardous", "ground"},
    "park_equipment": {"kind", "fault", "park", "danger"},
}


def of(request_type, sensitivity):
    return {field.code for field in request_type.form.fields() if field.privacy.sensitivity is sensitivity}


@pytest.mark.parametrize("code", PUBLIC)
def test_the_public_page_shows_the_facts_and_nothing_else(types, code):
    assert of(types[code], Sensitivity.PUBLIC) - {"emergency", "claims"} == PUBLIC[code]


def test_what_people_write_or_attach_in_their_own_words_is_never_public(types):
    for request_type in types.values():
        for field in request_type.form.fields():
            if isinstance(field, LongText | Photo | File | Email | Phone | Address):
                assert field.privacy.sensitivity is not Sensitivity.PUBLIC


def test_a_missed_bin_has_no_public_page_because_it_stands_before_a_home(types):
    assert {code for code, request_type in types.items() if not request_type.visibility.public} == {"missed_collection"}


def test_graffiti_is_shown_roughly_where_it_is(types):
    assert types["graffiti"].place.precision == 50


def test_what_a_witness_saw_is_sensitive_says_why_it_is_asked_and_is_kept_for_a_year(types):
    request_type = types["illegal_dumping"]
    assert of(request_type, Sensitivity.SENSITIVE) == {"seen_what", "plate"}
    for code in ("seen_what", "plate"):
        privacy = request_type.form.field(code).privacy
        assert privacy.purpose is not None
        assert privacy.retention_days == 365


def test_a_witness_may_stay_confidential(types):
    assert "confidential" in types["illegal_dumping"].identity.modes


def test_whatever_is_closed_is_anonymised_after_two_years(types):
    assert {(request_type.retention.days, request_type.retention.then) for request_type in types.values()} == {
        (730, "anonymise")
    }
