"""The page of the auditor's pack: who takes it, for which units, and under which certificate."""

import io
import json
import zipfile

from parvis.audit.signing import fingerprint_of, own_seal


def manifest_of(answer):
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return json.loads(archive.read("manifest.json"))


async def test_an_auditor_takes_it_and_compares_the_certificate(desk):
    await desk.request("hole", "roads")
    auditor = await desk.signed_in("auditor", name="Vera Verret")
    page = await auditor.get("/bureau/tableau/verification")
    seal = own_seal(desk.heart.secret, desk.heart.territory.jurisdiction("parvis"))
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
