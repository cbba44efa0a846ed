"""Activity plot: every treatment by how much its replicates look alike, the active ones marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from coculture.report import svg
from coculture.report.language import say
from coculture.report.scales import LinearScale


@dataclass(frozen=True)
class ActivePoint:
    """One treatment: mean average precision, minus the logarithm of q, whether it is called, and what a reader is told."""

    precision: float
    evidence: float
    called: bool
    title: str


def activity_plot(points: Sequence[ActivePoint], threshold: float, *, title: str, description: str) -> Markup:
    """Draw mean average precision to the right and −log10 q upwards; ``threshold`` is where calls begin, as −log10 q."""
    left, right, top, bottom = 46.0, 520.0, 26.0, 280.0
    x = LinearScale(0.0, 1.0, left, right)
    y = LinearScale(0.0, 1.05 * max([threshold, *(point.evidence for point in points)]), bottom, top)
    parts = [svg.left_axis(y, left, right, "−log₁₀ q"), svg.bottom_axis(x, bottom, say("mean average precision"))]
    parts.append(svg.line(left, y(threshold), right, y(threshold), "rule"))
    for point in points:
        role = "positive" if point.called else "untreated"
        parts.append(svg.marker(role, x(point.precision), y(point.evidence), point.title, 3.2))
    return svg.drawing(parts, right + 12, 320, title=title, description=description, class_="activity-plot")
