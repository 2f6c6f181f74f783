"""Quarrels that tell who somebody is in their answers, and people of the town who open them."""

import pytest
from msgspec import structs

from parvis_sdk.fields import INTERNAL, PERSONAL, SENSITIVE, Address, Phone, ShortText
from parvis_sdk.forms import Form, Section
from parvis_sdk.text import Text

HOME, CALL, PLATE, NEIGHBOUR = "77, rue de la Plaignante", "+15145550177", "PLAQUE-F7G", "Bruit du voisin"
ANSWERS = {"kind": "noise", "home": HOME, "call": CALL, "plate": PLATE, "story": NEIGHBOUR}
WHO = (HOME, "555-0177", "5145550177", PLATE)


def asked(label):
    return Text(fr=label, en=label)


@pytest.fixture
def confiding(desk):
    """Quarrels ask where the person lives, a number to call by day, a plate in a field marked so, and what happened."""
    request_type = desk.host.plugins.request_types["quarrel"]
    more = (
        Address(code="home", label=asked("Votre adresse"), privacy=SENSITIVE, required=False),
        Phone(code="call", label=asked("Téléphone de jour"), privacy=PERSONAL, required=False),
        ShortText(
            code="plate",
            label=asked("Votre plaque"),
            privacy=structs.replace(INTERNAL, identifies=True),
            required=False,
        ),
        ShortText(code="story", label=asked("Que s’est-il passé?"), privacy=PERSONAL, required=False),
    )
    form = Form(sections=(Section(code="what", title=asked("Quoi"), fields=(*request_type.form.fields(), *more)),))
    desk.host.plugins.request_types["quarrel"] = structs.replace(request_type, form=form)
    return desk


async def come(desk, role="manager", **given):
    clerk = await desk.signed_in(role, "noise", **given)
    return clerk


def told(text):
    return [words for words in WHO if words in text.replace("\u00a0", " ")]
