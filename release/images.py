"""A container image of a release: built of what lies in `dist/`, run as orchestrators do, and asked from outside."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from release.locks import ROOT
from release.wheels import commit_of, digest

DIST = ROOT / "dist"
LAID_OUT = "localhost/parvis-base"
LEFT_OUT = ("man", "locale", "info", "doc")
SUITE, HAS = "trixie", "python3,ca-certificates,libstdc++6"
LIMITS = [
    "--ulimit",
    "nofile=4096:4096",
    "--ulimit",
    "nproc=4096:4096",
]  # of its own accord it asks for more than it may
LOCKED_UP = ["--read-only", "--cap-drop", "all", "--security-opt", "no-new-privileges", "--tmpfs", "/tmp"]  # noqa: S108  # of the container
SECONDS = 180
SETTINGS = """\
territory = "{territory}"
base_url = "http://127.0.0.1:{port}"
log = "json"
"""
TOWN = "from parvis.example_towns import town_folder; print(town_folder())"


class Engine:
    """Podman, in its own store or in one of ours."""

    def __init__(self, store: Path | None) -> None:
        apart = ["--root", str(store / "images"), "--runroot", str(store / "running")] if store else []
        # crun refuses machines that have both versions of cgroups; runc, where it is installed, does not.
        runtime = ["--runtime", "runc"] if shutil.which("runc") else []
        self.words = ["podman", "--cgroup-manager", "cgroupfs", *apart, *runtime]
        self.around = {**os.environ, "PODMAN_IGNORE_CGROUPSV1_WARNING": "1"}

    def __call__(self, *words: str, check: bool = True) -> str:
        told = subprocess.run([*self.words, *words], capture_output=True, text=True, env=self.around, check=False)
        if check and told.returncode:
            raise SystemExit(f"podman {words[0]}: {told.stderr.strip() or told.stdout.strip()}")
        return told.stdout.strip()


def make(engine: Engine, base: str | None, tag: str) -> int:
    commit, seconds = commit_of()
    base = base or lay_out_base(engine, seconds)
    build(engine, base, tag, commit, seconds)
    told = describe(engine, base, tag)
    (DIST / "image.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    print(f"{tag}: {told['digest']}, {told['megabytes']} MB, of {told['base']}")
    try_it(engine, tag)
    return 0


def lay_out_base(engine: Engine, seconds: int) -> str:
    """Debian's Python and what it stands on, without a package manager's lists, manuals and languages."""
    without = [f"--dpkgopt=path-exclude=/usr/share/{name}/*" for name in LEFT_OUT]
    kept = "--dpkgopt=path-include=/usr/share/doc/*/copyright"
    with tempfile.TemporaryDirectory(prefix="parvis-base-") as scratch:
        tar = Path(scratch) / "base.tar"
        command = ["mmdebstrap", "--quiet", "--variant=essential", f"--include={HAS}", *without, kept, SUITE, str(tar)]
        subprocess.run(command, check=True, env={**os.environ, "SOURCE_DATE_EPOCH": str(seconds)})
        engine("import", "--quiet", str(tar), LAID_OUT)
        print(f"laid out of Debian {SUITE}: sha256:{digest(tar)}")
    return LAID_OUT


def build(engine: Engine, base: str, tag: str, commit: str, seconds: int) -> None:
    """Asks no network: chroot needs no rights over one, and pip is told to use the folder only."""
    how = ["--format", "docker", "--isolation", "chroot", "--network", "host", "--timestamp", str(seconds), *LIMITS]
    about = ["--build-arg", f"BASE={base}", "--build-arg", f"COMMIT={commit}", "--build-context", f"dist={DIST}"]
    engine("build", *how, *about, "--file", str(ROOT / "deploy/Containerfile"), "--tag", tag, str(ROOT / "deploy"))


def describe(engine: Engine, base: str, tag: str) -> dict[str, object]:
    [told] = json.loads(engine("image", "inspect", tag))
    [below] = json.loads(engine("image", "inspect", base))
    names = engine("run", "--rm", "--network", "none", *LIMITS, "--entrypoint", "dpkg-query", tag, "-W", check=False)
    return {
        "digest": told["Digest"],
        "base": f"{base}@{below['Digest']}",
        "megabytes": round(told["Size"] / 1_000_000),
        "commit": told["Labels"]["org.opencontainers.image.revision"],
        "debian": names.replace("\t", " ").splitlines(),
    }


def try_it(engine: Engine, tag: str) -> None:
    """Migrates, serves the example town read-only and without rights, asks it as residents do, and stops it."""
    ran = ["run", "--rm", "--network", "host", *LIMITS, *LOCKED_UP]
    territory = engine(*ran, "--entrypoint", "python", tag, "-c", TOWN)
    with settings(territory) as (folder, port), volume(engine) as data:
        around = [
            "--env",
            f"PARVIS_SECRET_KEY={'s' * 48}",
            "--volume",
            f"{folder}:/etc/parvis:ro",
            "--volume",
            f"{data}:/var/lib/parvis",
        ]
        engine(*ran, *around, tag, "migrate")
        name = f"parvis-tried-{os.getpid()}"
        there = ["--name", name, "--env", f"PARVIS_PORT={port}", *around]
        engine("run", "--detach", "--network", "host", *LIMITS, *LOCKED_UP, *there, tag, "serve", "--host", "127.0.0.1")
        try:
            look(engine, name, port)
            stop(engine, name)
        finally:
            engine("rm", "--force", name, check=False)


@contextmanager
def settings(territory: str) -> Iterator[tuple[Path, int]]:
    with (
        tempfile.TemporaryDirectory(prefix="parvis-settings-") as folder,
        socket.create_server(("127.0.0.1", 0)) as held,
    ):
        port = held.getsockname()[1]
        held.close()
        path = Path(folder) / "parvis.toml"
        path.write_text(SETTINGS.format(territory=territory, port=port), encoding="utf-8")
        path.parent.chmod(0o755)
        path.chmod(0o644)
        yield path.parent, port


@contextmanager
def volume(engine: Engine) -> Iterator[str]:
    name = engine("volume", "create")
    try:
        yield name
    finally:
        engine("volume", "rm", "--force", name, check=False)


def look(engine: Engine, name: str, port: int) -> None:
    """Whether it answers, who it runs as, and that it can write nothing but its data."""
    page = wait_for(f"http://127.0.0.1:{port}/", engine, name)
    ready = wait_for(f"http://127.0.0.1:{port}/health/ready", engine, name)
    who = engine("exec", name, "python", "-c", "import os; print(os.getuid(), os.getgid())")
    engine("healthcheck", "run", name)
    writing = "import pathlib; pathlib.Path('/opt/parvis/written').touch()"
    refused = engine("exec", name, "sh", "-c", f'python -c "{writing}" 2>&1 || true')
    if who != "10001 10001" or "Read-only" not in refused or b"<title>" not in page:
        raise SystemExit(f"runs as {who}, writing says {refused[-80:]!r}, home begins {page[:80]!r}")
    print(f"serves the example town ({len(page):,} bytes of home, {ready.decode()[:60]}), as {who}, read-only, healthy")


def wait_for(address: str, engine: Engine, name: str) -> bytes:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        with suppress(OSError), urllib.request.urlopen(address, timeout=10) as answer:
            return answer.read()
        time.sleep(0.5)
    raise SystemExit(f"no answer from {address}:\n{engine('logs', name, check=False)[-2000:]}")


def stop(engine: Engine, name: str) -> None:
    begun = time.monotonic()
    engine("stop", "--time", "60", name)
    took, code = time.monotonic() - begun, engine("inspect", "--format", "{{.State.ExitCode}}", name)
    if code != "0" or took > SECONDS:
        raise SystemExit(f"told to stop, it ended with {code} after {took:.1f} s")
    print(f"told to stop, it ended with {code} after {took:.1f} s")
