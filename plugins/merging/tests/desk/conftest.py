"""The desk of a running application."""

from parvis.testing.desk import *
