"""The desk of a town that promises its own delays."""

from parvis_testing.desk import *
