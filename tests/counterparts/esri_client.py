"""Esri's own JavaScript client, driven from Python, so that tests see what Esri's code makes of an answer."""

import json
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .installing import node_with


class EsriError(Exception):
    """An error that Esri's client raised, by its name and code."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error["message"])
        self.name, self.code = error["name"], error["code"]


class EsriClient:
    """A node process that makes one call after the other."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def __call__(self, call: str, *, who: str = "", **options: Any) -> Any:
        """A function of Esri's client with its options, as someone who signed in."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"call": call, "with": options, "as": who}) + "\n")
        self.process.stdin.flush()
        said = json.loads(self.process.stdout.readline())
        if "error" in said:
            raise EsriError(said["error"])
        return said["answer"]


@contextmanager
def esri_client() -> Iterator[EsriClient]:
    command = node_with("arcgis_client.mjs")
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield EsriClient(process)


def file_of(name: str, content_type: str, content: bytes) -> dict[str, Any]:
    """A file among the options of a call."""
    return {"$file": {"name": name, "type": content_type, "base64": b64encode(content).decode()}}
