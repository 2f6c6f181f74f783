"""A photo on a form while it is held, once it was released, and once a virus was found in it."""

import dataclasses

import pytest

from parvis.requests.attached.antivirus import UploadGuard
from parvis_sdk.virus_scanners import Clean, Infected
from parvis_testing.antivirus import AnsweringScanner
from parvis_virus_scanning.rounds import FileScanner

SERVICE = "/fr/demande/rues/nid-de-poule"
HOST = "http://127.0.0.1"


async def to_photos(browser):
    await browser.open(SERVICE)
    await browser.send({"place.address": "4563 rue saint-urbain", "place.lon": "-73.585", "place.lat": "45.522"})
    if "Photos du trou" not in browser.text:
        await browser.send({"size": "small", "danger": "no"})
    return browser


@pytest.fixture
def guarded(app):
    """The town with an antivirus."""
    deployment = app.state.deployment
    scanner = AnsweringScanner(Clean())
    app.state.deployment = dataclasses.replace(deployment, host=deployment.host.having(UploadGuard(scanner)))
    return scanner


async def test_a_held_photo_is_named_and_not_shown_until_it_was_scanned(guarded, app, browser, jpeg):
    await to_photos(browser)
    await browser.send({}, files=[("photos", ("trou.jpg", jpeg, "image/jpeg"))])
    await browser.open(f"{SERVICE}/3")
    assert "En cours d’analyse antivirus" in browser.text
    assert "trou.jpg" in browser.text
    assert "<img src=" not in browser.page.text.partition("data-kept")[2].partition("</ul>")[0]
    (id,) = [value for name, value in browser.form()["fields"] if name == "photos"]
    files = f"{HOST}{browser.path.rsplit('/', 1)[0]}/fichiers/{id}"
    held = await browser.http.get(files)
    assert (held.status_code, held.headers["retry-after"]) == (404, "5")
    await FileScanner(app.state.deployment.host, guarded).step()
    await browser.open(f"{SERVICE}/3")
    assert "En cours d’analyse" not in browser.text
    assert (await browser.http.get(files)).status_code == 200


async def test_a_photo_with_a_virus_is_told_before_sending_and_taken_out_by_a_press(guarded, app, browser, jpeg):
    guarded.answer = Infected(virus="Eicar-Test")
    await to_photos(browser)
    await browser.send({}, files=[("photos", ("trou.jpg", jpeg, "image/jpeg"))])
    await FileScanner(app.state.deployment.host, guarded).step()
    await browser.open(f"{SERVICE}/3")
    assert "Retiré : un virus y a été trouvé" in browser.text
    await browser.send({})
    assert browser.status == 422
    assert "Un virus a été trouvé dans « trou.jpg »" in browser.text
    (id,) = [value for name, value in browser.form()["fields"] if name == "photos"]
    await browser.send({"_remove": id})
    await browser.send({})
    assert browser.status == 200
    assert "virus" not in browser.text
