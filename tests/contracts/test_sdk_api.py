"""The public face of the sdk is what it was; a change of it is made on purpose and seen in review."""

import difflib
import runpy
from pathlib import Path

HERE = Path(__file__).parent


def test_the_public_face_of_the_sdk_is_as_written_down():
    told = list(runpy.run_path(str(HERE / "sdk_api.py"))["lines"]())
    kept = (HERE / "sdk_api.txt").read_text(encoding="utf-8").splitlines()
    changes = "\n".join(difflib.unified_diff(kept, told, "written down", "now", lineterm=""))
    how = "if this is meant, run `python tests/contracts/sdk_api.py > tests/contracts/sdk_api.txt`"
    assert told == kept, f"{how}:\n{changes}"


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
