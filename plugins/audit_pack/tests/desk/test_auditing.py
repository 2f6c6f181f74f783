"""The page of the auditor's pack: who takes it, for which units, and under which certificate."""

import io
import json
import subprocess
import sys
import zipfile
from datetime import timedelta

from parvis import clock
from parvis.requests.access_log import AccessLog, lines_of
from parvis_seals.town_seal import fingerprint_of, own_seal
from parvis_testing.modules import switch


def manifest_of(answer):
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return json.loads(archive.read("manifest.json"))


async def test_an_auditor_takes_it_and_compares_the_certificate(desk):
    await desk.request("hole", "roads")
    auditor = await desk.signed_in("auditor", name="Vera Verret")
    page = await auditor.get("/bureau/tableau/verification")
    seal = own_seal(desk.host.secret, desk.host.jurisdictions.jurisdiction("parvis"))
    assert fingerprint_of(seal) in page.text
    published = await desk.browser().get("/sceau.pem")
    assert published.text.startswith("-----BEGIN CERTIFICATE-----")
    taken = await auditor.get("/bureau/tableau/verification/dossier.zip")
    assert taken.headers["content-type"] == "application/zip"
    told = manifest_of(taken)
    assert (told["made_by"], told["requests"], told["over"]) == ("Vera Verret", 1, [])


async def test_a_manager_of_one_unit_takes_no_other(desk):
    await desk.request("hole", "roads")
    await desk.request("hole", "lighting")
    manager = await desk.signed_in("manager", "roads")
    for unit in ("", "roads"):
        told = manifest_of(await manager.get(f"/bureau/tableau/verification/dossier.zip?unite={unit}"))
        assert (told["requests"], told["over"]) == (1, ["roads"])
    for unit in ("lighting", "unheard"):
        assert (await manager.get(f"/bureau/tableau/verification/dossier.zip?unite={unit}")).status_code == 404


async def test_strange_days_are_put_right(desk):
    auditor = await desk.signed_in("auditor")
    for days in ("depuis=x&jusqua=9999-12-31", "depuis=2026-12-01&jusqua=2020-01-01"):
        assert (await auditor.get(f"/bureau/tableau/verification?{days}")).status_code == 200
        assert (await auditor.get(f"/bureau/tableau/verification/dossier.zip?{days}")).status_code == 200


async def test_it_is_a_line_of_the_access_log_with_as_many_rows_as_it_holds_requests(desk):
    for _ in range(2):
        await desk.request("hole", "roads")
    auditor = await desk.signed_in("auditor", name="Vera Verret")
    assert (await auditor.get("/bureau/tableau/verification/dossier.zip")).status_code == 200
    await desk.host.of(AccessLog).write(desk.host.engine)
    now = clock.now()
    [line] = [each for each in await lines_of(["parvis"], now - timedelta(hours=2), now) if each.what == "export"]
    assert (line.name, line.times) == ("Vera Verret", 2)
    assert line.about.startswith("verification-parvis-")


async def test_one_that_was_given_before_is_verified_where_the_module_is_off(desk, tmp_path):
    await desk.request("hole", "roads")
    auditor = await desk.signed_in("auditor")
    taken = await auditor.get("/bureau/tableau/verification/dossier.zip")
    await switch(desk.host, "off")
    assert (await auditor.get("/bureau/tableau/verification/dossier.zip")).status_code == 404
    published = await desk.browser().get("/sceau.pem")
    pack, script, certificate = (tmp_path / name for name in ("pack.zip", "verify.py", "sceau.pem"))
    pack.write_bytes(taken.content)
    certificate.write_text(published.text)
    with zipfile.ZipFile(pack) as archive:
        script.write_bytes(archive.read("verify.py"))
    command = [sys.executable, "-I", "-S", str(script), str(pack), "--certificate", str(certificate)]
    checked = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert checked.returncode == 0, checked.stdout
    assert "the pack is whole" in checked.stdout


async def test_without_a_dashboard_the_menu_leads_to_it(desk):
    auditor, clerk = await desk.signed_in("auditor"), await desk.signed_in("agent", "roads")
    line = 'href="/bureau/tableau/verification"'
    assert line in (await auditor.get("/bureau")).text
    assert line not in (await clerk.get("/bureau")).text
    await switch(desk.host, "off")
    assert line not in (await auditor.get("/bureau")).text
