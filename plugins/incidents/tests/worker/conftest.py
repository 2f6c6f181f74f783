"""A town whose worker tells people."""

from parvis_testing.worker import *
