"""The desk of a town with the auditor’s pack."""

from parvis_testing.desk import *
