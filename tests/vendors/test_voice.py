"""The channel `voice` keeps the contract of every plugin, and is as short as the sdk promises."""

import importlib
import sys
from pathlib import Path

from parvis_sdk.testing import PluginContract

FILE = Path(__file__).parent / "voice.py"
sys.path.append(str(FILE.parent))  # as a vendor's own package is found
voice = importlib.import_module("voice")


class TestVoice(PluginContract):
    plugin = voice
    settings = voice.Settings()


def test_it_is_one_file_of_less_than_120_lines_that_knows_the_sdk_alone():
    source = FILE.read_text()
    assert len(source.splitlines()) < 120
    imported = {line.split()[1].split(".")[0] for line in source.splitlines() if line.startswith(("from ", "import "))}
    assert imported == {"datetime", "httpx", "msgspec", "parvis_sdk", "re"}


def test_words_are_made_speakable():
    said = "Ville de Parvis. Requête 7K3M-9QXT-4 : réglée.\n\nC’est fait\n\nSuivre : https://ville.example/t/x"
    assert voice.speakable(said) == "Ville de Parvis. Requête 7 K 3 M, 9 Q X T, 4 : réglée. C’est fait. Suivre."
