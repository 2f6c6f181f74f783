"""`python -m release`: makes a release in `dist/`, renews the locks, or verifies what somebody else made."""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from packaging.utils import parse_wheel_filename

from release import bills, images, licences, locks, provenance, wheels
from release.installing import install, write_lock

DIST = locks.ROOT / "dist"


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m release", description=__doc__)
    told = parser.add_subparsers(dest="what", required=True)
    made = told.add_parser("make", help="wheels, lock, bills of materials, licences, digests and provenance in dist/")
    made.add_argument("--key", type=Path, help="private key in PEM that signs the provenance")
    made.add_argument("--builder", default="urn:parvis:builder:own-machine", help="who builds, as a URI")
    renewed = told.add_parser("lock", help="renew the locks after a change of what distributions ask for")
    renewed.add_argument("--upgrade", action="store_true", help="take the newest version of everything")
    image = told.add_parser("image", help="build an image of dist/ and try it: pages, health, rights, an orderly stop")
    image.add_argument("--base", help="an image with the Python of the wheels; without one, Debian is laid out")
    image.add_argument("--store", type=Path, help="where the engine keeps images, instead of its own place")
    image.add_argument("--tag", default="localhost/parvis")
    verified = told.add_parser("verify", help="compare files with their signed provenance")
    verified.add_argument("folder", type=Path)
    verified.add_argument("--key", type=Path, required=True, help="public key in PEM")
    asked = parser.parse_args(words)
    if asked.what == "lock":
        locks.renew(asked.upgrade)
        return 0
    if asked.what == "image":
        return images.make(images.Engine(asked.store), asked.base, asked.tag)
    return verify(asked.folder, asked.key) if asked.what == "verify" else make(asked.key, asked.builder)


def make(key: Path | None, builder: str) -> int:
    commit, seconds = wheels.commit_of()
    shutil.rmtree(DIST, ignore_errors=True)
    folder = DIST / "wheels"
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="parvis-release-") as scratch:
        ours = wheels.build_twice(commit, seconds, Path(scratch), folder)
        print(f"{len(ours)} wheels of {commit[:12]}, built twice, the same bit for bit")
        others = wheels.fetch_others(locks.DEPENDENCIES, folder)
        print(f"{len(others)} wheels of others, each as locked")
        wheels.fetch_pip(Path(scratch), DIST / "tools")
        named = {"{}=={}".format(*parse_wheel_filename(path.name)[:2]): wheels.digest(path) for path in ours}
        write_lock(locks.DEPENDENCIES, named, DIST / "parvis.lock")
        environment = Path(scratch) / "installed"
        apart = install(folder, DIST / "parvis.lock", environment)
        print(f"installed afresh from the folder by the lock, {'without' if apart else 'not asking'} any network")
        if wrong := look_at_licences(environment, seconds):
            print("licences that nobody has allowed or written down:", *wrong, sep="\n  ")
            return 1
    finish(commit, seconds, key, builder)
    return 0


def look_at_licences(environment: Path, seconds: int) -> list[str]:
    """Writes both bills of materials and the list of licences; says what does not agree with what was read."""
    known = licences.read_licences()
    bill = bills.of_installation(environment, DIST / "wheels", DIST / "parvis.cdx.json")
    python = {each["name"]: each["version"] for each in bill}
    browser = {each["name"]: each["version"] for each in bills.of_front_end(seconds, DIST / "front-end.cdx.json")}
    [site_packages] = environment.glob("lib/python*/site-packages")
    libraries = licences.bundled_in(site_packages)
    ours = locks.shipped()
    rows = [
        f"{name} {version}: {known.python.get(locks.canonicalize_name(name), '?')}"
        for name, version in sorted(python.items(), key=lambda each: each[0].lower())
        if locks.canonicalize_name(name) not in ours
    ]
    rows += [f"{name} {version} (browser): {known.front_end.get(name, '?')}" for name, version in browser.items()]
    rows += [f"{library} (in a wheel): {licences.of_library(library, known.bundled)}" for library in libraries]
    (DIST / "licences.txt").write_text("\n".join(rows) + "\n", encoding="utf-8")
    installed = licences.installed_in(site_packages)
    return [
        *(row for row in rows if row.endswith(": ?")),
        *licences.refused({**known.python, **known.front_end, **known.bundled}, known.allowed),
        *licences.contradicted(known.python, installed),
    ]


def finish(commit: str, seconds: int, key: Path | None, builder: str) -> None:
    """Digests of everything that was made, and the statement of where it comes from."""
    made = sorted(path for path in DIST.rglob("*") if path.is_file())
    lines = [f"{wheels.digest(path)}  {path.relative_to(DIST).as_posix()}\n" for path in made]
    (DIST / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")
    payload = provenance.written(provenance.statement(made, commit, seconds, builder))
    (DIST / "provenance.json").write_bytes(payload)
    if key:
        envelope = provenance.sign(payload, key.read_bytes())
        (DIST / "provenance.dsse.json").write_text(json.dumps(envelope, indent=1) + "\n", encoding="utf-8")
    print(f"{len(made)} files and their digests in {DIST}, provenance {'signed' if key else 'not signed: no --key'}")


def verify(folder: Path, key: Path) -> int:
    envelope = json.loads((folder / "provenance.dsse.json").read_text(encoding="utf-8"))
    told = provenance.verify(envelope, key.read_bytes())
    wrong = provenance.altered(told, folder)
    commit = told["predicate"]["buildDefinition"]["externalParameters"]["commit"]
    print(*(f"altered or missing: {name}" for name in wrong), f"{len(told['subject'])} files of {commit}", sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
