"""Plain Brinkman: two-dimensional Stokes flow with the drag 12 μ/h² of a parabola over depth.

Exact for wide channels and for channels much deeper than wide; between, total flow is too large, most at width = depth
(8.5 %). Resolves bends, junctions and posts as Stokes flow does.
"""

from __future__ import annotations

from functools import partial

from coculture.chip.flow.depth_quadrature import PLANE
from coculture.chip.flow.methods.base import FlowMethod
from coculture.chip.flow.methods.stokes_brinkman import prepare

METHOD = FlowMethod("brinkman", partial(prepare, PLANE))
