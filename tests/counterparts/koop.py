"""Esri's Koop: GeoJSON files of a folder as ArcGIS FeatureServers that only read, in a process of its own.

    with koop(folder) as served:
        served.layer("arrondissements")  # of arrondissements.geojson: .../FeatureServer/0

It reads the file again at each request, so a change to the file changes the layer.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from parvis_testing.ports import free_port

from .installing import node_with
from .line import Line, line_to
from .running import running


class Koop(msgspec.Struct, frozen=True):
    """A Koop that runs, at the other end of a line."""

    line: Line

    @property
    def token_url(self) -> str:
        return f"{self.line.url}/file-geojson/rest/generateToken"

    def service(self, name: str) -> str:
        """The FeatureServer of a file."""
        return f"{self.line.url}/file-geojson/rest/services/{name}/FeatureServer"

    def layer(self, name: str) -> str:
        return f"{self.service(name)}/0"


@contextmanager
def koop(folder: Path, users: Mapping[str, str] | None = None) -> Iterator[Koop]:
    """Serve the GeoJSON files of a folder until the end of the block; with users, only to callers with a token."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="parvis-koop-") as aside:
        command = [*node_with("koop.js"), folder.resolve(), str(port)]
        if users:
            known = [{"username": name, "password": password} for name, password in users.items()]
            command.append(Path(aside) / "users.json")
            command[-1].write_bytes(msgspec.json.encode(known))
        with running(command, port, Path(aside) / "log"), line_to(f"http://127.0.0.1:{port}") as line:
            yield Koop(line)
