"""The command `parvis-payment-stand-in`: serves the stand-in on this machine until it is stopped."""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from parvis_hosted_payments.stand_in.server import StandIn


def main() -> None:
    """Serve; the keys come from the environment, where the plugin finds them too."""
    asked = argparse.ArgumentParser(description="A payment provider that moves no money: for demonstrations and tests.")
    asked.add_argument("--port", type=int, default=8900, help="0 takes a free one and prints it")
    asked.add_argument("--file", type=Path, help="where sessions are kept; without it they are forgotten at the end")
    asked.add_argument("--late", type=float, default=10.0, help="after how many seconds a late call goes out")
    asked.add_argument("--until-closed", action="store_true", help="stop when standard input ends, as whoever began it")
    given = asked.parse_args()
    keys = tuple(os.environ.get("PARVIS_HOSTED_PAYMENTS_SECRET_KEY", "").split(","))
    secret = os.environ.get("PARVIS_HOSTED_PAYMENTS_CALL_SECRET", "")
    if not all(keys) or not secret:
        sys.exit("set PARVIS_HOSTED_PAYMENTS_SECRET_KEY and PARVIS_HOSTED_PAYMENTS_CALL_SECRET")
    server = StandIn(given.port, keys, secret, file=given.file, late=given.late)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    if given.until_closed:
        threading.Thread(target=end_with_input, args=(server,), daemon=True).start()
    sys.stdout.write(f"{server.address}\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()


def end_with_input(server: StandIn) -> None:
    """Stop the server once nobody holds the other end of standard input."""
    sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    main()
