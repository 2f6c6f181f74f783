"""A web process killed while somebody pays: whenever it dies, the charge is paid once and nothing is lost.

Real processes on a real database, the provider's stand-in among them; `kill -9`, so that nothing is cleaned up.
"""

import asyncio
import os
import re
import sys
from contextlib import suppress

import httpx
import pytest

from parvis.db.binding import bind
from parvis.deployment import open_deployment
from parvis.example_towns import town_folder
from parvis.requests.records import find
from parvis.settings import Settings
from parvis_fees.charges import charges_of
from parvis_fees.payments import payments_of
from parvis_testing.copied import CopiedProcess
from parvis_testing.modules import switch
from parvis_testing.ports import free_port

from ..journeys.charged import submit_charged

pytestmark = [pytest.mark.slow, pytest.mark.both_engines]

SECRET = "a secret of thirty-two characters or more"
KEYS = {
    "PARVIS_HOSTED_PAYMENTS_SECRET_KEY": "sk_test",
    "PARVIS_HOSTED_PAYMENTS_CALL_SECRET": "whsec_plJ3nmyCDGBKInavdOK15jsl",
}
READY_SECONDS = 60


class Killed:
    """The town as a process that can be killed, and the provider as another that lives on."""

    def __init__(self, database_url, folder):
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.settings = Settings(
            territory=town_folder(),
            secret_key=SECRET,
            data=folder,
            database=database_url,
            base_url=self.address,
            worker=False,
        )
        self.log = (folder / "web.log").open("w", encoding="utf-8")
        self.folder = folder

    async def begin(self):
        command = (sys.executable, "-m", "parvis_hosted_payments.stand_in.command", "--port", "0")
        self.provider = await asyncio.create_subprocess_exec(
            *command, env=os.environ | KEYS, stdout=asyncio.subprocess.PIPE
        )
        self.provider_address = (await self.provider.stdout.readline()).decode().strip()
        async with open_deployment(self.settings, environ=os.environ | KEYS) as deployment:
            await switch(deployment.host, "on")
            person = {"name": "Zoé Côté", "email": "zoe@exemple.ca"}
            self.receipt = await submit_charged(deployment.host, person, 0.01, paid=False)
            record = await find(deployment.host, self.receipt.reference)
            (charge,) = await charges_of(record.id)
        self.path = f"/fr/suivi/{self.receipt.reference}/frais/{charge.id}"

    async def serve(self):
        environment = (
            os.environ
            | KEYS
            | {
                "PARVIS_TERRITORY": str(town_folder()),
                "PARVIS_SECRET_KEY": SECRET,
                "PARVIS_DATA": str(self.folder),
                "PARVIS_DATABASE": self.settings.database,
                "PARVIS_BASE_URL": self.address,
                "PARVIS_HOSTED_PAYMENTS_BASE_URL": self.provider_address,
            }
        )
        words = ("serve", "--no-worker", "--port", str(self.port))
        self.web = CopiedProcess(*words, environ=environment, log=self.log.name)
        async with asyncio.timeout(READY_SECONDS), httpx.AsyncClient() as http:
            while True:
                with suppress(httpx.TransportError):
                    await http.get(f"{self.address}/health")
                    return
                await asyncio.sleep(0.1)

    async def kill(self):
        self.web.kill()
        await self.web.wait()

    async def end(self):
        for process in (self.web, self.provider):
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        self.log.close()

    async def provider_does(self, **wanted):
        async with httpx.AsyncClient() as http:
            assert (await http.post(f"{self.provider_address}/_behave", json=wanted)).status_code == 204

    async def sessions(self):
        async with httpx.AsyncClient(headers={"authorization": "Bearer sk_test"}) as http:
            return (await http.get(f"{self.provider_address}/v1/sessions")).json()["data"]

    async def press(self, payer):
        """The button of the pay page; where the payer is sent."""
        page = await payer.get(self.path)
        token = re.search(r'name="_csrf" value="([^"]+)"', page.text)[1]
        sent = await payer.post(self.path, data={"_csrf": token})
        return re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', sent.text)[1]

    async def outcome(self):
        async with open_deployment(self.settings, environ=os.environ | KEYS) as deployment:
            bind(deployment.host.engine)
            record = await find(deployment.host, self.receipt.reference)
            (charge,) = await charges_of(record.id)
            return charge.state, [each.state for each in await payments_of(record.id)]


@pytest.fixture
async def town(database_url, tmp_path):
    made = Killed(database_url, tmp_path)
    await made.begin()
    await made.serve()
    yield made
    await made.end()


async def test_killed_before_it_heard_of_the_payment_and_again_before_it_heard_of_the_money(town):
    async with httpx.AsyncClient(base_url=town.address, headers={"accept": "text/html"}, timeout=30) as payer:
        await payer.get(f"/fr/suivi/{town.receipt.reference}", params={"cle": town.receipt.key})
        await town.provider_does(pause=3)
        pressing = asyncio.create_task(town.press(payer))
        while not await town.sessions():
            await asyncio.sleep(0.05)
        await town.kill()
        with pytest.raises(httpx.TransportError):
            await pressing
        await town.provider_does(pause=0)
        await town.serve()
        url = await town.press(payer)
        assert [each["status"] for each in await town.sessions()] == ["open"]
        await town.kill()
        async with httpx.AsyncClient(timeout=30) as outside:  # its call meets nobody
            back = (await outside.post(url, data={"do": "paid", "calls": "at_once"})).headers["location"]
        await town.serve()
        assert (await payer.get(back)).headers["location"].endswith("?fait=paye#main")
    assert [each["status"] for each in await town.sessions()] == ["paid"]
    assert await town.outcome() == ("paid", ["paid"])
