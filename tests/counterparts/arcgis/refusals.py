"""How ArcGIS says no: of a whole request, inside HTTP 200; of one item among others, beside those that went well."""

from typing import Any

NO_GOOD = "Cannot perform query. Invalid query parameters."
INCOMPLETE = "Unable to complete operation."
MISSING = "Invalid or missing input parameters."

TRUNCATED = 1000
ROLLED_BACK = 1003
NOT_FOUND = 1019
NOT_SET = -2147217395
"""What a caller may rely on is that a code is there; only the first two are the same in every ArcGIS."""


class RequestRefused(Exception):
    """The whole request: `{"error": {"code", "message", "details"}}`."""

    def __init__(self, code: int, message: str, *details: str, **more: Any) -> None:
        super().__init__(f"{code} {message} {details}")
        self.body = {"error": {"code": code, "message": message, "details": list(details), **more}}


class ItemRefused(Exception):
    """One feature or attachment: `{"success": false, "error": {"code", "description"}}`."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.error = {"code": code, "description": description}
