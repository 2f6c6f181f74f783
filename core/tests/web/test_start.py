"""What a start of the host does not load: what only some of its pages ever need."""

import subprocess
import sys

WITH_THE_FIRST_FILE_OR_SEARCH = ("PIL", "pillow_heif", "pikepdf", "typst", "snowballstemmer", "segno", "xlsxwriter")
WITH_THE_FIRST_SIGNATURE_MIGRATION_OR_LAYER = ("pyhanko", "pyhanko_certvalidator", "black", "pyproj")
MUCH_LATER = WITH_THE_FIRST_FILE_OR_SEARCH + WITH_THE_FIRST_SIGNATURE_MIGRATION_OR_LAYER


def test_what_reads_files_draws_codes_and_knows_words_is_loaded_when_somebody_needs_it(tmp_path):
    start = (
        "import sys\n"
        "from pathlib import Path\n"
        "from parvis.app import create_app\n"
        "from parvis.example_towns import town_folder\n"
        "from parvis.settings import Settings\n"
        f"data = Path({str(tmp_path)!r})\n"
        "create_app(Settings(territory=town_folder(), secret_key='s' * 40, data=data, worker=False))\n"
        f"print(*sorted(set(sys.modules) & set({MUCH_LATER!r})))\n"
    )
    told = subprocess.run([sys.executable, "-c", start], capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == ""
