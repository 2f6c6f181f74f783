"""What was judged is what is installed: a lock names each wheel by its digest."""

import hashlib
import io
import shutil
import tarfile
import threading
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from parvis.cli import parvis
from parvis_plugin_checks import locking


def run(*words):
    return CliRunner().invoke(parvis, ["plugins", *map(str, words)])


@pytest.fixture
def wheels(tmp_path):
    """A folder with the wheel of a vendor."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    made(folder, "1.0")
    return folder


def made(folder, version, told="", **more):
    path = folder / f"acme_bells-{version}-py3-none-any.whl"
    info = f"acme_bells-{version}.dist-info"
    told = told or f"Name: acme-bells\nVersion: {version}\n"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("acme_bells.py", f"VERSION = {version!r}\n")
        for name, content in more.items():
            archive.writestr(name, content)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.4\n{told}")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", f"acme_bells.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")
    return path


def test_a_lock_has_the_digest_of_each_wheel_of_a_folder(wheels, tmp_path):
    ran = run("lock", "--wheels", wheels, "--output", tmp_path / "plugins.lock")
    assert (ran.exit_code, ran.output) == (0, f"{tmp_path / 'plugins.lock'}: 1 distribution\n")
    digest = hashlib.sha256(next(wheels.iterdir()).read_bytes()).hexdigest()
    assert (tmp_path / "plugins.lock").read_text("utf-8").splitlines()[1:] == [
        f"acme-bells==1.0 --hash=sha256:{digest}"
    ]


def test_what_cannot_be_locked_is_said(wheels, tmp_path):
    assert "has no wheel of acme-horns" in run("lock", "acme-horns", "--wheels", wheels).output
    assert "give one of --wheels and --index" in run("lock").output
    assert "name what is to be locked" in run("lock", "--index", "https://wheels.example/simple").output
    second = made(wheels, "2.0")
    assert "are two of one distribution" in run("lock", "--wheels", wheels).output
    second.unlink()
    (wheels / "broken.whl").write_text("no wheel")
    assert "cannot be read as a wheel" in run("lock", "--wheels", wheels).output


@pytest.mark.parametrize(
    "told",
    [
        "Name: acme-bells\nVersion: 1.0 --hash=sha256:00\n --extra-index-url https://evil.example/simple\n #\n",
        "Name: acme-bells\n -e ../other\n #\nVersion: 1.0\n",
        "Name: acme-horns\nVersion: 1.0\n",
        "Name: acme-bells\nVersion: 2.0\n",
        "Version: 1.0\n",
    ],
)
def test_a_vendor_writes_no_line_of_a_lock(wheels, tmp_path, told):
    made(wheels, "1.0", told)
    refused = run("lock", "--wheels", wheels, "--output", tmp_path / "plugins.lock")
    assert (refused.exit_code, "build it anew" in refused.output or "cannot be read" in refused.output) == (2, True)
    assert not (tmp_path / "plugins.lock").exists()


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("parvis/web/more.py", "of parvis: do not install it"),
        ("msgspec/__init__.py", "of msgspec: do not install it"),
        ("acme.pth", "every program of this Python runs"),
        ("json.py", "stands for a module of Python"),
        ("../../more.py", "outside of its place"),
        ("acme_bells-1.0.data/scripts/parvis", "the command parvis, which is of parvis"),
        ("acme_bells-1.0.data/purelib/sitecustomize.py", "every program of this Python runs"),
    ],
)
def test_a_wheel_that_would_overwrite_what_is_there_is_neither_checked_nor_locked(wheels, tmp_path, path, what):
    wheel = made(wheels, "1.0", **{path: ""})
    for ran in (run("lock", "--wheels", wheels, "--output", tmp_path / "plugins.lock"), run("check", wheel)):
        assert (ran.exit_code, what in ran.output) == (2, True), ran.output
    assert not (tmp_path / "plugins.lock").exists()


def test_what_is_encrypted_is_no_wheel_and_no_fault_of_ours(wheels, tmp_path):
    wheel = made(wheels, "1.0")
    content = bytearray(wheel.read_bytes())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := content.find(mark, at + 1)) >= 0:
            content[at + flags] |= 1
    wheel.write_bytes(content)
    assert "cannot be read as a wheel" in run("lock", "--wheels", wheels).output
    assert "cannot be read as a wheel" in run("check", wheel).output


@pytest.fixture
def apart(monkeypatch, tmp_path):
    """Installing goes into a folder of the test."""
    if not (uv := shutil.which("uv")):
        pytest.skip("uv is not installed")
    there = tmp_path / "installed"
    monkeypatch.setattr(
        locking,
        "installer",
        lambda what: [uv, "pip", what, "--quiet", *(["--target", str(there)] if what == "install" else [])],
    )
    return there


def test_the_very_wheel_is_installed_and_one_with_another_digest_is_not(wheels, tmp_path, apart):
    file = tmp_path / "plugins.lock"
    run("lock", "--wheels", wheels, "--output", file)
    next(wheels.iterdir()).unlink()
    with zipfile.ZipFile(made(wheels, "1.0"), "a") as archive:
        archive.writestr("acme_more.py", "")
    refused = run("install", file, "--wheels", wheels)
    assert refused.exit_code == 2
    assert "nothing was installed" in refused.output
    assert not (apart / "acme_bells.py").exists()
    run("lock", "--wheels", wheels, "--output", file)
    assert "restart serve and work" in run("install", file, "--wheels", wheels).output
    assert (apart / "acme_bells.py").exists()


class Index(SimpleHTTPRequestHandler):
    """A private index of the wheels of one folder, which says digests as most do, or does not."""

    says_digests = True

    def do_GET(self):
        if self.path.endswith(".whl"):
            return super().do_GET()
        page = "".join(map(self.link, Path(self.directory).glob("*.whl"))).encode()
        self.send_response(200 if self.path == "/acme-bells/" else 404)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(page)
        return None

    def link(self, wheel):
        digest = f"#sha256={hashlib.sha256(wheel.read_bytes()).hexdigest()}" if self.says_digests else ""
        return f'<a href="/{wheel.name}{digest}">{wheel.name}</a>'

    def log_message(self, *words):
        pass


@pytest.fixture
def index(wheels):
    """The address of a private index that has the wheels of the folder."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Index, directory=wheels)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_what_a_private_index_has_is_locked_and_a_wheel_that_it_changed_since_is_not_installed(
    wheels, index, tmp_path, apart
):
    file = tmp_path / "plugins.lock"
    ran = run("lock", "acme-bells==1.0", "--index", index, "--output", file)
    assert (ran.exit_code, ran.output) == (0, f"{file}: 1 distribution\n")
    assert hashlib.sha256(next(wheels.iterdir()).read_bytes()).hexdigest() in file.read_text("utf-8")
    assert "acme-horns" in run("lock", "acme-horns", "--index", index).output
    judged = next(wheels.iterdir()).read_bytes()
    with zipfile.ZipFile(made(wheels, "1.0"), "a") as archive:
        archive.writestr("acme_more.py", "")
    assert run("install", file, "--index", index).exit_code == 2
    assert not (apart / "acme_bells.py").exists()
    next(wheels.iterdir()).write_bytes(judged)
    assert "restart serve and work" in run("install", file, "--index", index).output
    assert (apart / "acme_bells.py").exists()


