"""Every column of every table: name, unit, kind and meaning, declared once and documented from here.

Feature columns are not listed one by one. Their names follow a grammar, ``<object>_<family>_<what>[_<channel>]``,
with a unit suffix before the channel where they have a unit (``nucleus_shape_area_um2``,
``nucleus_intensity_mean_gfp``); :func:`is_feature` recognises them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Kind = Literal["key", "text", "integer", "real", "flag", "feature"]
Holds = Literal["text", "integer", "real", "flag"]

OBJECTS = ("cell", "nucleus", "cytoplasm", "ring", "site", "well")
"""What a feature is of. ``ring`` is the perinuclear band of the cytoplasm."""

DTYPES: dict[Holds, str] = {"text": "str", "integer": "int64", "real": "float64", "flag": "bool"}
"""The pandas dtype of each kind of value."""


@dataclass(frozen=True)
class Column:
    """One declared column.

    Attributes
    ----------
    name : the column's name in every table and file.
    unit : unit of its values, '' where it has none.
    kind : ``key`` identifies a row; ``text``, ``integer``, ``real`` and ``flag`` (true/false) hold values.
    meaning : one sentence.
    required : whether a valid table must have it.
    key_holds : what a key holds: text unless said otherwise.
    least, most : bounds of its numbers, both allowed.
    """

    name: str
    unit: str
    kind: Kind
    meaning: str
    required: bool = True
    key_holds: Holds = "text"
    least: float = -math.inf
    most: float = math.inf

    @property
    def holds(self) -> Holds:
        """What its values are: text, integer, real or flag."""
        if self.kind == "key":
            return self.key_holds
        return "real" if self.kind == "feature" else self.kind

    @property
    def dtype(self) -> str:
        """The pandas dtype of its values."""
        return DTYPES[self.holds]


_PLACE = (
    Column("plate", "", "key", "Name of the plate (or chip) the well lies on."),
    Column("well", "", "key", "Name of the well in its layout: row letters and two-digit column, as in B03."),
)
_SITE_TIME = (
    Column("site", "", "key", "Field of view within the well, counted from 1.", key_holds="integer", least=1),
    Column("t_min", "min", "key", "Time since the start of the observation.", key_holds="real"),
)

CELL_COLUMNS: tuple[Column, ...] = (
    *_PLACE,
    *_SITE_TIME,
    Column("cell_id", "", "key", "Label of the cell in its site and time point; never renumbered.", key_holds="integer", least=0),
    Column("track_id", "", "integer", "Same number at every time point of one cell; equals cell_id where nothing was tracked."),
    Column("parent_id", "", "integer", "track_id of the mother cell, -1 where there is none or it is not known.", least=-1),
    Column("cell_type", "", "text", "Name of the cell's type, 'cell' where types were not told apart."),
    Column("alive", "", "flag", "False for a cell judged dead."),
    Column("phase", "", "text", "Phase of the cell cycle, '' where not known."),
    Column("x_um", "µm", "real", "Position to the right of the site's top-left corner."),
    Column("y_um", "µm", "real", "Position below the site's top-left corner."),
    Column("z_um", "µm", "real", "Height above the floor, 0 in two dimensions."),
    Column("area_um2", "µm²", "real", "Projected area of the cell's outline.", least=0),
)

CONTACT_COLUMNS: tuple[Column, ...] = (
    *_PLACE,
    *_SITE_TIME,
    Column("cell_a", "", "key", "cell_id of one cell; always the smaller of the two.", key_holds="integer"),
    Column("cell_b", "", "key", "cell_id of the other cell.", key_holds="integer"),
    Column("contact_length_um", "µm", "real", "Length of the border the two outlines share.", least=0),
)

FIELD_COLUMNS: tuple[Column, ...] = (
    *_PLACE,
    *_SITE_TIME,
    Column("channel", "", "key", "Name of the channel the row speaks of."),
    Column("focus", "", "real", "Focus score: higher is sharper. Comparable within one channel of one screen."),
    Column("saturated_fraction", "", "real", "Fraction of pixels at the highest value the camera can record.", least=0, most=1),
    Column("background", "", "real", "Grey level of the image's background."),
    Column(
        "debris_fraction",
        "",
        "real",
        "Fraction of the image covered by objects too bright or too large to be cells.",
        least=0,
        most=1,
    ),
    Column("out_of_focus", "", "flag", "True where the focus score is an outlier of its channel."),
    Column("saturated", "", "flag", "True where more pixels are saturated than the recipe allows."),
    Column("empty", "", "flag", "True where the image holds no object."),
    Column("debris", "", "flag", "True where debris covers more than the recipe allows."),
)

COURSE_COLUMNS: tuple[Column, ...] = (
    *_PLACE,
    _SITE_TIME[1],
    Column("n_cells", "", "integer", "Living cells at that time.", least=0),
)

DOSE_COLUMNS: tuple[Column, ...] = (
    *_PLACE,
    _SITE_TIME[1],
    Column("substance", "", "key", "What was dosed: a nano-carrier, or a free drug."),
    Column("drug", "", "text", "The drug it carries; the drug itself where it is free."),
    Column("n_cells", "", "integer", "Living cells.", least=0),
    Column("administered_fmol", "fmol", "real", "Drug put into the well or sent into the chip so far.", least=0),
    Column("landed_fmol", "fmol", "real", "Load of the carriers that have come down, on cells and between them.", least=0),
    Column(
        "delivered_fmol",
        "fmol",
        "real",
        "First load of the carriers that have come down on cells; of a free drug what is dissolved in the medium now.",
        least=0,
    ),
    Column("released_fmol", "fmol", "real", "Drug that all carriers have given off, wherever they are.", least=0),
    Column(
        "intracellular_fmol",
        "fmol",
        "real",
        "Drug inside living cells: in carriers, set free there, and in balance with the medium.",
        least=0,
    ),
    Column("intracellular_free_fmol", "fmol", "real", "The part of it that is free.", least=0),
    Column("medium_free_um", "µM", "real", "Mean free concentration in the medium at living cells.", least=0),
    Column("cell_free_um", "µM", "real", "Mean free concentration inside living cells.", least=0),
    Column("carriers_per_cell", "", "real", "Mean number of carriers inside a living cell.", least=0),
)
"""Doses side by side, one row a well, read-out and substance, of virtual screens with nano-carriers."""

WELL_COLUMNS: tuple[Column, ...] = (
    *_PLACE,
    Column("role", "", "text", "What the well is for: negative, positive, untreated, blank, treatment or reference."),
    Column("treatment", "", "text", "Everything dosed, as text: 'wortmannin 0.15 uM + serum 10 ug/mL'; '' for nothing."),
    Column(
        "compound",
        "",
        "text",
        "Name of the compound, or names joined with ' + '; the vehicle's name where nothing but vehicle was dosed.",
    ),
    Column(
        "dose",
        "",
        "real",
        "Dose of the compound in dose_unit; the first compound's where there are several; 0 for nothing.",
        least=0,
    ),
    Column("dose_unit", "", "text", "uM, ug/mL, or step (an ordered series whose concentrations are not known)."),
    Column(
        "replicate", "", "integer", "Number of the replicate among wells of the same treatment, from 1.", required=False, least=1
    ),
    Column("batch", "", "text", "Day or batch the plate was made in.", required=False),
    Column("donor", "", "text", "Patient or animal the cells came from.", required=False),
    Column("condition", "", "text", "Arm of the screen the well belongs to, as 'mono' or 'co'.", required=False),
    Column("n_cells", "", "integer", "Cells counted in the well.", required=False, least=0),
    Column("n_flagged_fields", "", "integer", "Fields of the well with at least one quality flag.", required=False, least=0),
)

ROLES: dict[str, str] = {
    "negative": "Vehicle only: the well that shows no effect.",
    "positive": "A treatment known to work: the well that shows the full effect.",
    "untreated": "Cells and medium, no vehicle.",
    "blank": "No cells.",
    "treatment": "What the screen asks about.",
    "reference": "A known compound that is judged like a treatment.",
}


def is_feature(name: str) -> bool:
    """Tell whether ``name`` follows the feature grammar ``<object>_<family>_<what>[_<channel>]``."""
    parts = name.split("_")
    return len(parts) >= 3 and parts[0] in OBJECTS and all(parts)


def names(columns: tuple[Column, ...], *, required_only: bool = False) -> list[str]:
    """Return the columns' names in their declared order."""
    return [column.name for column in columns if column.required or not required_only]


def markdown_table(columns: tuple[Column, ...]) -> str:
    """Return the columns as a Markdown table: name, unit, what it holds, whether it must be there, meaning."""
    rows = ["| column | unit | holds | | meaning |", "|---|---|---|---|---|"]
    for column in columns:
        standing = "key" if column.kind == "key" else "" if column.required else "optional"
        rows.append(f"| `{column.name}` | {column.unit} | {column.holds} | {standing} | {_markdown_text(column.meaning)} |")
    return "\n".join(rows)


def _markdown_text(text: str) -> str:
    return text.replace("|", "\\|")
