"""A command that reads the plugins is ended where one lets nothing run, wherever its standard error goes."""

import subprocess
import sys

import pytest

READING = """
import io, sys, time
import parvis.plugins.threads as threads
{stands_in}
threads.NOTHING_RUNS = {seconds}
with threads.ended_from_below():
    time.sleep({sleeps})
print("read")
"""
STANDING_IN = {
    "itself": "",
    "a_text": "sys.stderr = io.StringIO()",
    "nothing": "sys.stderr = None",
    "nothing_at_all": "sys.stderr = sys.__stderr__ = None",
}


def reading(stands_in, *, seconds, sleeps):
    code = READING.format(stands_in=STANDING_IN[stands_in], seconds=seconds, sleeps=sleeps)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("stands_in", STANDING_IN)
def test_plugins_are_read_where_something_stands_in_for_the_standard_error(stands_in):
    """Whatever called a command with its errors kept in a text was told nothing of the plugins."""
    done = reading(stands_in, seconds=60, sleeps=0)
    assert (done.returncode, done.stdout) == (0, "read\n"), done.stderr


@pytest.mark.parametrize("stands_in", STANDING_IN)
def test_a_plugin_that_lets_nothing_run_ends_the_process_with_its_line(stands_in):
    done = reading(stands_in, seconds=0.2, sleeps=60)
    assert (done.returncode, done.stdout) == (1, "")
    assert ("line 7 in <module>" in done.stderr) == (stands_in != "nothing_at_all"), done.stderr
