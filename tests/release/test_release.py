"""Locks cover what distributions declare, licences are known and allowed, and provenance says no more than is so."""

import configparser
import json
import re
import zipfile
from importlib import import_module
from importlib.metadata import distributions

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCKS = ["dependencies", "build", "tools"]


@pytest.fixture(scope="module")
def part(pytestconfig):
    """A module of `python -m release` by its name."""
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(pytestconfig.rootpath)
        yield lambda name: import_module(f"release.{name}")


@pytest.fixture(scope="module")
def locks(part):
    return part("locks")


@pytest.fixture(scope="module")
def licences(part):
    return part("licences")


def test_the_lock_covers_what_the_distributions_ask_of_others(locks):
    lock = locks.read_lock(locks.DEPENDENCIES)
    assert locks.uncovered(locks.declared(), lock) == [], "tox run -e lock"


def test_what_is_missing_or_too_old_in_a_lock_is_named(locks):
    lock = [each for each in locks.read_lock(locks.DEPENDENCIES) if each.name != "httpx"]
    asked = [Requirement("httpx>=0.28"), Requirement("Jinja2>=3"), Requirement("jinja2>=99")]
    assert locks.uncovered(asked, lock) == ["httpx>=0.28", "jinja2>=99"]


def test_wheels_are_built_and_tools_installed_by_locks_too(locks, pytestconfig):
    for name in ("build", "tools"):
        asked = [line.split("#")[0].strip() for line in (locks.HERE / f"{name}.in").read_text().splitlines()]
        wanted = [Requirement(line) for line in asked if line]
        assert locks.uncovered(wanted, locks.read_lock(locks.HERE / f"{name}.lock")) == [], "tox run -e lock"
    tox = configparser.ConfigParser(interpolation=None)
    tox.read(pytestconfig.rootpath / "tox.ini")
    assert {tox[f"testenv:{name}"]["deps"] for name in ("release", "lock")} == {"-r release/tools.lock"}


@pytest.mark.parametrize("name", LOCKS)
def test_every_version_in_a_lock_has_digests_and_no_address(locks, name):
    path = locks.HERE / f"{name}.lock"
    assert not re.search(r"\w://|file:|^-|index", path.read_text(), re.MULTILINE)
    assert all(each.digests and each.version for each in locks.read_lock(path))


def test_each_dependency_has_a_licence_that_is_allowed(locks, licences):
    known = licences.read_licences()
    assert {*known.python} == {each.name for each in locks.read_lock(locks.DEPENDENCIES)}
    front = json.loads((locks.ROOT / "core/frontend/package.json").read_text())
    assert {*known.front_end} == {*front["dependencies"]}
    everything = {**known.python, **known.front_end, **known.bundled}
    assert licences.refused(everything, known.allowed) == []


def test_what_is_installed_as_locked_says_no_other_licence_of_itself(locks, licences):
    locked = {(each.name, each.version) for each in locks.read_lock(locks.DEPENDENCIES)}
    there = [each for each in distributions() if (canonicalize_name(each.name), each.version) in locked]
    assert there  # tests take the newest versions: of those that are not locked, a release will see
    assert licences.contradicted(licences.read_licences().python, there) == []


def test_another_licence_than_the_one_written_down_is_named(licences):
    [httpx] = distributions(name="httpx")
    assert licences.contradicted({"httpx": "MIT"}, [httpx]) == [
        f"httpx {httpx.version}: BSD-3-Clause, written down as MIT"
    ]


REFUSED = ["AGPL-3.0-only", "MIT AND SSPL-1.0", "GPL-3.0-only WITH Classpath-exception-2.0"]


@pytest.mark.parametrize("expression", REFUSED)
def test_an_unexpected_licence_is_refused(licences, expression):
    allowed = licences.read_licences().allowed
    assert licences.refused({"acme": expression, "fine": "AGPL-3.0-only OR MIT"}, allowed) == [f"acme: {expression}"]


