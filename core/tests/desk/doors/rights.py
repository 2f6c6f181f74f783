"""Rights as the tables of doors name them."""

from parvis.people.roles import RIGHTS

ANYBODY = frozenset(right.name for right in RIGHTS)
NOBODY = frozenset[str]()
