"""What operators read where no scanner is named, and where nobody asks the one that is."""

import dataclasses
import io

from PIL import Image

from parvis.deployment import compose
from parvis.example_towns import town_folder
from parvis.requests.attached.antivirus import NOT_ASKED, NobodyScans, UploadGuard
from parvis.requests.attached.receiving import receive_file
from parvis.settings import read_settings


async def test_without_an_antivirus_it_is_said_that_files_are_not_scanned(site):
    await site.sign_in()
    assert "aucun\u00a0: les fichiers ne sont pas analysés" in await site.page()
    assert (await site.http.get("/health")).json()["files"]["held"] == 0


async def test_where_no_module_asks_the_scanner_that_is_named_files_wait_and_the_module_is_named(site):
    deployment = site.app.state.deployment
    host = deployment.host.having(UploadGuard(NobodyScans("clamav", NOT_ASKED)))
    site.app.state.deployment = dataclasses.replace(deployment, host=host)
    written = io.BytesIO()
    Image.new("RGB", (20, 20)).save(written, "JPEG")
    await receive_file(host, "h" * 64, "photos", "trou.jpg", written.getvalue())
    await site.sign_in()
    page = await site.page()
    assert "L’antivirus ne répond pas" in page
    assert "1 · le module virus_scanning, qui interroge l’antivirus &#39;clamav&#39;, n’est pas installé" in page


async def test_where_the_setting_was_removed_files_that_are_still_held_and_why_are_told(site):
    deployment = site.app.state.deployment
    guarded = deployment.host.having(UploadGuard(NobodyScans("clamav")))
    written = io.BytesIO()
    Image.new("RGB", (20, 20)).save(written, "JPEG")
    await receive_file(guarded, "h" * 64, "photos", "trou.jpg", written.getvalue())
    await site.sign_in()
    assert "1 · aucun antivirus n’est choisi (files.scanner)\u00a0: ces fichiers restent retenus" in await site.page()
    assert (await site.http.get("/health")).json()["files"]["held"] == 1


def test_settings_that_name_a_scanner_which_no_module_asks_name_the_module(tmp_path, town_plugin):
    environ = {"PARVIS_SECRET_KEY": "s" * 40, "PARVIS_FILES_SCANNER": "clamav"}
    settings = read_settings(None, environ, territory=town_folder(), data=tmp_path)
    deployment = compose(settings, [town_plugin])
    (told,) = [each.line() for each in deployment.loose_ends if each.key == "files.scanner"]
    assert "the module virus_scanning" in told
    assert "received files wait" in told
    assert "install parvis-virus-scanning" in told
    assert "files already held" in told
