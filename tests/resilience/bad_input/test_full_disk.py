"""No room left, for the database or for files: people are told to come back, and what they were promised is there."""

import io
import os

import pytest
from PIL import Image

from parvis.db import transaction
from parvis.db.tables import Delivery
from parvis.people.tokens import make_token

from .conftest import clear


async def room_left(installation, pages: int) -> None:
    """What SQLite may still write on this disk."""
    async with transaction(installation.host.engine):
        [used] = await Delivery.raw("PRAGMA page_count")
        await Delivery.raw(f"PRAGMA max_page_count = {used['page_count'] + pages}")


async def test_a_full_disk_under_the_database_loses_nothing_that_was_acknowledged(installation, on_postgres):
    if on_postgres:
        pytest.skip("PostgreSQL looks after its own disk")
    key, _ = await make_token(installation.host.engine, name="Pont", jurisdiction="parvis", scopes=["requests:write"])
    await room_left(installation, 20)
    kept: list[str] = []
    refused = 0
    async with installation.http(headers={"authorization": f"Bearer {key}"}) as http:
        while refused < 4:
            answer = await installation.file(http, key=f"press {len(kept)} {refused}")
            if answer.status_code == 201:
                kept.append(answer.json()["reference"])
                continue
            refused += 1
            assert answer.status_code == 503, answer.text
            assert int(answer.headers["retry-after"]) > 0
            clear(answer)
        assert kept
        page = await http.get("/fr/demande/rues-et-trottoirs/nid-de-poule", headers={"accept": "text/html"})
        assert page.status_code == 200, "what only reads goes on"
        assert installation.crashes == []
        await room_left(installation, 100_000)
        assert (await installation.file(http, key="press again")).status_code == 201
    await installation.is_well()
    for reference in kept:
        await installation.is_kept(reference)


@pytest.fixture
def no_room(monkeypatch):
    """A disk that takes the name of a file and not one byte of it; `no_room(False)` makes room again."""
    from parvis import files

    real = files.tempfile.mkstemp

    def switch(full: bool = True) -> None:
        def mkstemp(**given):
            handle, name = real(**given)
            if full:
                os.close(handle)
                handle = os.open("/dev/full", os.O_WRONLY)
            return handle, name

        monkeypatch.setattr(files.tempfile, "mkstemp", mkstemp)

    return switch


async def test_a_full_disk_under_the_files_refuses_the_file_and_takes_the_next_request(installation, no_room):
    written = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(written, "JPEG")
    photo = {"file": ("trou.jpg", written.getvalue(), "image/jpeg")}
    no_room()
    async with installation.http() as http:
        refused = await http.post("/api/v1/attachments", files=photo)
        assert refused.status_code == 503
        assert int(refused.headers["retry-after"]) > 0
        clear(refused)
        left = [
            path
            for path in installation.app.state.deployment.settings.data.rglob("*")
            if path.name.startswith(".coming-")
        ]
        assert left == []
        await installation.is_well()
        no_room(False)
        taken = await http.post("/api/v1/attachments", files=photo)
        assert taken.status_code == 201, taken.text
        filed = await installation.file(
            http,
            upload=taken.json()["upload"],
            answers={"size": "small", "surface": "lane", "danger": False, "photos": [taken.json()["id"]]},
        )
        assert filed.status_code == 201, filed.text
    await installation.is_well()
