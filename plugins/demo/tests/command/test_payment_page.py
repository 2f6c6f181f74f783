"""The payment page of the demonstration ends with it, even where nobody could end it in order."""

import os
import signal
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest

pytest.importorskip("parvis_hosted_payments")
DEMONSTRATION = """
import sys, time
from pathlib import Path
from parvis_demo.payment_page import payment_page
with payment_page(Path(sys.argv[1]), "secret") as settings:
    print(settings["base_url"], flush=True)
    time.sleep(60)
"""


def listens(port):
    """Whether somebody listens at this port of the machine."""
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


def test_it_is_gone_soon_after_the_demonstration_was_killed(tmp_path):
    command = [sys.executable, "-c", DEMONSTRATION, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as demonstration:
        port = urlsplit(demonstration.stdout.readline().strip()).port
        assert listens(port)
        os.kill(demonstration.pid, signal.SIGKILL)
    until = time.monotonic() + 20
    while listens(port) and time.monotonic() < until:
        time.sleep(0.05)
    assert not listens(port)
