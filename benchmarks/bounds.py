"""The bounds of this run: every figure that has one is compared here, and the command fails if one is exceeded."""

PASSED: list[str] = []
"""What was measured above its bound, in words."""


def bounded(what: str, measured: float, most: float, form: str = "{:.2f}") -> str:
    """The figure for a table, in bold where it is above its bound."""
    said = form.format(measured)
    if measured <= most:
        return said
    PASSED.append(f"{what}: {said} instead of {most:g} at most")
    return f"**{said}**"
