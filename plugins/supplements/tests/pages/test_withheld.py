"""Who was filling a form in when its service stopped taking requests loses nothing, and goes on when it opens again."""

import pytest

from parvis.requests.offered import type_of
from parvis.web.portal.visit import apply_address
from parvis_testing.modules import switch

WITHHELD = "Ce service n’accepte pas de nouvelles requêtes pour le moment."


@pytest.mark.parametrize("state", ["closing", "off"])
async def test_what_was_written_is_kept_until_the_service_opens_again(office, form, state):
    resident = office.visitor()
    await resident.open(form)
    await switch(office.host, state)
    await resident.send({"place.words": "Derrière la grange rouge 🙂"})
    assert WITHHELD in resident.text
    assert "Il n’est pas envoyé." in resident.text
    assert WITHHELD in (await resident.open(form)).text
    await switch(office.host, "on")
    await resident.open(form)
    assert "Derrière la grange rouge 🙂" in resident.page.text


async def test_to_whoever_has_begun_nothing_there_is_no_such_page(office, form):
    await switch(office.host, "off")
    assert (await office.visitor().open(form)).status == 404


@pytest.fixture
def form(office):
    return apply_address("fr", type_of(office.host, office.host.jurisdictions.get("parvis"), "file"))
