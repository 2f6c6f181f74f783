"""The desk of a town that promises its own delays."""

from parvis.testing.desk import *
