"""Every page and state in French, on a telephone, in light colours: fit for everybody and whole.

Each language has a file of its own, so that two processes share the tour.
"""

import pytest

from parvis_testing import html_checker

from .every_page import WAYS, Seen, look_at_every_stop
from .known import Known
from .people import People

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def seen(known: dict[str, Known], tmp_path_factory: pytest.TempPathFactory) -> Seen:
    return Seen(known=known, sources=tmp_path_factory.mktemp("sources"))


@pytest.mark.parametrize("name", WAYS)
async def test_every_page_is_fit_for_everybody_in_french(visitors: People, seen: Seen, name: str):
    wrong = await look_at_every_stop(name, "fr", visitors, seen)
    assert not wrong, "\n".join(wrong)


def test_the_nu_checker_has_nothing_against_any_page_in_french(seen: Seen, java_and_npm: tuple[str, str]):
    assert html_checker.complaints(seen.sources, *java_and_npm) == []
