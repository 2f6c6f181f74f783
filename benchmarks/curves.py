"""Curves of growth: milliseconds over rows, both by powers of ten, a small picture for each page."""

from collections.abc import Mapping
from html import escape
from math import log10
from typing import Any

WIDE, HIGH, ACROSS = 260, 170, 3
LEFT, TOP, RIGHT, BOTTOM = 40, 34, 12, 26
ROWS, MS = (4.0, 6.0), (0.0, 4.0)  # from ten thousand to a million; from one millisecond to ten seconds
INKS = {"SQLite": "#1d70b8", "PostgreSQL": "#b3541e"}


def curves(columns: Mapping[str, Mapping[str, Any]]) -> str:
    """One SVG; `columns` are named by engine and rows ("SQLite, 100,000") and hold the cost of each page."""
    names = list(next(iter(columns.values())))
    deep = -(-len(names) // ACROSS)
    drawn = [_picture(name, columns, n % ACROSS * WIDE, n // ACROSS * HIGH + 24) for n, name in enumerate(names)]
    key = "".join(
        f'<text x="{LEFT + n * 110}" y="16" fill="{ink}" font-weight="bold">{engine}</text>'
        for n, (engine, ink) in enumerate(INKS.items())
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {ACROSS * WIDE} {deep * HIGH + 24}" role="img" '
        f'font-family="sans-serif" font-size="11"><title>Milliseconds of each page by the number of requests</title>'
        f'<rect width="100%" height="100%" fill="#fff"/>{key}{"".join(drawn)}</svg>\n'
    )


def _picture(name: str, columns: Mapping[str, Mapping[str, Any]], left: int, top: int) -> str:
    parts = [f'<g transform="translate({left} {top})"><text x="{LEFT}" y="20">{escape(name)}</text>']
    for power in range(int(MS[0]), int(MS[1]) + 1):
        y = _y(10**power)
        parts.append(f'<path d="M{LEFT} {y:.0f}H{WIDE - RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 4}" y="{y + 4:.0f}" text-anchor="end" fill="#555">{10**power:,}</text>')
    for power, words in ((4, "10 k"), (5, "100 k"), (6, "1 M")):
        x = _x(10**power)
        parts.append(f'<text x="{x:.0f}" y="{HIGH - 10}" text-anchor="middle" fill="#555">{words}</text>')
    for engine, ink in INKS.items():
        points = [(_rows(column), cost[name].ms) for column, cost in columns.items() if column.startswith(engine)]
        line = " ".join(f"{_x(rows):.1f},{_y(ms):.1f}" for rows, ms in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{ink}" stroke-width="2"/>')
        parts += [f'<circle cx="{_x(rows):.1f}" cy="{_y(ms):.1f}" r="3" fill="{ink}"/>' for rows, ms in points]
    return "".join([*parts, "</g>"])


def _rows(column: str) -> int:
    return int(column.partition(", ")[2].replace(",", ""))


def _x(rows: float) -> float:
    return LEFT + (log10(rows) - ROWS[0]) / (ROWS[1] - ROWS[0]) * (WIDE - LEFT - RIGHT)


def _y(ms: float) -> float:
    share = (log10(max(ms, 1)) - MS[0]) / (MS[1] - MS[0])
    return HIGH - BOTTOM - share * (HIGH - TOP - BOTTOM)
