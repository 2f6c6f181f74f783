"""A fresh installation from a folder of wheels and a lock, without a network, tried as operators do it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

APART = ["unshare", "--map-root-user", "--net"]  # not even the machine itself can be reached


def write_lock(others: Path, ours: dict[str, str], into: Path) -> None:
    """What pip installs by: the dependencies, then our own wheels by the digests they have."""
    lines = [f"{named} --hash=sha256:{digest}" for named, digest in sorted(ours.items())]
    into.write_text("\n".join([others.read_text(encoding="utf-8").rstrip(), *lines, ""]), encoding="utf-8")


def install(wheels: Path, lock: Path, environment: Path) -> bool:
    """Installs into a new environment and checks it; whether the network was taken away meanwhile."""
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    apart = without_network()
    pip = [str(environment / "bin/python"), "-m", "pip"]
    how = ["--isolated", "--quiet", "--disable-pip-version-check", "--no-index", "--find-links", str(wheels)]
    for words in (["install", *how, "--require-hashes", "--requirement", str(lock)], ["check"]):
        subprocess.run([*apart, *pip, *words], check=True, env=bare())
    subprocess.run([*apart, str(environment / "bin/parvis"), "plugins", "check"], check=True, env=bare())
    return bool(apart)


def without_network() -> list[str]:
    """What to put before a command so that it reaches no network; nothing where this machine does not let us."""
    if not shutil.which(APART[0]):
        return []
    tried = subprocess.run([*APART, "true"], capture_output=True, check=False)
    return [] if tried.returncode else APART


def bare() -> dict[str, str]:
    """An environment that names no index, no mirror and no folder of wheels."""
    return {"PATH": os.environ["PATH"], "PIP_CONFIG_FILE": os.devnull, "HOME": os.devnull}