def test_a_library_inside_a_wheel_needs_a_licence_that_somebody_read(licences):
    bundled = {"libgeos": "LGPL-2.1-or-later", "libgeos_c": "MIT"}
    assert licences.of_library("shapely.libs/libgeos-1.so", bundled) == "LGPL-2.1-or-later"
    assert licences.of_library("shapely.libs/libgeos_c-1.so", bundled) == "MIT"
    assert licences.of_library("acme.libs/libacme.so", bundled) == "?"


def test_a_bill_has_the_digest_of_each_wheel_and_nothing_of_the_environment(part, made):
    told = {
        "metadata": {"component": {"bom-ref": "root"}},
        "components": [{"bom-ref": name, "name": name, "version": "0.1.0"} for name in ("Parvis", "pip")],
        "dependencies": [{"ref": name} for name in ("root", "Parvis", "pip")],
    }
    bills = part("bills")
    bill = bills.with_digests(told, bills.digests_of(made.parent))
    assert [each["name"] for each in bill["components"]] == ["Parvis"]
    assert bill["components"][0]["hashes"] == [{"alg": "SHA-256", "content": part("wheels").digest(made)}]
    assert [each["ref"] for each in bill["dependencies"]] == ["root", "Parvis"]


def test_two_wheels_that_differ_say_in_what(part, tmp_path):
    for name, year in (("one", 2025), ("other", 2026)):
        with zipfile.ZipFile(tmp_path / name, "w") as opened:
            opened.writestr(zipfile.ZipInfo("same.py", (2025, 1, 1, 0, 0, 0)), "pass")
            opened.writestr(zipfile.ZipInfo("moved.py", (year, 1, 1, 0, 0, 0)), "pass")
    assert part("wheels").different_members(tmp_path / "one", tmp_path / "other") == ["moved.py"]


@pytest.fixture
def made(tmp_path):
    (tmp_path / "wheels").mkdir()
    wheel = tmp_path / "wheels/parvis-0.1.0-py3-none-any.whl"
    wheel.write_bytes(b"as it was built")
    return wheel


@pytest.fixture(scope="module")
def keys():
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), public


def test_a_release_is_verified_by_the_public_key_and_notices_one_changed_byte(part, made, keys, tmp_path, capsys):
    provenance, command = part("provenance"), part("__main__")
    told = provenance.statement([made], "c0ffee", 1_764_500_000, "urn:example:builder")
    envelope = provenance.sign(provenance.written(told), keys[0])
    (tmp_path / "provenance.dsse.json").write_text(json.dumps(envelope))
    (tmp_path / "public.pem").write_bytes(keys[1])
    words = ["verify", str(tmp_path), "--key", str(tmp_path / "public.pem")]
    assert command.main(words) == 0
    assert "1 files of c0ffee" in capsys.readouterr().out
    made.write_bytes(b"as it was built!")
    assert command.main(words) == 1
    assert f"altered or missing: {made.name}" in capsys.readouterr().out


def test_provenance_of_another_key_or_with_another_word_is_refused(part, made, keys):
    provenance = part("provenance")
    envelope = provenance.sign(provenance.written(provenance.statement([made], "c0ffee", 0, "urn:a")), keys[0])
    assert provenance.verify(envelope, keys[1])["_type"] == "https://in-toto.io/Statement/v1"
    other = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for forged, key in ((envelope, other), ({**envelope, "payload": "e30="}, keys[1])):
        with pytest.raises(Exception, match=r"signature|threshold"):
            provenance.verify(forged, key)


def test_the_statement_names_the_commit_and_the_digest_of_each_lock(part, made):
    told = part("provenance").statement([made], "c0ffee", 5, "urn:a")
    build = told["predicate"]["buildDefinition"]
    assert {each["name"] for each in build["resolvedDependencies"]} >= {"source", "release/dependencies.lock"}
    assert build["externalParameters"] == {"commit": "c0ffee"}
    assert build["internalParameters"]["SOURCE_DATE_EPOCH"] == 5
