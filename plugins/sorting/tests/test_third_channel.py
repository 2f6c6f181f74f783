"""A channel that nobody planned for declares a page with a table of its own, and nothing else."""

from piccolo.columns import Varchar
from piccolo.table import Table

from parvis import clock
from parvis.identifiers import new_id
from parvis_sdk.text import Text
from parvis_sorting.messages import Pile, message_in
from parvis_sorting.pages import (
    SortingList,
    SortingPage,
    SortingWords,
    handlers_of,
    menu_line,
    sheet_source,
    stalled_source,
)


class Fax(Table, tablename="fax_incoming"):
    """One that came in."""

    state = Varchar(length=10)


FAXES = Pile(
    table=Fax,
    empty={"words": ""},
    holder="fax:{}".format,
    heading=lambda fax: Text(fr="Télécopie", en="Fax"),
    is_of=lambda fax, person: False,
)
PAGE = SortingPage(
    path="/bureau/telecopies",
    guide="docs/incoming-mail#sorting",
    name="fax",
    asked="telecopie",
    icon="print",
    pile=FAXES,
    lists=(SortingList(code="", title=lambda: "To sort", which=Fax.state == "open"),),
    words=lambda: SortingWords(title="Faxes to sort", meaning="", why="Why", kinds={}, reasons={}),
    when=lambda room: True,
    sender=lambda fax: fax.sender,
    heading=lambda fax: "Fax",
    requester=lambda fax: {"phone": fax.sender},
    channel="paper",
)


def test_it_has_the_addresses_of_every_other_channel():
    paths = [path for handler in handlers_of(PAGE) for path in handler.paths]
    one = "/bureau/telecopies/{id:str}"
    below = ("/fichiers/{file:str}", "/rattachement", "/retrait")
    assert paths == ["/bureau/telecopies", one, *(one + each for each in below)]


def test_it_stands_in_the_menu_beside_stalled_work_and_opens_the_sheet():
    assert (menu_line(PAGE).text(), menu_line(PAGE).right) == ("Faxes to sort", "intake")
    assert (stalled_source(PAGE).title(), sheet_source(PAGE).asked) == ("Faxes to sort", "telecopie")


def test_what_a_channel_does_not_know_is_empty():
    told = {"id": new_id(), "key": "k", "jurisdiction": "parvis", "sort": "new", "why": "", "state": "open"}
    told |= {
        "received_at": clock.now(),
        "sender": "+14505550188",
        "words": "Un trou",
        "left_out": "[]",
        "reference": "",
    }
    fax = message_in({**told, "settled_at": None, "settled_by": "", "said": "", "pages": 2})
    assert (fax.subject, fax.candidates, fax.waits, fax.is_settled) == ("", (), True, False)
