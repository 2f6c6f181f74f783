"""An endpoint at a pretend desk, with a requester whose data must not go where nobody stated its need."""

import pytest
from msgspec import structs

from parvis_sdk.fields import PERSONAL, PUBLIC, ShortText
from parvis_sdk.forms import Form, Section
from parvis_sdk.testing import Desk
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.text import Text
from parvis_webhooks import plugin
from parvis_webhooks.settings import Endpoint, Settings

URL = "https://observatory.example/parvis"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NEWER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
L = Text(fr="Question", en="Question")
KIND = structs.replace(
    SAMPLE,
    form=Form(
        sections=(
            Section(
                code="what",
                title=L,
                fields=(
                    ShortText(code="colour", label=L, privacy=PUBLIC),
                    ShortText(code="witness", label=L, privacy=PERSONAL, required=False),
                ),
            ),
        )
    ),
)
RAW = {
    "answers": {"colour": "rouge", "witness": "Yvon Témoin"},
    "place": {"lon": -73.5, "lat": 45.5, "address": "12, rue Sainte"},
    "requester": {"mode": "named", "name": "Zoé Demanderesse", "email": "zoe@exemple.com"},
}


def settings_for(secret=SECRET, **given):
    endpoint = Endpoint(**{"name": "observatory", "url": URL, **given})
    return Settings(endpoints=(endpoint,), secrets={} if endpoint.secret_file else {"observatory": secret})


@pytest.fixture
def at_desk(exchange):
    """A desk with one endpoint; `exchange` is its receiver."""

    def make(secret=SECRET, **given):
        return Desk(plugin, settings=settings_for(secret, **given), types=[KIND], other_system=exchange)

    return make
