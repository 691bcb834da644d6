"""A curve as a small SVG of our own, in colours that stand on white and on black paper."""

from collections.abc import Sequence
from math import log10

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 300, 64, 24, 44, 48
INK, LINE, GRID = "#6b7280", "#7c5cff", "#9ca3af55"

Point = tuple[float, float]


def curve(title: str, across: str, points: Sequence[Point], unit: str) -> str:
    """`points` are (how many, milliseconds); the way across is logarithmic, the way up begins at nothing."""
    logs = [log10(x) for x, _y in points]
    most = _round_up(max(y for _x, y in points))

    def place(x: float, y: float) -> tuple[float, float]:
        wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
        return LEFT + wide * (log10(x) - logs[0]) / (logs[-1] - logs[0]), TOP + high * (1 - y / most)

    parts = [_text(LEFT, 24, title, "start", 15)]
    for step in range(5):
        value = most * step / 4
        _x, y = place(points[0][0], value)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{GRID}"/>')
        parts.append(_text(LEFT - 8, y + 4, f"{value:g}", "end"))
    spots = [place(*point) for point in points]
    road = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
    parts.append(f'<polyline points="{road}" fill="none" stroke="{LINE}" stroke-width="2.5"/>')
    anchors = ["start", *["middle"] * (len(points) - 2), "end"]  # the words of the first and the last stay inside
    for (x, y), (many, value), anchor in zip(spots, points, anchors, strict=True):
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{LINE}"/>')
        parts.append(_text(x, y - 12, f"{value:.1f} {unit}", anchor))
        parts.append(_text(x, HEIGHT - BOTTOM + 20, f"{many:,.0f}".replace(",", " "), "middle"))
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, across, "middle"))
    said = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{title}">'
    return "\n".join([said, *parts, "</svg>\n"])


def _round_up(value: float) -> float:
    """The next of 1, 2, 4, 8, 10 of its order of magnitude, with room for the words above the line."""
    order = 10.0 ** int(log10(value) // 1)
    return next(step * order for step in (1, 2, 4, 6, 8, 10, 20) if step * order >= 1.15 * value)


def _text(x: float, y: float, words: str, anchor: str, size: int = 12) -> str:
    style = f'font-family="system-ui, sans-serif" font-size="{size}" fill="{INK}" text-anchor="{anchor}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {style}>{words}</text>'
