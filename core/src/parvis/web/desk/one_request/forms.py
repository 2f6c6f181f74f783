"""What the forms about a request send, what is wrong where it cannot be kept, and the list that they lead back to."""

from urllib.parse import parse_qsl, urlencode

from parvis.i18n import gettext
from parvis.web.desk.context import QUEUE, DeskContext
from parvis.web.done_messages import SAID
from parvis.web.typed import FormInput, typed
from parvis_sdk.cleaning import clean
from parvis_sdk.problems import Problem, Problems, problem
from parvis_sdk.text import Text

CASE = "/bureau/requete/{reference:str}"


MOST_WORDS = 8000


def version_in(sent: FormInput) -> int | Problems:
    """The version that the person saw when they filled in the form, or what is wrong where it does not say so.

    Every form that overwrites something names it: otherwise the work of somebody else would be lost unseen.
    """
    if sent.version is not None:
        return sent.version
    return wrong("", gettext("The form is out of date. Check the page, then send it again."))


def words_in(sent: FormInput, name: str = "words") -> str:
    return clean(sent.text(name)).strip()


def wrong_words(form: str, words: str) -> Problems | None:
    """Why these words cannot be kept, if they cannot."""
    if not words:
        return wrong(f"{form}-words", gettext("Write something first."))
    if len(words) > MOST_WORDS:
        label = both(gettext("Message"))
        return Problems(found=(problem("too_long", f"{form}-words", label=label, limit=MOST_WORDS, count=len(words)),))
    return None


def wrong(path: str, words: str) -> Problems:
    """One problem as text of the interface, already in the person's language."""
    return Problems(found=(Problem(path=path, code="required", message=both(words)),))


def both(words: str) -> Text:
    return Text(fr=words, en=words)


BEHIND = "_liste"  # the hidden field of the forms: the query of the list to which they lead back
DONE_TO = "sur"  # in the address of that list: the request of which it says what was done


async def list_behind(room: DeskContext) -> str:
    """The query of the list beside which a form was sent; empty for a form of the request's own page."""
    return (await typed(room.request)).text(BEHIND)[:2000] if room.request.method == "POST" else ""


def back_to(query: str, reference: str, done: str) -> str:
    """The list again, saying what was done to which request."""
    pairs = [(name, value) for name, value in parse_qsl(query) if name not in (SAID, DONE_TO)]
    return f"{QUEUE}?{urlencode([*pairs, (SAID, done), (DONE_TO, reference)])}#apercu"
