"""A town whose mail lies in a mailbox of Dovecot; run as a program, it dies when it should move its first mail."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from parvis.correspondence import plugin
from parvis.correspondence.fetching import fetch
from parvis.correspondence.mailbox import Mailbox
from parvis.correspondence.settings import address_of
from parvis.db import Engine, open_engine
from parvis.db.binding import bind
from parvis.demo import town_folder
from parvis.files import LocalFiles
from parvis.host import found_inside
from parvis.house import find_plugins, open_house, settings_from
from parvis.requests.heart import Heart
from parvis.requests.work.answer_mailbox import AnswerMailbox
from parvis.territory import load_territory

ADDRESS = "requetes@ville.example"


def mail_heart(engine: Engine, folder: Path, port: int, password: str) -> Heart:
    """The demonstration's towns with their plugins, and this mailbox."""
    found, _ = find_plugins()
    reports = [each for each in found if each.origin.name == "reports"]
    table = {"host": "127.0.0.1", "port": port, "tls": "none", "user": "requetes", "password": password}
    settings = settings_from({"correspondence": {**table, "address": ADDRESS}}, {})
    house = open_house([found_inside("correspondence", plugin), *reports], settings)
    assert not house.troubles, house.troubles
    return Heart(
        engine=engine,
        territory=load_territory(town_folder()),
        house=house,
        files=LocalFiles(folder / "files"),
        secret=b"a secret of thirty-two characters",
        base_url="http://127.0.0.1:8000",
    ).having(AnswerMailbox(address_of(house)))


async def die_before_moving(url: str, folder: str, port: str, password: str) -> None:
    """Fetch; killed as by kill -9 once the first mail is kept and before it is moved."""

    def die(self: Mailbox, uid: bytes, into: str) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    Mailbox.move = die  # type: ignore[method-assign]
    engine = open_engine(url)
    bind(engine)
    await engine.start()
    await fetch(mail_heart(engine, Path(folder), int(port), password))


if __name__ == "__main__":
    asyncio.run(die_before_moving(*sys.argv[1:]))
