"""A running application for measuring: the demo's towns, the installed plugins, a database of our choice."""

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from parvis.db.tables import ServiceRequest
from parvis.deployment import open_deployment
from parvis.example_towns import town_folder
from parvis.requests.host import Host
from parvis.requests.references import key_for
from parvis.settings import Settings
from parvis_demo.prepare import prepare
from parvis_testing.ports import free_port

POTHOLE: dict[str, Any] = {
    "type": "pothole",
    "language": "fr",
    "place": {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"},
    "requester": {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"},
}


def settings_for(folder: Path, database: str = "") -> Settings:
    """Settings of an installation in that folder."""
    return Settings(
        territory=town_folder(),
        secret_key=secrets.token_urlsafe(48),
        data=folder,
        database=database,
        worker=False,
        demo=True,
        log_level="error",
        plugins={"notify": {"mode": "mailbox"}},
    )


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that goes away, beside the repository so that it lies on a real disk."""
    made = Path(tempfile.mkdtemp(prefix=".bench-", dir=os.environ.get("BENCH_FOLDER", ".")))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


async def lived_in(settings: Settings) -> None:
    """Lets the demo's months pass in a new database."""
    async with open_deployment(settings, migrating=True) as deployment:
        await prepare(deployment.host)


async def own_request(host: Host) -> str:
    """The private address of a request with a story."""
    row = (
        await ServiceRequest.select(ServiceRequest.id, ServiceRequest.reference)
        .where((ServiceRequest.jurisdiction == "parvis") & (ServiceRequest.entries >= 4))
        .order_by(ServiceRequest.id, ascending=False)
        .limit(1)
    )[0]
    return f"/fr/suivi/{row['reference']}?cle={key_for(host.secret, row['id'])}"


@contextmanager
def postgres(more: str = "") -> Iterator[str | None]:
    """A PostgreSQL server of our own with its usual care for the disk; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: int(each.parent.name))
    if not found:
        yield None
        return
    binaries, place = found[-1], Path(tempfile.mkdtemp(prefix="bench-pg-"))
    place.chmod(0o777)
    port = free_port()
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={place} {more}"

    def run(*words: str) -> None:
        command = list(words)
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=place)

    try:
        run(
            f"{binaries}/initdb", "-D", f"{place}/data", "-A", "trust", "-U", "parvis", "--locale=C.UTF-8", "-E", "UTF8"
        )
        run(f"{binaries}/pg_ctl", "-D", f"{place}/data", "-w", "-l", f"{place}/log", "-o", options, "start")
        run(f"{binaries}/createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "parvis", "bench")
        yield f"postgresql://parvis@127.0.0.1:{port}/bench"
    finally:
        run(f"{binaries}/pg_ctl", "-D", f"{place}/data", "-m", "fast", "stop")
        shutil.rmtree(place, ignore_errors=True)
