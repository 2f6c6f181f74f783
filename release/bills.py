"""Bills of materials in CycloneDX: of an installation, by its own tool, and of the front-end, by npm."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name, parse_wheel_filename

from release.locks import ROOT
from release.wheels import digest

FRONT_END = ROOT / "core/frontend"


def of_installation(environment: Path, wheels: Path, into: Path) -> list[dict[str, Any]]:
    """Every distribution in an environment with version, licence, what it stands on, and the digest of its wheel."""
    from cyclonedx.schema import SchemaVersion  # of the tools: what tests look at needs none of them
    from cyclonedx.validation.json import JsonStrictValidator

    about = ["--pyproject", str(ROOT / "core/pyproject.toml"), "--mc-type", "application"]
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", *about]
    subprocess.run([*command, "--output-file", str(into), str(environment / "bin/python")], check=True)
    told = with_digests(json.loads(into.read_text(encoding="utf-8")), digests_of(wheels))
    written = json.dumps(told, indent=1, ensure_ascii=False) + "\n"
    if wrong := JsonStrictValidator(SchemaVersion.V1_6).validate_str(written):
        raise SystemExit(f"no bill of materials as CycloneDX has it: {wrong}")
    into.write_text(written, encoding="utf-8")
    return told["components"]


def with_digests(told: dict[str, Any], digests: dict[tuple[str, str], str]) -> dict[str, Any]:
    """The same bill with the digest of each wheel, and without what belongs to the environment, such as its pip."""
    kept = [each for each in told["components"] if (canonicalize_name(each["name"]), each["version"]) in digests]
    for each in kept:
        known = digests[canonicalize_name(each["name"]), each["version"]]
        each["hashes"] = [{"alg": "SHA-256", "content": known}]
    named = {each["bom-ref"] for each in (*kept, told["metadata"]["component"])}
    standing = [each for each in told["dependencies"] if each["ref"] in named]
    return {**told, "components": kept, "dependencies": standing}


def digests_of(wheels: Path) -> dict[tuple[str, str], str]:
    """The digest of each wheel in a folder, by its name and version."""
    found = {path: parse_wheel_filename(path.name)[:2] for path in wheels.glob("*.whl")}
    return {(name, str(version)): digest(path) for path, (name, version) in found.items()}


def of_front_end(seconds: int, into: Path) -> list[dict[str, Any]]:
    """What the browser gets of others, by the lock of the front-end; the same for the same commit."""
    command = ["npm", "sbom", "--package-lock-only", "--omit", "dev", "--sbom-format", "cyclonedx"]
    answer = subprocess.run(command, cwd=FRONT_END, check=True, capture_output=True, text=True)
    told = json.loads(answer.stdout)
    told.pop("serialNumber", None)
    told["metadata"]["timestamp"] = datetime.fromtimestamp(seconds, UTC).isoformat()
    into.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return told["components"]
