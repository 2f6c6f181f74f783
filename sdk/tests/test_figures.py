"""Figures without a host: what may be shown, and what the kit says of one that the host would not show."""

import itertools
from datetime import timedelta
from types import ModuleType

import pytest

from parvis_sdk.contents import Amount, RequestReference, Table
from parvis_sdk.figures import CountedRequest, Figure
from parvis_sdk.finding import Scope
from parvis_sdk.hooks import hookimpl
from parvis_sdk.pages import Kept
from parvis_sdk.requests import Phase
from parvis_sdk.testing import PluginContract
from parvis_sdk.testing.figures import counted_by, figure_counted_mistakes, view_of
from parvis_sdk.testing.town import MORNING
from parvis_sdk.text import Text

TITLE, WHAT = Text(fr="Travaux", en="Works"), Text(fr="Les travaux en cours.", en="The works under way.")
KEPT = (Kept(reference="7K3M-9QXT-4", remembered={"number": "BT-1"}),)
COUNT = itertools.count()


def figure(count, **more) -> Figure:
    return Figure(**{"code": "works", "title": TITLE, "explanation": WHAT, "count": count, **more})


def answering(answer):
    async def count(view, connection):
        return answer

    return count


async def sound(view, connection):
    return len(view.requests)


async def differs(view, connection):
    return next(COUNT)


async def lacks(view, connection):
    return max((each.remembered["hours"] for each in view.requests), default=0)


async def of_one(view):
    return 1


def not_awaited(view, connection):
    return 1


def table_of(*cells):
    return Table(caption=TITLE, columns=(TITLE,), rows=tuple((each,) for each in cells))


class Disguised(int):
    def __abs__(self):
        raise RuntimeError("called by the host")


@pytest.mark.parametrize(
    ("count", "what"),
    [
        (answering("<b>12</b>"), "it is a value of type str instead of int | float | Amount | Table | None"),
        (answering(True), "it is a value of type bool"),
        (answering(Disguised(1)), "it is a value of type Disguised"),
        (answering(float("nan")), "the number is not finite"),
        (answering(float("-inf")), "the number is not finite"),
        (answering(10**15), "the number is too large"),
        (answering(-1e300), "the number is too large"),
        (answering(Amount(cents=10**15)), "the number is too large"),
        (answering(Amount(cents=1.5)), "it is a value of type float"),
        (answering(table_of(RequestReference(reference="7K3M-9QXT-4"))), "a figure names no request"),
        (answering(Table(caption=TITLE, columns=(TITLE,) * 7, rows=())), "there are 7; the most is 6"),
        (answering(Table(caption=TITLE, columns=(TITLE,), rows=3)), "it is a value of type int instead of tuple"),
        (differs, "it answers two things of the same period"),
        (lacks, "it raises KeyError: 'hours'"),
        (of_one, "its count does not take (view, connection)"),
        (not_awaited, "its count is not async"),
    ],
)
def test_the_kit_names_what_the_host_would_not_show_with_its_line(count, what):
    found = [str(each) for each in figure_counted_mistakes(figure(count), KEPT)]
    assert any(what in each and "test_figures.py:" in each and "figure 'works'" in each for each in found), found


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ({"code": "Works"}, "it has no usable code"),
        ({"title": "Travaux"}, "it is a value of type str instead of Text"),
        ({"explanation": Text(fr=" ")}, "there are no words in French"),
        ({"explanation": Text(fr="a" * 601)}, "the explanation has 601 characters; the most is 600"),
        ({"explanation": Text(fr="Les travaux.")}, "no words in 'en'"),
        ({"unit": "h"}, "it is a value of type str instead of Text"),
        ({"over": "world"}, "over is 'world', which is unknown"),
        ({"reads": ("hole",)}, "finds holds 'hole', which is no Scope"),
        ({"reads": (Scope(types=()),)}, "a scope names no type"),
        ({"reads": (Scope(types=("hole",), moves=("close",)),)}, "nothing is proposed here"),
        ({"reads": (Scope(types=("hole",), needs=("personal",)),)}, "shows nothing personal of other requests"),
    ],
)
def test_a_declaration_that_says_too_little_is_a_mistake(more, what):
    assert any(what in str(each) for each in figure_counted_mistakes(figure(sound, **more)))


@pytest.mark.parametrize("answer", [0, -3, 2.5, None, Amount(cents=-1), table_of("a", 1, Amount(cents=3))])
def test_a_sound_figure_has_no_mistake(answer):
    assert figure_counted_mistakes(figure(answering(answer)), KEPT) == []


async def test_a_figure_is_given_requests_as_the_dashboard_counts_them():
    old = CountedRequest(
        reference="8K3M-9QXT-5",
        type="hole",
        phase=Phase.CLOSED,
        submitted_at=MORNING - timedelta(days=91),
        remembered={},
    )
    assert await counted_by(figure(sound), requests=(*KEPT, old)) == 2
    assert view_of((*KEPT, old)).received == {"7K3M-9QXT-4"}


async def test_of_a_long_table_some_rows_are_shown_and_it_says_how_many_others_there_are():
    shown = await counted_by(figure(answering(table_of(*range(60)))))
    assert (len(shown.rows), shown.more) == (50, 10)


async def test_what_the_host_would_not_show_fails_where_it_is_asked():
    with pytest.raises(AssertionError, match="figure 'works' · the number is not finite"):
        await counted_by(figure(answering(float("nan"))))


def test_the_contract_of_plugins_counts_with_what_may_be_remembered():
    plugin = ModuleType("example")

    @hookimpl
    def figures():
        return [figure(lacks)]

    plugin.figures = figures

    class Contract(PluginContract):
        def remembered_of_requests(self, page):
            return KEPT

    Contract.plugin = plugin
    with pytest.raises(AssertionError, match="it raises KeyError: 'hours'"):
        Contract().test_every_figure_counts_what_can_be_shown()


def test_the_contract_of_plugins_tells_what_a_figure_reads_and_nobody_declares():
    plugin = ModuleType("example")

    @hookimpl
    def figures():
        return [figure(sound, reads=(Scope(types=("hole",)),))]

    plugin.figures = figures

    class Contract(PluginContract):
        pass

    Contract.plugin = plugin
    with pytest.raises(AssertionError, match="figure 'works' · its scope names the type 'hole', which nobody declares"):
        Contract().test_every_figure_counts_what_can_be_shown()
    Contract.of_others = ("hole",)
    Contract().test_every_figure_counts_what_can_be_shown()
