"""Every address that the application answers, with its methods, as text to be read as a diff.

python tests/contracts/page_addresses.py > tests/contracts/page_addresses.txt
"""

import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from litestar.routes import HTTPRoute

from parvis.app import create_app
from parvis.example_towns import town_folder
from parvis.settings import Settings


def lines() -> Iterator[str]:
    """The addresses of everything that is installed here, pages and API, sorted."""
    answered = defaultdict(set)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            territory=town_folder(), secret_key="a secret of forty characters or so, kept", data=Path(folder)
        )
        for route in create_app(settings).routes:
            methods = route.methods - {"OPTIONS"} if isinstance(route, HTTPRoute) else {route.scope_type.value.upper()}
            answered[route.path_format] |= methods
    yield from (f"{path} {' '.join(sorted(methods))}" for path, methods in sorted(answered.items()))


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in lines())
