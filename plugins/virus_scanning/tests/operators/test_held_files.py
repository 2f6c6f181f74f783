"""What operators and their monitors see of the antivirus and of the files that it has not seen yet."""

import dataclasses
import io

import pytest
from PIL import Image

from parvis import clock
from parvis.requests.attached.antivirus import UploadGuard
from parvis.requests.attached.receiving import receive_file
from parvis.web.operators import measures as pulse
from parvis_sdk.errors import Later
from parvis_sdk.virus_scanners import Clean
from parvis_testing.antivirus import AnsweringScanner
from parvis_virus_scanning.rounds import FileScanner


@pytest.fixture
async def guarded(site):
    """The installation with an antivirus and a file that it holds."""
    deployment = site.app.state.deployment
    scanner = AnsweringScanner(Clean())
    host = deployment.host.having(UploadGuard(scanner))
    site.app.state.deployment = dataclasses.replace(deployment, host=host)
    written = io.BytesIO()
    Image.new("RGB", (20, 20)).save(written, "JPEG")
    await receive_file(host, "h" * 64, "photos", "trou.jpg", written.getvalue())
    await site.sign_in()
    return scanner, host


async def test_an_antivirus_that_is_away_and_what_it_holds_are_told_and_over_when_it_is_back(
    site, guarded, monkeypatch
):
    scanner, host = guarded
    scanner.answer = Later("/run/clamd: connection refused")
    scanning = FileScanner(host, scanner)
    await scanning.step()
    page = await site.page()
    assert "L’antivirus ne répond pas" in page
    assert "connection refused" in page
    health = await site.http.get("/health/web")
    assert (health.status_code, health.json()["files"]["held"]) == (200, 1)
    scanner.answer = Clean()
    later = clock.now() + pulse.LONG_HELD * 2
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "1 fichier est retenu depuis plus de dix minutes." in await site.page()
    await scanning.step()
    page = await site.page()
    assert "retenu depuis" not in page
    assert "ClamAV, /run/clamd, répond" in page
    assert (await site.http.get("/health/web")).json()["files"] == {"held": 0, "oldest_held_seconds": 0}
