"""What people of the desk overwrite: each form says from which version it was filled in, and nobody's work is lost."""

import re

import pytest

from parvis.requests.publishing import hide_page
from parvis.requests.records import Record, find
from parvis_testing.crowded import ANA, reported
from parvis_testing.desk import HERE
from parvis_testing.rivals import WORDS, blindly, one_of_two_is_told, refused_blind, the_later_is_told, two_managers

pytestmark = pytest.mark.both_engines

REQUEST = "/bureau/requete/{reference}"
LATER = {"day.day": "2", "day.month": "3", "day.year": "2099"}
PLACE = {f"place.{name}": str(value) for name, value in HERE.items()}


async def hidden(api):
    """A report whose public page somebody has hidden."""
    found = await reported(api)
    done = await hide_page(api.host, found.named["reference"], "Vu par Ana", actor=ANA)
    assert isinstance(done, Record), done
    return found


VERSION = {
    f"{REQUEST}/attribution": (reported, {"unit": "roads", "assignee": ""}),
    f"{REQUEST}/coordonnees": (reported, {"name": WORDS, "phone": "514 555-0199", "email": "", "language": "fr"}),
    f"{REQUEST}/correction": (reported, {"type": "hole", "answers.danger": "yes", "answers.words": WORDS, **PLACE}),
    f"{REQUEST}/etape/{{transition}}": (reported, {"resolve.reason": WORDS}),
    f"{REQUEST}/note": (reported, {"words": WORDS}),
    f"{REQUEST}/page-publique": (hidden, {"do": "show", "reason": WORDS}),
    f"{REQUEST}/reponse": (reported, {"words": WORDS, "_send": "1"}),
}
"""Doors that overwrite something: a situation in which each is open, and what is typed there."""
TRIED_APART = {
    f"{REQUEST}/sans-module": "needs a module that is gone, as in core/tests/desk/test_parts_away.py",
}
"""They demand the version as well."""
NOTHING_LOST = {
    f"{REQUEST}/acces": "puts one name on a list or takes it off; what is done already is refused",
    f"{REQUEST}/attribution/annuler": "undoes one's own last change, with nothing of anybody after it",
    f"{REQUEST}/dossier/archive": "takes a copy; the story says so",
    f"{REQUEST}/evenement": "adds to the story",
    f"{REQUEST}/identite": "shows something; the story says so",
    f"{REQUEST}/non-remis": "names what the person was told, and ends what is still untold",
    f"{REQUEST}/personnes": "ends the access of one person, once",
    f"{REQUEST}/presence": "says that somebody writes, for seconds",
    f"{REQUEST}/recu": "adds to the story",
    f"{REQUEST}/vu": "takes one off one's own list",
    "/bureau/affichage": "keeps how one’s own list is shown",
    "/bureau/suivante": "takes what nobody holds, and looks again under lock",
}
OF_NO_REQUEST = tuple(
    f"/bureau/{room}"
    for room in (
        "compte",
        "delais",
        "renseignements",
        "textes",
        "vues",
    )
)


async def test_each_form_that_writes_has_its_answer_to_who_was_faster(desk):
    doors = {
        re.sub(r":\w+\}", "}", route.path)
        for route in desk.app.routes
        if route.path.startswith("/bureau/") and "POST" in route.methods and not route.path.startswith(OF_NO_REQUEST)
    }
    assert VERSION.keys() | TRIED_APART.keys() | NOTHING_LOST.keys() == doors


async def opened(api, door, person):
    """A situation in which the door is open: the request's reference, the path, what is typed, the version shown."""
    make, typed = VERSION[door]
    found = await make(api)
    reference = found.named["reference"]
    named = found.named | {"transition": "resolve"}
    return reference, door.format(**named), typed, str((await find(api.host, reference)).version)


@blindly
@pytest.mark.parametrize("door", sorted(VERSION))
async def test_a_form_that_does_not_say_what_it_was_filled_in_from_changes_nothing(desk, api, door, given):
    clerk = await desk.signed_in("manager")
    reference, path, typed, _ = await opened(api, door, clerk.person)
    await refused_blind(clerk, api, reference, path, typed | given)


@pytest.mark.parametrize("door", sorted(VERSION))
async def test_of_two_at_once_one_sees_what_the_other_did_and_loses_no_word(desk, api, door):
    clerks = await two_managers(desk)
    await one_of_two_is_told(clerks, api, *await opened(api, door, clerks[0].person))


@pytest.mark.parametrize("door", sorted(VERSION))
async def test_who_sends_after_the_other_is_done_sees_that_and_loses_no_word(desk, api, door):
    clerks = await two_managers(desk)
    await the_later_is_told(clerks, api, *await opened(api, door, clerks[0].person))
