"""The stories of the demo are believable, never twice the same, and the same for the same seed."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from parvis.jurisdictions.calendars import is_open
from parvis.jurisdictions.layers import ASSETS
from parvis.jurisdictions.owners import owner_of
from parvis.jurisdictions.places import locate
from parvis_address_search.town_addresses import ADDRESSES
from parvis_demo.sentences import Spot, all_lines
from parvis_demo.stories import stories

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def told(towns):
    return stories(1, NOW, towns.jurisdiction("parvis"))


def test_the_same_seed_tells_the_same_stories_and_another_one_others(towns, told):
    town = towns.jurisdiction("parvis")
    assert stories(1, NOW, town) == told
    assert stories(2, NOW, town) != told


def test_four_hundred_stories_have_four_hundred_wordings(told):
    assert len(told) == 400
    assert len({story.words for story in told}) == 400


def test_every_type_is_told_and_none_takes_more_than_a_third(told):
    counts = Counter(story.type for story in told)
    assert set(counts) == {kind for kinds in all_lines().values() for kind in kinds}
    assert max(counts.values()) < len(told) / 3


def test_a_town_tells_only_of_the_plugins_it_uses(towns):
    told = stories(1, NOW, towns.jurisdiction("rivemont"), 60)
    assert {story.type for story in told} <= set(all_lines()["reports"])


def test_every_place_is_a_real_address_inside_the_town_and_nobody_elses(towns, told):
    town = towns.jurisdiction("parvis")
    known = {address.text for address in ADDRESSES.of(town).addresses}
    for story in told:
        assert story.address in known
        assert locate(town, story.lon, story.lat).inside
        assert owner_of(town, story.type, story.lon, story.lat) is None


def test_park_equipment_is_pointed_at(towns, told):
    codes = {asset.code for asset in ASSETS.of(towns.jurisdiction("parvis"))["equipment"].assets}
    pointed = [story.asset for story in told if story.type == "park_equipment"]
    assert pointed
    assert set(pointed) <= codes


def test_people_and_their_numbers_are_invented(told):
    for story in told:
        assert not story.email or story.email.endswith("@example.org")
        assert not story.phone or re.fullmatch(r"(450|514) 555-01\d\d", story.phone)
        assert ("name" in story.requester) == (story.mode != "anonymous")
        assert story.mode == "anonymous" or story.email or story.phone


def test_noise_is_always_complained_of_in_confidence(told):
    assert {story.mode for story in told if story.type == "noise"} == {"confidential"}


def test_no_snow_is_reported_in_summer_and_most_of_it_in_winter(told):
    months = [story.submitted_at.month for story in told if story.type == "snowy_sidewalk"]
    assert months
    assert not {5, 6, 7, 8, 9, 10} & set(months)


def test_nobody_phones_or_comes_by_when_the_town_is_closed(towns, told):
    calendar = towns.jurisdiction("parvis").calendar
    for story in told:
        if story.channel in ("phone", "counter", "mail"):
            # a moment that would lie in the future is brought back, at most two hours
            assert is_open(calendar, story.submitted_at) or NOW - story.submitted_at < timedelta(hours=2)
    by_hand = sum(story.channel in ("phone", "counter") for story in told)
    assert 0.3 < by_hand / len(told) < 0.7


def test_most_are_written_in_french_and_some_in_english(told):
    languages = Counter(story.language for story in told)
    assert languages["fr"] > 300
    assert languages["en"] > 25


def test_stories_go_back_nine_months_and_none_is_from_the_future(told):
    assert told[0].submitted_at < NOW - timedelta(days=240)
    assert told[-1].submitted_at < NOW
    assert list(told) == sorted(told, key=lambda story: story.submitted_at)


def test_steps_follow_each_other_while_the_town_is_open_and_stop_before_now(towns, told):
    calendar = towns.jurisdiction("parvis").calendar
    for story in told:
        times = [story.submitted_at, *(step.at for step in story.steps)]
        assert times == sorted(times)
        assert times[-1] < NOW
        for step in story.steps:
            assert is_open(calendar, step.at - timedelta(microseconds=1))


def test_old_stories_are_mostly_ended_and_new_ones_mostly_open(told):
    endings = {"resolve", "refuse", "withdraw", "settle", "offence", "unfounded", "find_founded", "find_partly_founded"}

    def ended(stories):
        return sum(any(step.move in endings for step in story.steps) for story in stories) / len(stories)

    assert ended([story for story in told if NOW - story.submitted_at > timedelta(days=30)]) > 0.8
    assert ended([story for story in told if NOW - story.submitted_at < timedelta(days=2)]) < 0.3


def test_a_demo_in_midsummer_tells_of_other_months(towns):
    july = datetime(2027, 7, 10, 15, tzinfo=UTC)
    told = stories(1, july, towns.jurisdiction("parvis"), 150)
    snow = [story for story in told if story.type == "snowy_sidewalk"]
    assert snow
    assert {story.submitted_at.astimezone(ZoneInfo("America/Toronto")).month for story in snow} <= {
        10,
        11,
        12,
        1,
        2,
        3,
        4,
    }


def test_no_placeholder_is_left_and_apostrophes_are_typographic(told):
    for story in told:
        for words in (story.words, *(step.words for step in story.steps)):
            assert "{" not in words
            assert not re.search(r"\w'\w", words)


def test_every_line_can_be_said():
    spot = Spot.at("1033, rue Rachel Est")
    values = {"no": spot.number, "la": spot.the, "de": spot.of_the, "street": spot.street, "jour": "", "day": ""}
    lines = 0
    for kinds in all_lines().values():
        for languages in kinds.values():
            assert set(languages) == {"fr", "en"}
            for voice in languages.values():
                for part in (voice, *voice.get("cases", ())):
                    for said in (said for name, said in part.items() if name not in ("cases", "facts")):
                        assert all(line.format(**values) or line == "" for line in said)
                        lines += len(said)
    assert lines > 600


@pytest.mark.parametrize(
    ("address", "the", "of_the"),
    [
        ("1033, rue Rachel Est", "la rue Rachel Est", "de la rue Rachel Est"),
        ("5100, boulevard Saint-Laurent", "le boulevard Saint-Laurent", "du boulevard Saint-Laurent"),
        ("465, avenue du Mont-Royal Est", "l’avenue du Mont-Royal Est", "de l’avenue du Mont-Royal Est"),
        ("6101, 8e Avenue", "la 8e Avenue", "de la 8e Avenue"),
        ("22, chemin Macdonald", "le chemin Macdonald", "du chemin Macdonald"),
    ],
)
def test_streets_have_their_article(address, the, of_the):
    spot = Spot.at(address)
    assert (spot.the, spot.of_the) == (the, of_the)
