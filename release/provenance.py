"""Where files come from: an in-toto statement with SLSA provenance, signed as a DSSE envelope where a key is given."""

import json
import platform
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from securesystemslib.dsse import Envelope
from securesystemslib.signer import CryptoSigner, SSlibKey

from release.locks import ROOT
from release.wheels import digest

STATEMENT, PREDICATE = "https://in-toto.io/Statement/v1", "https://slsa.dev/provenance/v1"
PAYLOAD = "application/vnd.in-toto+json"
BUILD_TYPE = "urn:parvis:release:1"
LOCKED = ("release/dependencies.lock", "release/build.lock", "release/tools.lock", "core/frontend/package-lock.json")


def statement(files: Iterable[Path], commit: str, seconds: int, builder: str) -> dict[str, Any]:
    """Says of each file its digest, from which commit it was built, with which locks, and by whom."""
    locks = [{"name": name, "digest": {"sha256": digest(ROOT / name)}} for name in LOCKED]
    made_with = {"python": platform.python_version(), "platform": platform.platform(), "SOURCE_DATE_EPOCH": seconds}
    return {
        "_type": STATEMENT,
        "subject": [{"name": path.name, "digest": {"sha256": digest(path)}} for path in sorted(files)],
        "predicateType": PREDICATE,
        "predicate": {
            "buildDefinition": {
                "buildType": BUILD_TYPE,
                "externalParameters": {"commit": commit},
                "internalParameters": made_with,
                "resolvedDependencies": [{"name": "source", "digest": {"gitCommit": commit}}, *locks],
            },
            "runDetails": {"builder": {"id": builder}},
        },
    }


def written(told: dict[str, Any]) -> bytes:
    return json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def sign(payload: bytes, key: bytes) -> dict[str, Any]:
    """The envelope of a statement under a private key in PEM: Ed25519, ECDSA or RSA."""
    envelope = Envelope(payload, PAYLOAD, {})
    envelope.sign(CryptoSigner(load_pem_private_key(key, None)))  # type: ignore[arg-type]  # refused by it if it cannot
    return envelope.to_dict()


def verify(envelope: dict[str, Any], key: bytes) -> dict[str, Any]:
    """The statement of an envelope that this public key in PEM signed; refused by an error otherwise."""
    opened = Envelope.from_dict(json.loads(json.dumps(envelope)))
    opened.verify([SSlibKey.from_crypto(load_pem_public_key(key))], 1)  # type: ignore[arg-type]
    if opened.payload_type != PAYLOAD:
        raise ValueError(f"an envelope of {opened.payload_type}")
    return json.loads(opened.payload)


def altered(told: dict[str, Any], folder: Path) -> list[str]:
    """Files of a statement that are not there, or not as they were."""
    there = {path.name: path for path in folder.rglob("*") if path.is_file()}
    return [
        each["name"]
        for each in told["subject"]
        if each["name"] not in there or digest(there[each["name"]]) != each["digest"]["sha256"]
    ]
