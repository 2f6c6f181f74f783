"""The desk of a town that takes its own geographic files."""

from parvis_testing.desk import *
