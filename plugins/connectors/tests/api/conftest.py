"""The API of a running application."""

from parvis_testing.api import *
