"""The payment page of the demonstration: a stand-in provider in a process of its own, where no money changes hands."""

import hashlib
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

PLUGIN = "hosted_payments"
PACKAGE = f"parvis_{PLUGIN}"
SESSIONS = "payments.json"
PATIENCE = 5.0  # seconds that it gets to end by itself


@contextmanager
def payment_page(folder: Path, secret: str) -> Iterator[Mapping[str, str]]:
    """Serve it while the demonstration runs; the settings of its plugin, or none where that is not installed."""
    if find_spec(PACKAGE) is None:
        yield {}
        return
    keys = {name: hashlib.sha256(f"{name} {secret}".encode()).digest() for name in ("secret_key", "call_secret")}
    settings = {
        "secret_key": keys["secret_key"].hex(),
        "call_secret": "whsec_" + b64encode(keys["call_secret"]).decode(),
    }
    environment = {f"PARVIS_{PLUGIN}_{name}".upper(): value for name, value in settings.items()}
    command = [sys.executable, "-m", f"{PACKAGE}.stand_in.command", "--port", "0", "--file", str(folder / SESSIONS)]
    command += ["--until-closed"]  # its standard input ends with this process, even one that was killed
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    process = subprocess.Popen(command, env=os.environ | environment, text=True, **pipes)  # noqa: S603
    try:
        address = process.stdout.readline().strip() if process.stdout else ""
        yield settings | {"base_url": address} if address else {}
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()