def test_what_an_index_gives_no_digest_of_is_not_locked(index, tmp_path, apart, monkeypatch):
    monkeypatch.setattr(Index, "says_digests", False)
    ran = run("lock", "acme-bells", "--index", index, "--output", tmp_path / "plugins.lock")
    assert ran.exit_code == 2
    assert "gives no digest of acme-bells==1.0" in ran.output
    assert not (tmp_path / "plugins.lock").exists()


def test_a_lock_that_names_nothing_installs_nothing(wheels, tmp_path, apart):
    file = tmp_path / "plugins.lock"
    file.write_text("# nothing\n", "utf-8")
    ran = run("install", file, "--wheels", wheels)
    assert (ran.exit_code, "names no wheel" in ran.output) == (2, True)


def test_what_would_have_to_be_built_runs_nothing(wheels, tmp_path, apart):
    for each in wheels.iterdir():
        each.unlink()
    with tarfile.open(wheels / "acme_bells-1.0.tar.gz", "w:gz") as archive:
        backend = f"import pathlib\npathlib.Path({str(tmp_path / 'ran')!r}).touch()\n"
        system = '[build-system]\nrequires = []\nbuild-backend = "acme"\nbackend-path = ["."]\n'
        about = "Metadata-Version: 2.1\nName: acme-bells\nVersion: 1.0\n"
        for name, words in (("PKG-INFO", about), ("acme.py", backend), ("pyproject.toml", system)):
            content = words.encode()
            member = tarfile.TarInfo(f"acme_bells-1.0/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    digest = hashlib.sha256((wheels / "acme_bells-1.0.tar.gz").read_bytes()).hexdigest()
    (tmp_path / "plugins.lock").write_text(f"acme-bells==1.0 --hash=sha256:{digest}\n", "utf-8")
    refused = run("install", tmp_path / "plugins.lock", "--wheels", wheels)
    assert (refused.exit_code, "nothing was installed" in refused.output) == (2, True)
    assert not (tmp_path / "ran").exists()
