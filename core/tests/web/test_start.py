"""What a start does not load: what only some pages ever need, and in a worker what is asked over HTTP alone."""

import subprocess
import sys

import pytest

WITH_THE_FIRST_FILE_OR_SEARCH = (
    "PIL",
    "pillow_heif",
    "pikepdf",
    "typst",
    "snowballstemmer",
    "segno",
    "xlsxwriter",
    "puremagic",
)
WITH_THE_FIRST_SIGNATURE_MIGRATION_OR_LAYER = ("pyhanko", "pyhanko_certvalidator", "black", "pyproj")
MUCH_LATER = WITH_THE_FIRST_FILE_OR_SEARCH + WITH_THE_FIRST_SIGNATURE_MIGRATION_OR_LAYER

OF_THE_WEB = ("litestar", "uvicorn", "parvis.web.desk", "parvis.api.routing", "prometheus_client")
WEB = "from parvis.app import create_app\ncreate_app(settings)\n"
WORKER = (
    "from parvis.deployment import compose\n"
    "from parvis.modules import OF_THE_WEB\n"
    "import parvis.working\n"
    "compose(settings, unused=OF_THE_WEB)\n"
)
HOLIDAYS = (
    "from parvis.jurisdictions.calendars import quebec_holidays\n"
    "assert len(quebec_holidays(2026)) == 8\n"
    "assert 'holidays.countries.france' not in sys.modules\n"
    "import holidays\n"
    "assert len(holidays.country_holidays('FR', years=2026)) > 8\n"
    "from holidays.countries import Canada, Italy\n"
    "assert isinstance(holidays.country_holidays('CA', subdiv='QC'), Canada) and Italy\n"
)


@pytest.mark.parametrize(
    ("process", "later"), [(WEB, MUCH_LATER), (WORKER, MUCH_LATER + OF_THE_WEB)], ids=["web", "worker"]
)
def test_what_is_needed_later_or_never_is_not_loaded_at_the_start(tmp_path, process, later):
    start = (
        "import sys\n"
        "from pathlib import Path\n"
        "from parvis.example_towns import town_folder\n"
        "from parvis.settings import Settings\n"
        f"data = Path({str(tmp_path)!r})\n"
        "settings = Settings(territory=town_folder(), secret_key='s' * 40, data=data, worker=False)\n"
        f"{process}"
        f"print(*sorted(set(sys.modules) & set({later!r})))\n"
    )
    told = subprocess.run([sys.executable, "-c", start], capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == ""


def test_a_version_that_wants_the_others_beside_it_is_read_whole():
    look = (
        "import sys, importlib.abc\n"
        "class WantsOthers(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'holidays.countries.canada':\n"
        "            from holidays.countries import __file__\n"
        "sys.meta_path.insert(0, WantsOthers())\n"
    )
    rest = HOLIDAYS.replace("assert 'holidays.countries.france' not in sys.modules\n", "")
    subprocess.run([sys.executable, "-c", f"{look}{rest}"], check=True)


def test_the_days_of_one_country_are_read_without_those_of_all_others_which_stay_in_reach():
    subprocess.run([sys.executable, "-c", f"import sys\n{HOLIDAYS}"], check=True)
