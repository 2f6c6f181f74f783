"""Checks an auditor's pack with Python alone: files, declarations, chains; its signature where openssl is.

Needs nothing of the host: a copy of this file lies in each pack.
"""

# ruff: noqa: S603, T201 - it prints for the person who runs it, and calls openssl
import argparse
import csv
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FORMAT = "parvis-audit-pack/1"
MANIFEST, SIGNATURE = "manifest.json", "manifest.json.p7s"
FIRST = "0" * 64
PIECE = 1 << 20


def main() -> int:
    """Say what is wrong, line by line; 0 when nothing is."""
    parser = argparse.ArgumentParser(description="Vérifie un dossier de vérification / verifies an auditor’s pack")
    parser.add_argument("pack", type=Path, help="le fichier .zip / the .zip file")
    parser.add_argument(
        "--certificate",
        type=Path,
        help="le certificat que la Ville publie (PEM) / the certificate that the town publishes",
    )
    given = parser.parse_args()
    try:
        with zipfile.ZipFile(given.pack) as pack:
            wrong = list(mistakes(pack))
            signature = signed(pack, given.certificate)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        print(f"illisible / unreadable: {error}")
        return 1
    for line in wrong:
        print(line)
    print(f"signature: {signature or 'vérifiée / verified'}")
    if wrong or (signature and not signature.startswith("?")):
        print("LE DOSSIER A ÉTÉ MODIFIÉ / THE PACK WAS ALTERED")
        return 1
    print("le dossier est entier / the pack is whole")
    return 0


def mistakes(pack: zipfile.ZipFile) -> Iterator[str]:
    """Every difference between what is there and what the manifest and the chains say."""
    manifest = json.loads(pack.read(MANIFEST))
    if manifest.get("format") != FORMAT:
        yield f"{MANIFEST}: format {manifest.get('format')!r}, {FORMAT!r} attendu / expected"
        return
    names = [each["name"] for each in manifest["files"]]
    there = pack.namelist()
    for name in sorted({*there} - {*names, MANIFEST, SIGNATURE}):
        yield f"{name}: ajouté / added"
    for name in sorted(name for name in {*there} if there.count(name) > 1):
        yield f"{name}: deux fois / twice"
    for each in manifest["files"]:
        if each["name"] not in there:
            yield f"{each['name']}: manque / missing"
        elif digest_of(pack, each["name"]) != each["sha256"]:
            yield f"{each['name']}: modifié / altered"
    yield from chains(pack, manifest)
    yield from declarations(pack)


def chains(pack: zipfile.ZipFile, manifest: dict[str, Any]) -> Iterator[str]:
    """Every history, each entry of which covers the one before it."""
    requests = entries = 0
    with pack.open("histories.jsonl") as lines:
        for line in lines:
            told = json.loads(line)
            requests, entries = requests + 1, entries + len(told["history"])
            if (number := broken_at(told)) is not None:
                yield f"histories.jsonl: {told['reference']}: intervention {number}: modifiée ou perdue / altered, lost"
    if (requests, entries) != (manifest["requests"], manifest["entries"]):
        yield f"histories.jsonl: {requests} requêtes / requests, {entries} interventions / entries"


def broken_at(told: dict[str, Any]) -> int | None:
    """The number of the first entry that is not as it was written; None when the history is whole."""
    previous = FIRST
    for number, entry in enumerate(told["history"], start=1):
        covered = {name: value for name, value in entry.items() if name != "hash"}
        as_written = covered["number"] == number and covered["previous"] == previous
        if not as_written or covered["request"] != told["request"] or hash_of(covered) != entry["hash"]:
            return number
        previous = entry["hash"]
    whole = len(told["history"]) == told["entries"] and previous == (told["last_hash"] or FIRST)
    return None if whole else len(told["history"]) + 1


def hash_of(covered: dict[str, Any]) -> str:
    """SHA-256 of what an entry covers, as JSON without spaces, names in order, letters as they are."""
    text = json.dumps(covered, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def declarations(pack: zipfile.ZipFile) -> Iterator[str]:
    """Every request type, the digest of which the requests name."""
    with pack.open("procedures/types.csv") as sheet:
        for row in csv.DictReader(io.TextIOWrapper(sheet, "utf-8-sig", newline="")):
            if digest_of(pack, row["file"]) != row["declaration"]:
                yield f"{row['file']}: n’est pas la déclaration / is not the declaration {row['declaration']}"


def digest_of(pack: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with pack.open(name) as content:
        while piece := content.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def signed(pack: zipfile.ZipFile, certificate: Path | None) -> str:
    """Nothing when the manifest bears the signature; else why not, beginning with "?" where nobody could look."""
    openssl = shutil.which("openssl")
    if openssl is None:
        return "? openssl n’est pas là / is not there"
    with tempfile.TemporaryDirectory() as folder:
        for name in (MANIFEST, SIGNATURE):
            Path(folder, name).write_bytes(pack.read(name))
        command = [openssl, "cms", "-verify", "-binary", "-inform", "DER", "-noverify"]
        command += ["-in", SIGNATURE, "-content", MANIFEST, "-out", "read", "-signer", "signer.pem"]
        if certificate is not None:
            command += ["-certfile", str(certificate.resolve()), "-nointern"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            return f"ne vaut pas / does not hold: {done.stderr.strip().splitlines()[-1:]}"
        show = [openssl, "x509", "-in", "signer.pem", "-noout", "-subject", "-fingerprint", "-sha256"]
        print(subprocess.run(show, cwd=folder, capture_output=True, text=True, check=False).stdout.strip())
    return ""


if __name__ == "__main__":
    sys.exit(main())
