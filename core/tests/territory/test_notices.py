"""Notices of a town: when and where they hold, read again when they change, whole or not at all."""

from datetime import UTC, datetime

import pytest

from parvis.territory import NoticeBoard, TerritoryError, load_territory

NOTICES = """
[water]
kind = "stop"
types = ["leak"]
zones = ["west"]
urgent = true
from = 2026-11-25
until = 2026-11-26
title = { fr = "Avis d’ébullition", en = "Boil water" }

[summer]
every_year = ["06-01", "08-31"]
title = { fr = "Piscines ouvertes", en = "Pools open" }

[storm]
kind = "divert"
types = ["branch"]
from = 2026-11-25T18:00:00
phone = "450 555-0199"
title = { fr = "Tempête", en = "Storm" }
"""


def at(day: int, hour: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.fixture
def town(small_town):
    small_town.write("essai/notices.toml", NOTICES)
    return small_town.load()


def test_a_notice_holds_in_its_time_by_the_clock_of_the_town(town):
    def in_force(now):
        return {notice.code for notice in town.notices if notice.is_in_force(now)}

    assert in_force(at(25, 4)) == set()  # still the 24th in this town
    assert in_force(at(25, 12)) == {"water"}
    assert in_force(at(26, 12)) == {"water", "storm"}  # the last day counts whole
    assert in_force(at(27, 6)) == {"storm"}
    assert in_force(at(1, 12, month=7)) == {"summer"}
    assert town.notices[0].code == "water"


def test_a_notice_of_a_zone_holds_there_only(town):
    water = next(notice for notice in town.notices if notice.code == "water")
    assert water.holds_in(("west",))
    assert not water.holds_in(("east",))
    assert not water.holds_in(())
    assert water.is_about("leak")
    assert not water.is_about("pothole")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('[a]\nkind = "divert"\ntypes = ["x"]\ntitle = { fr = "T", en = "T" }', "a · diverts to nowhere"),
        ('[a]\nkind = "stop"\ntitle = { fr = "T", en = "T" }', "a.types · is missing"),
        ('[a]\nfrom = 2026-02-02\nuntil = 2026-01-01\ntitle = { fr = "T", en = "T" }', "a.until · comes before from"),
        ('[a]\nzones = ["north"]\ntitle = { fr = "T", en = "T" }', "'north' is not a zone"),
        ('[a]\ntitle = { fr = "T" }', "a.title · has no English"),
        ("[a]\nkind = 'inform'", "a.title · is missing"),
        ('[a]\nkind = "divert"\ntypes = ["x"]\nto = "x"\ntitle = { fr = "T", en = "T" }', "is itself among the types"),
    ],
)
def test_a_mistake_is_told_with_its_place(small_town, wrong, said):
    small_town.write("essai/notices.toml", wrong)
    with pytest.raises(TerritoryError) as told:
        small_town.load()
    assert said in str(told.value)


def test_notices_are_read_again_when_they_change_and_a_mistake_leaves_those_before(small_town):
    small_town.write("essai/notices.toml", NOTICES)
    territory = load_territory(small_town.folder)
    board = NoticeBoard(territory, small_town.folder, seconds=0)
    town = territory.jurisdiction("essai")

    def codes():
        return {notice.code for notice in board.of(town, at(25, 12))}

    assert codes() == {"water"}
    small_town.write("essai/notices.toml", NOTICES.replace("[water]", "[boiling_water]"))
    assert codes() == {"boiling_water"}
    small_town.write("essai/notices.toml", NOTICES.replace('"west"', '"nowhere-at-all"'))
    assert codes() == {"boiling_water"}
    assert [mistake.what for mistake in board.mistakes] == ["'nowhere-at-all' is not a zone of this jurisdiction"]
    (small_town.folder / "essai/notices.toml").unlink()
    assert codes() == set()
    assert board.mistakes == ()


def test_types_that_nothing_installed_provides_are_a_loose_end(town, small_town):
    from parvis.territory import loose_ends

    ends = loose_ends(load_territory(small_town.folder), types=("leak",), plugins=())
    assert [(end.file, end.key) for end in ends] == [("essai/notices.toml", "storm")]


def test_a_town_says_of_a_service_what_it_wants_over_the_words_of_its_author(small_town):
    from parvis.territory.services import in_the_words_of
    from parvis_sdk.about import About, Answer
    from parvis_sdk.text import Text

    small_town.write(
        "essai/services.toml",
        """
[leak]
cost = { fr = "12 $", en = "$12" }
without = ["old"]

[[leak.next]]
text = { fr = "On vient.", en = "We come." }

[[leak.answers]]
code = "when"
question = { fr = "Quand?", en = "When?" }
answer = { fr = "Demain.", en = "Tomorrow." }
""",
    )
    said = Text(fr="mot", en="word")
    theirs = tuple(Answer(code=code, question=said, answer=said) for code in ("when", "old", "how"))
    about = About(who=said, cost=said, next=(said, said), answers=theirs)
    shared = (Answer(code="shared", question=said, answer=said),)
    ours = in_the_words_of(small_town.load().services["leak"], about, shared)
    assert (ours.who, ours.cost.en, [line.fr for line in ours.next]) == (said, "$12", ["On vient."])
    assert [answer.code for answer in ours.answers] == ["when", "how", "shared"]
    assert ours.answers[0].answer.fr == "Demain."
    assert in_the_words_of(None, about, ()) == about
