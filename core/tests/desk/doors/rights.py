"""Rights as the tables of doors name them."""

from typing import get_args

from parvis.requests.visibility import Permission

ANYBODY = frozenset(get_args(Permission))
NOBODY = frozenset[str]()
