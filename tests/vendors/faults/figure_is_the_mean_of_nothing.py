"""A figure that is a mean, also where there is nothing."""

from parvis_sdk.figures import Figure
from parvis_sdk.hooks import hookimpl
from parvis_sdk.text import Text

TITLE = Text(fr="Heures par bon", en="Hours for each order")
WHAT = Text(fr="Les heures, en moyenne.", en="The hours, on average.")


async def hours(view, connection):
    return sum(each.remembered["hours"] for each in view.requests) / len(view.requests)


@hookimpl
def figures():
    return [Figure(code="hours", title=TITLE, explanation=WHAT, count=hours)]


# kit: parvis_bad/plugin.py:11 · figure 'hours' · it raises ZeroDivisionError: division by zero · it is missing from
#     the page · correct its function hours
