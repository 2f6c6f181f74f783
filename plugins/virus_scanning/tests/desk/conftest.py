"""The desk of a town whose files are scanned."""

from parvis_testing.desk import *
