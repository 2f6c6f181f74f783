"""Prints the codes of a plugin, one per line. Keep them in `codes.txt` beside its tests: removing one then fails.

python -m parvis_sdk.testing.codes parvis_example.plugin > tests/codes.txt
"""

import sys
from importlib import import_module

from parvis_sdk.testing.declared_codes import codes_of
from parvis_sdk.testing.plugins import answer_of

if __name__ == "__main__":
    declared = codes_of(answer_of(import_module(sys.argv[1]), "request_types"))
    sys.stdout.write("\n".join(declared) + "\n")
