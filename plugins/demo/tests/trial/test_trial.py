"""`parvis plugins run`: a vendor sees a plugin on portal and desk, changes it, and reads what each event did."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from msgspec import structs

from parvis.plugins.trying import Failure
from parvis_demo.trial.command import changed, files_in
from parvis_demo.trial.process import answered
from parvis_sdk.new_plugin.described import NewPlugin
from parvis_sdk.new_plugin.making import make
from parvis_sdk.subscriptions import Outcome
from parvis_sdk.text import Text
from parvis_testing.ports import free_port

PATIENCE = 90.0  # seconds of a very busy machine
READY = "lamps: lamp, order, in "
ASKED = {
    "type": "lamp",
    "answers": {"what": "Une lampe"},
    "place": {"lon": -73.575, "lat": 45.455},
    "requester": {"mode": "anonymous"},
}


class Trial:
    """The command, running; what it said; and a browser without scripts."""

    def __init__(self, folder: Path, log: Path) -> None:
        port = free_port()
        self.log = log
        words = ["-c", "from parvis.cli import main; main()", "plugins", "run", str(folder)]
        command = [sys.executable, *words, "--port", str(port), "--language", "en"]
        with log.open("w") as out:
            self.process = subprocess.Popen(
                command, stdout=out, stderr=out, env={**os.environ, "TMPDIR": str(log.parent)}
            )
        self.browser = httpx.Client(base_url=f"http://127.0.0.1:{port}", follow_redirects=True, timeout=PATIENCE)

    def said(self, words: str, times: int = 1) -> str:
        """All that was said, once these words were said so often."""
        until = time.monotonic() + PATIENCE
        while (text := self.log.read_text()).count(words) < times:
            assert time.monotonic() < until, text
            assert self.process.poll() is None, text
            time.sleep(0.1)
        return text


@pytest.fixture(scope="module")
def lamps(tmp_path_factory) -> Path:
    title = Text(fr="Lampadaire", en="Lamp")
    folder = tmp_path_factory.mktemp("vendor") / "parvis-lamps"
    make(NewPlugin(name="lamps", kind="handler", title=title, folder=folder))
    return folder


@pytest.fixture(scope="module")
def trial(lamps, tmp_path_factory):
    one = Trial(lamps, tmp_path_factory.mktemp("trial") / "log")
    try:
        one.said(READY)
        yield one
    finally:
        one.browser.close()
        one.process.kill()
        one.process.wait()


@pytest.mark.slow
def test_a_plugin_is_seen_changed_and_heard_without_being_installed(trial, lamps):
    browser, source = trial.browser, lamps / "src/parvis_lamps"
    assert "Lamp" in browser.get("/en/").text
    way_in = re.search(r"/essai/\S+", trial.said("Desk"))[0]
    assert browser.get("/essai/somebody-elses").status_code == 404
    assert browser.get(way_in).url.path == "/bureau"

    service = source / "service.py"
    service.write_text(service.read_text("utf-8").replace('en="Lamp"', 'en="Lantern"'), "utf-8")
    trial.said(READY, times=2)
    assert "Lantern" in browser.get("/en/").text

    orders = source / "orders.py"
    broken = (
        orders.read_text("utf-8")
        .replace("Moved", "Submitted")
        .replace("        if event", "        1 / 0\n        if event")
    )
    orders.write_text(broken, "utf-8")
    trial.said(READY, times=3)
    reference = browser.post("/api/v1/requests", json=ASKED).json()["reference"]
    line = broken.splitlines().index("        1 / 0") + 1
    told = trial.said(f"FAULT: it raised ZeroDivisionError: division by zero  (parvis_lamps/orders.py:{line})")
    assert re.search(rf"^{reference}  Submitted -> lamps\.order  \d+ ms$", told, re.MULTILINE)
    assert reference in browser.get("/bureau").text

    orders.write_text("1 +", "utf-8")
    trial.said(
        "! lamps (parvis-lamps 0.1.0) · entry point lamps = parvis_lamps.plugin · parvis_lamps/orders.py:1 · it cannot"
    )
    assert "Traceback" not in trial.log.read_text()
    trial.process.terminate()  # as Ctrl-C, which a process started in the background ignores
    assert trial.process.wait(PATIENCE) == 0
    assert [each.name for each in trial.log.parent.iterdir()] == ["log"]


def test_what_was_answered_is_told_line_by_line():
    outcome = Outcome(note=Text(fr="Bon 7", en="Order 7"), external_reference="7", move="close", given={"reason": "é"})
    assert [*answered(outcome, "fr")] == [
        "note: Bon 7",
        'external_reference: "7"',
        'move: "close"',
        f"given: {json.dumps({'reason': 'é'}, ensure_ascii=False, separators=(',', ':'))}",
    ]
    assert [*answered(Outcome(), "en")] == ["nothing"]


def test_what_failed_is_told_with_its_line():
    away = Failure(kind="later", what=Text(fr="absent", en="away"))
    assert [*answered(away, "fr")] == ["sera essayé encore\u00a0: absent"]
    broken = structs.replace(away, kind="broken", where="parvis_lamps/orders.py:3")
    assert [*answered(broken, "en")] == ["FAULT: away  (parvis_lamps/orders.py:3)"]


def test_the_first_file_that_changed_is_named(tmp_path):
    (tmp_path / "__pycache__").mkdir()
    for name in ("a.py", "b.py", "__pycache__/c.py", ".hidden", "d.bin"):
        (tmp_path / name).write_text("")
    before = dict(files_in(tmp_path))
    assert sorted(path.name for path in before) == ["a.py", "b.py"]
    (tmp_path / "b.py").write_text("1")
    assert changed(before, dict(files_in(tmp_path))).name == "b.py"
