"""Every contrast of conditions, by the name settings use."""

from __future__ import annotations

from coculture.errors import InputError
from coculture.screen.hits.contrasts.base import ContrastMethod
from coculture.screen.hits.contrasts.linear_model import linear_model
from coculture.screen.hits.contrasts.mixed_model import mixed_model
from coculture.screen.hits.contrasts.most_variable_dose import most_variable_dose
from coculture.screen.hits.contrasts.paired_moderated_t import paired_moderated_t
from coculture.screen.hits.contrasts.paired_t import paired_t

CONTRAST_METHODS: dict[str, ContrastMethod] = {
    "paired-t": paired_t,
    "paired-moderated-t": paired_moderated_t,
    "mixed-model": mixed_model,
    "most-variable-dose": most_variable_dose,
    "linear-model": linear_model,
}


def contrast_method(name: str) -> ContrastMethod:
    """Return the contrast called ``name``; InputError names those there are."""
    if name not in CONTRAST_METHODS:
        raise InputError(
            f"contrast method '{name}' is not known",
            where="analysis.contrast.method",
            remedy="use one of: " + ", ".join(CONTRAST_METHODS),
        )
    return CONTRAST_METHODS[name]
