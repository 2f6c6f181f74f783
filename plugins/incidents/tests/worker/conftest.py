"""A town whose worker tells people."""

from parvis.testing.worker import *
