"""Charts as SVG: drawn here, with their figures as text, so that a page needs nothing else to show them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from scenarios.answers import Tornado, WeekBands

WIDTH, HEIGHT = 720, 280
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 16, 40
TICKS = 5
NAMES, ROW, MOST_BARS = 220, 22, 15


def bands(title: str, one: WeekBands) -> str:
    """Open cases week by week: the mean, and between what eight and nineteen of twenty runs lie."""
    weeks, most = len(one.mean) - 1, max(1.0, *one.high_95)
    top = _round_up(most)

    def points(values: Sequence[float]) -> list[str]:
        across, down = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
        return [
            f"{LEFT + across * at / max(1, weeks):.1f},{TOP + down * (1 - value / top):.1f}"
            for at, value in enumerate(values)
        ]

    def area(low: Sequence[float], high: Sequence[float], colour: str) -> str:
        outline = " ".join([*points(high), *reversed(points(low))])
        return f'<polygon points="{outline}" fill="{colour}"/>'

    drawn = (
        area(one.low_95, one.high_95, "#d2e2f1"),
        area(one.low_80, one.high_80, "#9fc3e6"),
        f'<polyline points="{" ".join(points(one.mean))}" fill="none" stroke="#005eb8" stroke-width="2"/>',
    )
    says = f"{title}: from {one.mean[0]:.0f} at the start to {one.mean[-1]:.0f} in week {weeks} on average"
    return _svg(title, says, "".join(drawn) + _axes(weeks, top), HEIGHT)


def _svg(title: str, says: str, drawn: str, height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'font-family="Arial, sans-serif" font-size="12"><title>{escape(title)}</title>'
        f"<desc>{escape(says)}</desc>{drawn}</svg>"
    )


def _axes(weeks: int, top: float) -> str:
    across, down = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    found = []
    for at in range(TICKS + 1):
        y, value = TOP + down * (1 - at / TICKS), top * at / TICKS
        found.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#d8dde0"/>')
        found.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>')
    step = max(1, round(weeks / 6 / 13) * 13 or round(weeks / 6) or 1)
    for week in range(0, weeks + 1, step):
        x = LEFT + across * week / max(1, weeks)
        found.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{week}</text>')
    found.append(f'<text x="{LEFT + across / 2:.0f}" y="{HEIGHT - 4}" text-anchor="middle">week</text>')
    return "".join(found)


def _round_up(value: float) -> float:
    """The next number that five steps divide nicely."""
    size = 10.0 ** (len(str(int(value))) - 1)
    return next(size * step for step in (1, 2, 5, 10) if size * step >= value)


def bars(found: Tornado) -> str:
    """What each assumption does at both ends of its range, the one that matters most at the top."""
    shown = [bar for bar in found.bars if bar.swing > 0][:MOST_BARS]
    ends = [end.mean for bar in shown for end in (bar.at_low, bar.at_high) if end]
    most = max(0.001, *map(abs, ends)) if ends else 0.001
    height, middle = TOP + ROW * len(shown) + BOTTOM, (NAMES + WIDTH) / 2
    half = (WIDTH - NAMES) / 2 - RIGHT
    drawn = []
    for at, bar in enumerate(shown):
        y = TOP + ROW * at
        drawn.append(f'<text x="{NAMES - 8}" y="{y + 14}" text-anchor="end">{escape(bar.key)}</text>')
        for end, colour in ((bar.at_low, "#9fc3e6"), (bar.at_high, "#005eb8")):
            if end:
                left, width = min(0.0, end.mean) / most * half, abs(end.mean) / most * half
                place = f'x="{middle + left:.1f}" y="{y + 3}" width="{width:.1f}" height="{ROW - 6}"'
                drawn.append(f'<rect {place} fill="{colour}"/>')
    for value in (-most, 0.0, most):
        x = middle + value / most * half
        drawn.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{height - BOTTOM}" stroke="#768692"/>')
        label = f"{100 * value:+.1f}" if value else "0"
        drawn.append(f'<text x="{x:.1f}" y="{height - BOTTOM + 18}" text-anchor="middle">{label}</text>')
    under = "percentage points completed in time; light: at the lowest, dark: at the highest"
    drawn.append(f'<text x="{middle:.0f}" y="{height - 4}" text-anchor="middle">{under}</text>')
    says = "; ".join(f"{bar.key}: {100 * bar.swing:.1f} points between its ends" for bar in shown)
    return _svg("Which assumptions matter", says or "none does", "".join(drawn), height)
