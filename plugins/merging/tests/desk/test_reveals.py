"""The page that splits a request discloses nothing of a confidential requester."""

from msgspec import structs

from parvis_sdk.fields import PERSONAL, SENSITIVE, LongText, Phone
from parvis_sdk.forms import Form, Section
from parvis_sdk.text import Text
from parvis_testing.desk import address

ANSWERS = {"kind": "noise", "call": "514 555-0177", "story": "Mon voisin crie"}
WHO = {"mode": "confidential", "name": "Zoé Plaignante", "email": "plaignante@exemple.ca"}


def said(words):
    return Text(fr=words, en=words)


async def test_it_shows_neither_the_person_nor_their_hidden_answers(desk):
    request_type = desk.host.plugins.request_types["quarrel"]
    more = (
        Phone(code="call", label=said("Téléphone de jour"), privacy=PERSONAL, required=False),
        LongText(code="story", label=said("Que s’est-il passé?"), privacy=SENSITIVE, required=False),
    )
    form = Form(sections=(Section(code="what", title=said("Quoi"), fields=(*request_type.form.fields(), *more)),))
    desk.host.plugins.request_types["quarrel"] = structs.replace(request_type, form=form)
    record = await desk.request("quarrel", "noise", answers=ANSWERS, requester=WHO)
    clerk = await desk.signed_in("agent")
    page = await clerk.get(address(record, "partage"))
    assert page.status_code == 200
    told = page.text.replace("\u00a0", " ")
    assert not [words for words in ("Plaignante", "plaignante@", "555-0177", "voisin crie") if words in told]
