"""The desk of a town whose files move."""

from parvis_testing.desk import *
