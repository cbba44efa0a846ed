"""Dose-response curves, forward: from dose to response. The screen fits these same functions.

One meaning for every parameter, whatever fits or uses the curve:

``bottom``, ``top``
    The lower and the upper plateau of the response, ``bottom <= top``, whichever of them lies at dose zero.
``slope``
    Steepness and direction: above 0 the response rises with dose, below 0 it falls. On a concentration axis it is the
    Hill slope; on the ordinal axis it is the logistic slope per step.
``ec50``
    Dose at which the response of the four-parameter logistic is half-way between the plateaus, in the unit of the dose
    axis. The other sigmoids have a ``location`` in its place, which is not their dose of half effect.

The position of a dose on the curve's axis is its natural logarithm for concentrations (uM, ug/mL) and the number
itself for ``step``, where only the order of the doses is known. Dose zero (nothing added) lies at minus infinity on
both axes: there the response is the plateau from which the curve starts.
"""

from coculture.compounds.dose_curve.axis import axis_dose, axis_position, is_ordinal
from coculture.compounds.dose_curve.logistic import logistic, logistic_at

__all__ = ["axis_dose", "axis_position", "is_ordinal", "logistic", "logistic_at"]
