"""A rolling upgrade under load: `python tests/upgrades/rehearse.py [--from COMMIT] [--proxy nginx]`, with figures.

Two web and two worker processes of an earlier commit behind a real proxy on one PostgreSQL; this one takes its steps
while they serve, and then replaces them one after the other. A process of the version before is killed and started anew
in between. People read and send all the time: what failed, how long they waited, and what was not delivered is told.
"""

import argparse
import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import httpx
from msgspec import Struct

from parvis_testing.databases import PostgresServer
from parvis_testing.ports import free_port

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))
from keep import sources, unpack  # noqa: E402 - the file beside this one

STATIC = "core/src/parvis/web/static"  # which an installation compiles
DRAIN = 8
PATIENCE = 240
SUBMISSION: dict[str, Any] = {
    "type": "pothole",
    "language": "fr",
    "answers": {"size": "medium", "surface": "lane", "danger": False},
    "place": {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"},
    "requester": {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"},
}
HAPROXY = """
global
  maxconn 2000
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout http-keep-alive 5s
  retries 3
  option redispatch
  retry-on conn-failure empty-response
frontend town
  bind 127.0.0.1:{front}
  default_backend parvis
backend parvis
  balance leastconn
  option httpchk
  http-check send meth GET uri /health/ready ver HTTP/1.1 hdr Host 127.0.0.1
  default-server check inter 1s fall 1 rise 1 pool-purge-delay 2s
  server one 127.0.0.1:{first}
  server two 127.0.0.1:{second}
"""
NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; worker_processes 1;
events {{ worker_connections 1024; }}
http {{
  access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  upstream parvis {{
    least_conn; server 127.0.0.1:{first} max_fails=0; server 127.0.0.1:{second} max_fails=0;
    keepalive 32; keepalive_timeout 5s;
  }}
  server {{
    listen 127.0.0.1:{front};
    location / {{
      proxy_pass http://parvis; proxy_http_version 1.1;
      proxy_set_header Connection ""; proxy_set_header Host $http_host;
      proxy_next_upstream error timeout; proxy_next_upstream_tries 2;
    }}
  }}
}}
"""


class Tried(Struct):
    """What people met with, and the seconds that each of them waited."""

    answered: int = 0
    failed: Counter[str] = Counter()
    seconds: list[float] = []
    references: list[str] = []


class Running:
    """One process of Parvis, of a version by where its packages lie, which says when it is ready."""

    def __init__(self, folder: Path, code: list[str], environ: dict[str, str], *words: str) -> None:
        self.folder, self.words, self.code, self.environ = folder, words, code, environ
        self.name = "-".join(words)
        self.process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        address = self.folder / f"{abs(hash(self.name)) % 10**8}.sock"
        address.unlink(missing_ok=True)
        program = [sys.executable, "-c", command_of(self.code), *self.words]
        told = self.environ | {"NOTIFY_SOCKET": str(address), "PYTHONPATH": os.pathsep.join(self.code)}
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as line:
            line.bind(str(address))
            with (self.folder / f"{self.name}.log").open("ab") as log:
                self.process = subprocess.Popen(program, env=told, stdout=log, stderr=log, cwd=self.folder)
            until = time.monotonic() + PATIENCE
            while not await self._told_ready(line):
                if self.process.poll() is not None or time.monotonic() > until:
                    told_last = (self.folder / f"{self.name}.log").read_text(errors="replace")[-2000:]
                    raise SystemExit(f"{self.name} does not get ready:\n{told_last}")

    async def _told_ready(self, line: socket.socket) -> bool:
        with suppress(TimeoutError):
            return b"READY=1" in await asyncio.wait_for(asyncio.get_running_loop().sock_recv(line, 4096), 1)
        return False

    async def stop(self, how: signal.Signals = signal.SIGTERM) -> float:
        """Told to stop, or killed; the seconds until it was gone."""
        began = time.monotonic()
        if self.process is not None:
            self.process.send_signal(how)
            await asyncio.to_thread(self.process.wait, PATIENCE)
        return time.monotonic() - began

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


async def one_person(address: str, number: int, tried: Tried, over: asyncio.Event) -> None:
    """Reads and sends in turn, by a connection that is kept, until told to stop."""
    asked = 0
    async with httpx.AsyncClient(base_url=address, timeout=90) as http:
        while not over.is_set():
            asked += 1
            sends = asked % 4 == 0
            path = "/api/v1/requests" if sends else ("/fr/", "/api/v1/request-types", "/fr/commencer")[asked % 3]
            began, who = time.monotonic(), {"x-forwarded-for": f"198.18.{number}.{asked % 250}"}
            try:
                answer = await (http.post(path, json=SUBMISSION, headers=who) if sends else http.get(path, headers=who))
            except httpx.HTTPError as error:
                tried.failed[f"{path}: {type(error).__name__}"] += 1
                continue
            tried.seconds.append(time.monotonic() - began)
            if answer.status_code in (200, 201):
                tried.answered += 1
                tried.references += [answer.json()["reference"]] if sends else []
            else:
                tried.failed[f"{path}: {answer.status_code}"] += 1
            await asyncio.sleep(0.4)


async def rehearse(folder: Path, database: str, commit: str, proxy: str) -> Tried:
    before = folder / "before"
    unpack(commit, before)
    shutil.copytree(ROOT / STATIC, before / STATIC, dirs_exist_ok=True)
    old, new = sources(before), sources(ROOT)
    front, first, second = (free_port() for _ in range(3))
    environ = settings(folder, database, sources(before)[1])
    step("the version before makes its database")
    migrate(folder, old, environ)
    webs = [("serve", "--no-worker", "--port", str(port)) for port in (first, second)]
    running = [Running(folder, old, environ, *words) for words in (*webs, ("work",), ("work",))]
    running[3].name = "work-2"
    with ExitStack() as ending:
        for each in running:
            ending.callback(each.end)
            await each.start()
        began = begin_proxy(folder, proxy, front=front, first=first, second=second)
        ending.callback(lambda: (began.terminate(), began.wait()))
        tried, over = Tried(), asyncio.Event()
        people = [asyncio.create_task(one_person(f"http://127.0.0.1:{front}", each, tried, over)) for each in range(5)]
        await asyncio.sleep(5)
        step("this version takes its steps while the one before serves")
        await asyncio.to_thread(migrate, folder, new, environ)
        if commit_can_go_on(running, old):
            step("a process of the version before is killed, and started anew on the newer database")
            await running[2].stop(signal.SIGKILL)
            await running[2].start()
        for number, each in enumerate(running):
            gone = await each.stop()
            started = time.monotonic()
            running[number] = again = Running(folder, new, environ, *each.words)
            again.name = f"{each.name}-after"
            ending.callback(again.end)
            await again.start()
            took = f"the one before gone after {gone:.1f} s, ready {time.monotonic() - started:.1f} s later"
            step(f"{each.name} of this version: {took}")
            await asyncio.sleep(2)
        over.set()
        await asyncio.gather(*people)
        await settled(database)
    return tried


def commit_can_go_on(running: list[Running], code: list[str]) -> bool:
    """Whether the version before knows how to go on with a database that is ahead."""
    return "is_ahead" in (Path(code[1]) / "parvis/db/migrating.py").read_text("utf-8")


def settings(folder: Path, database: str, core: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_")}
    return clean | {
        "PARVIS_TERRITORY": f"{core}/parvis/example_towns/town",
        "PARVIS_SECRET_KEY": "s" * 40,
        "PARVIS_DATA": str(folder / "data"),
        "PARVIS_DATABASE": database,
        "PARVIS_DATABASE_CONNECTIONS": "6",
        "PARVIS_DRAIN": str(DRAIN),
        "PARVIS_TRUSTED_PROXIES": "127.0.0.1",
        "PARVIS_NOTIFY_MODE": "mailbox",
        "PARVIS_LOG_LEVEL": "warning",
    }


def migrate(folder: Path, code: list[str], environ: dict[str, str]) -> None:
    told = environ | {"PYTHONPATH": os.pathsep.join(code)}
    command = [sys.executable, "-c", command_of(code), "migrate"]
    subprocess.run(command, env=told, check=True, cwd=folder)


def command_of(code: list[str]) -> str:
    """`parvis` of one version, which finds the distributions that this version has and none that came later."""
    came_later = {each.parent.name for each in ROOT.glob("plugins/*/src")} - {Path(each).parent.name for each in code}
    later = sorted("parvis-" + each.replace("_", "-") for each in came_later)
    return (
        "from importlib import metadata\n"
        "every = metadata.distributions\n"
        f"later = {later}\n"
        "metadata.distributions = lambda **asked: (each for each in every(**asked) if each.name not in later)\n"
        "from parvis.cli import main\n"
        "main()"
    )


def begin_proxy(folder: Path, proxy: str, **ports: int) -> subprocess.Popen[bytes]:
    program = shutil.which(proxy, path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        raise SystemExit(f"no {proxy} found")
    told = folder / f"{proxy}.cfg"
    told.write_text((HAPROXY if proxy == "haproxy" else NGINX).format(folder=folder, **ports), "utf-8")
    words = ["-db", "-f", told] if proxy == "haproxy" else ["-c", told]
    with (folder / f"{proxy}.out").open("wb") as out:
        return subprocess.Popen([program, *words], stdout=out, stderr=out)


async def settled(database: str) -> None:
    """Wait until what was announced is delivered; the number of those that are not is the last line."""
    import asyncpg

    connection = await asyncpg.connect(database)
    try:
        for _ in range(PATIENCE):
            left = await connection.fetchval("SELECT COUNT(*) FROM delivery WHERE state <> 'done'")
            if not left:
                break
            await asyncio.sleep(1)
        many = await connection.fetchval("SELECT COUNT(*) FROM service_request")
        step(f"{many} requests in the database, {left} deliveries not done")
    finally:
        await connection.close()


def step(words: str) -> None:
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {words}\n")
    sys.stdout.flush()


def in_order(tried: Tried, share: float) -> float:
    return sorted(tried.seconds)[int(len(tried.seconds) * share)] if tried.seconds else 0.0


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--from", dest="commit", default="HEAD", help="the version before, by its commit")
    asked.add_argument("--proxy", choices=("haproxy", "nginx"), default="haproxy")
    given = asked.parse_args()
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as database:
        server = PostgresServer(binaries, database)
        server.start()
        try:
            server.execute("postgres", "CREATE DATABASE parvis ENCODING 'UTF8' TEMPLATE template0")
            tried = asyncio.run(rehearse(Path(folder), f"{server.url}/parvis", given.commit, given.proxy))
        finally:
            server.end()
    step(f"{tried.answered} answered, {sum(tried.failed.values())} failed {dict(tried.failed)}")
    waited = f"half waited {in_order(tried, 0.5):.2f} s, 99 of 100 {in_order(tried, 0.99):.2f} s"
    step(f"{len(set(tried.references))} acknowledged; {waited}")
    raise SystemExit(1 if tried.failed else 0)


if __name__ == "__main__":
    main()
