"""What somebody looked at, in words."""

from parvis.i18n import gettext


def what_words(what: str) -> str:
    return {
        "page": gettext("its page"),
        "file": gettext("one of its files"),
        "document": gettext("one of its documents"),
        "print": gettext("the whole file, to print"),
        "archive": gettext("the whole file, taken away"),
        "reveal": gettext("the confidential identity"),
        "demand": gettext("its line under an address, for an access request"),
        "delivery": gettext("what was delivered or said about it to another system"),
        "list": gettext("a list, read by a machine"),
        "export": gettext("a list, taken away"),
    }.get(what, what)
