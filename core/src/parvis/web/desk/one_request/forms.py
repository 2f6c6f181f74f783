"""What the forms about a request send, and what is wrong where it cannot be kept."""

from parvis.i18n import gettext
from parvis.web.typed import FormInput
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
    """One problem in words of the interface, already in the person's language."""
    return Problems(found=(Problem(path=path, code="required", message=both(words)),))


def both(words: str) -> Text:
    return Text(fr=words, en=words)
