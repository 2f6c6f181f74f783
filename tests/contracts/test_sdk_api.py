"""The public face of the sdk is what it was; a change of it is made on purpose and seen in review."""

import difflib
import runpy
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

import pytest
from packaging.version import Version

from parvis_sdk.renamed import RELEASE

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def face():
    return SimpleNamespace(**runpy.run_path(str(HERE / "sdk_api.py")))


def test_the_public_face_of_the_sdk_is_as_written_down(face):
    told = list(face.lines())
    kept = (HERE / "sdk_api.txt").read_text(encoding="utf-8").splitlines()
    diff = "\n".join(difflib.unified_diff(kept, told, "written down", "now", lineterm=""))
    found = face.changes(kept, told)
    needs = face.version_for(found, version("parvis-sdk"))
    which = "\n".join(f"{kind}: {what}" for kind, what in found)
    how = "if this is meant, run `python tests/contracts/sdk_api.py > tests/contracts/sdk_api.txt`"
    assert told == kept, f"{how}\nAfter {version('parvis-sdk')} this needs at least {needs}:\n{which}\n{diff}"


FACE = [
    "parvis_sdk.bells",
    "    struct Bell(Noun)",
    "        code: str",
    "        rings: int = 1",
    "        def ring(self, times: int) -> None",
    "    class Ringer(Protocol)",
    "        async def pull(self, bell: Bell) -> None",
    "    def bells() -> Sequence[Bell]",
]


@pytest.mark.parametrize(
    ("before", "after", "least"),
    [
        ("", "", "0.4.2"),
        ("        rings: int = 1", "        rings: int = 1\n        loud: bool = False", "0.4.3"),
        ("        rings: int = 1", "        rings: int = 1\n        loud: bool", "0.5.0"),
        ("        code: str", "        code: str = ''", "0.4.3"),
        ("        rings: int = 1", "        rings: float = 1", "0.5.0"),
        ("times: int)", "times: int, loud: bool = False)", "0.4.3"),
        ("times: int)", "times: int, loud: bool)", "0.5.0"),
        ("    def bells() -> Sequence[Bell]", "    def peals() -> Sequence[Bell]", "0.5.0"),
        ("    def bells() -> Sequence[Bell]", "    def bells() -> Sequence[Bell]\n    def peals() -> None", "0.4.3"),
        ("    class Ringer(Protocol)", "    class Ringer(Protocol)\n        def stop(self) -> None", "0.5.0"),
        ("    struct Bell(Noun)", "    struct Bell", "0.5.0"),
    ],
)
def test_a_change_of_the_face_says_which_version_it_needs(face, before, after, least):
    told = "\n".join(FACE).replace(before, after).splitlines() if before else FACE
    found = face.changes(FACE, told)
    assert face.version_for(found, "0.4.2") == least
    whole = {"0.4.2": "1.4.2", "0.4.3": "1.5.0", "0.5.0": "2.0.0"}[least]
    assert face.version_for(found, "1.4.2") == whole


def test_what_was_to_go_with_this_release_has_gone():
    assert Version(version("parvis-sdk")) < Version(RELEASE), "former names were promised to go: take them out"


def test_the_face_shows_fields_defaults_signatures_and_inheritance():
    kept = (HERE / "sdk_api.txt").read_text(encoding="utf-8")
    for line in (
        "    struct Submitted(Event) tag 'submitted'",
        "        sensitivity: Sensitivity = <Sensitivity.INTERNAL: 'internal'>",
        "        async def send(self, message: OutgoingMessage) -> str",
        "    def request_types() -> Sequence[RequestType]",
        "    class PluginContract",
    ):
        assert line in kept.splitlines(), line
