"""With a real clamd: its verdicts, a virus taken out of a request, and nothing lost while it is away."""

import asyncio
import dataclasses
import io

import pytest
from PIL import Image

from parvis.deployment import compose, open_deployment
from parvis.example_towns import town_folder
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.threads import PluginThreads
from parvis.requests.attached.antivirus import NobodyScans, UploadGuard
from parvis.requests.attached.attachments import waiting
from parvis.requests.attached.receiving import receive_file
from parvis.settings import read_settings
from parvis_clamav import plugin
from parvis_clamav.scanner import ClamAV
from parvis_clamav.settings import Settings
from parvis_sdk.testing import VirusScannerContract
from parvis_sdk.testing.scanners import EICAR
from parvis_testing.modules import only
from parvis_virus_scanning.rounds import FileScanner

HOLDER = "h" * 64
TEXTS = ("text/plain", "application/pdf", "image/jpeg")


class TestRealClamd(VirusScannerContract):
    @pytest.fixture
    def scanner(self, clamd):
        return ClamAV(Settings(socket=clamd.socket, most=3))

    @pytest.fixture
    def away(self, tmp_path):
        return ClamAV(Settings(socket=str(tmp_path / "clamd.sock")))


def settings_of(folder, words, **environ):
    (folder / "parvis.toml").write_text(f"territory = '{town_folder()}'\ndata = '{folder / 'data'}'\n{words}")
    return read_settings(folder / "parvis.toml", {"PARVIS_SECRET_KEY": "s" * 40, **environ})


def picture(size=(30, 20)):
    file = io.BytesIO()
    Image.new("RGB", size, "grey").save(file, "JPEG")
    return file.getvalue()


@pytest.fixture
async def guarded(tmp_path, clamd):
    """An installation with the old table of settings, its plugin on a thread of its own."""
    settings = settings_of(tmp_path, f"[antivirus]\nsocket = '{clamd.socket}'\nmost = 3\n")
    clamav = DiscoveredPlugin.of("clamav", plugin, distribution="parvis-clamav")
    modules = only("virus_scanning")
    async with open_deployment(settings, [clamav], migrating=True, modules=modules) as deployment:
        threads = PluginThreads()
        yield dataclasses.replace(deployment, host=deployment.host.having(threads))
        await threads.close()


async def states(host):
    return {each.name: each.state for each in (await waiting(HOLDER)).values()}


async def test_a_virus_is_found_a_photo_stays_and_the_former_settings_are_named(guarded, clamd):
    host, scanning = guarded.host, FileScanner(guarded.host, guarded.host.of(UploadGuard).scanner)
    assert scanning.scanner.title.en == f"ClamAV, {clamd.socket}"
    await receive_file(host, HOLDER, "photos", "trou.jpg", picture())
    await receive_file(host, HOLDER, "notes", "notes.txt", EICAR, kinds=TEXTS)
    assert await scanning.step() == 2
    assert await states(host) == {"trou.jpg": "ready", "notes.txt": "infected"}
    told = [each.line() for each in guarded.to_mend if each.key.startswith("antivirus.")]
    assert len(told) == 2
    assert "is called plugins.clamav.socket now" in told[0]


async def test_a_clamd_that_goes_away_and_comes_back_loses_nothing(guarded, clamd):
    host, scanning = guarded.host, FileScanner(guarded.host, guarded.host.of(UploadGuard).scanner)
    clamd.stop()
    await receive_file(host, HOLDER, "photos", "a.jpg", picture())
    await scanning.step()
    assert await states(host) == {"a.jpg": "held"}
    clamd.start()
    await receive_file(host, HOLDER, "photos", "b.jpg", picture((9, 9)))
    while await scanning.step():
        pass
    assert await states(host) == {"a.jpg": "ready", "b.jpg": "ready"}


def test_former_settings_are_read_from_file_and_environment_and_new_ones_win(tmp_path):
    settings = settings_of(
        tmp_path,
        "[antivirus]\nsocket = 'run/clamd.ctl'\nmost = 5\n[plugins.clamav]\nmost = 7\n",
        PARVIS_ANTIVIRUS_SECONDS="30",
    )
    assert settings.files.scanner == "clamav"
    assert settings.plugins["clamav"] == {"socket": str(tmp_path / "run/clamd.ctl"), "most": 7, "seconds": "30"}
    assert settings_of(tmp_path, "[files]\nscanner = ''\n[antivirus]\nhost = 'x'\n").files.scanner == ""
    assert settings_of(tmp_path, "[antivirus]\nmost = 5\n").files.scanner == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("[files]\nscanner = 'clamav'\n", "install and set up its plugin"),
        ("[files]\nscanner = 'clamaw'\n[plugins.clamav]\nhost = 'x'\n", "did you mean 'clamav'?"),
        ("[antivirus]\nhost = 'x'\nport = 0\n", "install and set up its plugin"),
    ],
)
def test_a_scanner_that_nobody_brings_is_named_and_holds(tmp_path, words, said):
    modules = only("virus_scanning")
    deployment = compose(settings_of(tmp_path, words), [DiscoveredPlugin.of("clamav", plugin)], modules=modules)
    assert isinstance(deployment.host.of(UploadGuard).scanner, NobodyScans)
    (told,) = [each.line() for each in deployment.loose_ends if each.key == "files.scanner"]
    assert "received files wait for it" in told
    assert said in told


def test_of_two_scanners_that_are_installed_the_one_that_is_named_looks(tmp_path):
    class Other:
        virus_scanners = plugin.hookimpl(lambda self: [Twin(Settings(host="y"))])

    class Twin(ClamAV):
        name = "twin"

    plugins = [DiscoveredPlugin.of("clamav", plugin), DiscoveredPlugin.of("other", Other())]
    table = "[plugins.clamav]\nhost = 'x'\n"
    for name, title in (("clamav", "ClamAV, x:3310"), ("twin", "ClamAV, y:3310")):
        settings = settings_of(tmp_path, f"[files]\nscanner = '{name}'\n{table}")
        deployment = compose(settings, plugins, modules=only("virus_scanning"))
        assert deployment.host.of(UploadGuard).scanner.title.en == title
    assert compose(settings_of(tmp_path, table), plugins).host.of(UploadGuard) == UploadGuard()


async def test_several_files_are_looked_at_side_by_side(guarded):
    scanner = guarded.host.of(UploadGuard).scanner
    said = await asyncio.gather(*(scanner.scan(io.BytesIO(bytes(1_000_000))) for _ in range(4)))
    assert len(said) == 4
