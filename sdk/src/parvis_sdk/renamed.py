"""Deprecated names: they work until the given release, and a warning names the replacement."""

import warnings
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import Any

RELEASE = "0.3"
"""The release with which every former name of today goes; a test asks for it then."""


def now_at(old: str, new: str, **names: str) -> Callable[[str], Any]:
    """The `__getattr__` of the module `old`, whose names are in `new` or listed in `names`."""

    def find(name: str) -> Any:
        now = names.get(name, name.replace("slip", "mistake") if old != new else "")
        if not now or name.startswith("__") or not hasattr(home := import_module(new), now):
            raise AttributeError(f"module {old!r} has no attribute {name!r}")
        say_renamed(f"{old}.{name}", f"{new}.{now}")
        return getattr(home, now)

    return find


def also_called(noun: type, **names: str) -> None:
    """Let methods of a class be asked, and overridden, by former names: `slips="mistakes"`."""
    own = vars(noun)
    for old, new in names.items():
        if old in own and new not in own:
            say_renamed(f"{noun.__module__}.{noun.__name__}.{old}", new)
            setattr(noun, new, own[old])
        elif new in own:
            setattr(noun, old, _asked_by(old, new, own[new]))


def _asked_by(old: str, new: str, method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def asked(*given: Any, **named: Any) -> Any:
        say_renamed(old, new)
        return method(*given, **named)

    return asked


def say_renamed(old: str, new: str) -> None:
    """Warn about the use of a former name."""
    warnings.warn(f"{old} is called {new} now; the old name goes with {RELEASE}", DeprecationWarning, stacklevel=3)


def say_going(what: str, instead: str, *, release: str = RELEASE, caller: int = 1) -> None:
    """Warn that something of the sdk goes with a release, and what to write instead.

    `caller` is how many calls lie between the author's line, which the warning names, and the function that says it.
    """
    warnings.warn(f"{what} goes with {release}: {instead}", DeprecationWarning, stacklevel=caller + 2)
