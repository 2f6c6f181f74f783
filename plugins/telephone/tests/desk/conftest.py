"""The desk of a running application."""

from parvis_testing.desk import *
