"""The desk of a town that writes rules of routing."""

from parvis.testing.desk import *
