"""Write docs/columns.md from the declared columns: ``python docs/generate_columns.py``."""

from __future__ import annotations

from pathlib import Path

from coculture.plate import columns
from coculture.screen import combination_columns, mixture_columns, results
from coculture.screen.profiles import results as profile_results

PAGE = Path(__file__).with_name("columns.md")

TABLES: tuple[tuple[str, str, tuple[columns.Column, ...]], ...] = (
    ("Cell table", "`cells/`, one row a cell and time point. Feature columns stand beside these.", columns.CELL_COLUMNS),
    ("Contact table", "`contacts/`, one row a pair of touching cells and time point.", columns.CONTACT_COLUMNS),
    ("Field table", "`fields/`, one row a field of view and channel: image quality.", columns.FIELD_COLUMNS),
    (
        "Course table",
        "`courses/`, one row a well and time point, of wells seen more than once. The numbers of the well stand beside these.",
        columns.COURSE_COLUMNS,
    ),
    (
        "Dose table",
        "`doses/`, one row a well, read-out and substance, of virtual screens with nano-carriers.",
        columns.DOSE_COLUMNS,
    ),
    ("Well table", "`wells.parquet`, one row a well. Read-outs and feature medians stand beside these.", columns.WELL_COLUMNS),
    ("Quality", "`quality.parquet`, one row a plate and read-out.", results.QUALITY_COLUMNS),
    ("Normalised wells", "`normalised.parquet`, one row a well and read-out.", results.NORMALISED_COLUMNS),
    ("Hits", "`hits.parquet`, one row a treatment and read-out, ranked.", results.HIT_COLUMNS),
    ("Curves", "`curves.parquet`, one row a compound and read-out.", results.CURVE_COLUMNS),
    ("Bands", "`bands.parquet`, the drawn curves with their intervals.", results.BAND_COLUMNS),
    (
        "Combinations",
        "`combinations.parquet`, one row a combination and model; where the recipe has `[combination]`.",
        combination_columns.COMBINATION_COLUMNS,
    ),
    ("Surfaces", "`surfaces.parquet`, one row a point of a combination and model.", combination_columns.SURFACE_COLUMNS),
    (
        "Mixture effects",
        "`mixture_effects.parquet`, one row an effect of a designed mixture; where the recipe has `[mixture]`.",
        mixture_columns.MIXTURE_EFFECT_COLUMNS,
    ),
    (
        "Ingredients",
        "`ingredients.parquet`, one row a read-out and feature of fractions; where the recipe has `[mixture.composition]`.",
        mixture_columns.INGREDIENT_COLUMNS,
    ),
    (
        "Profile activity",
        "`profile_activity.parquet`, one row a treatment or mechanism; where the recipe has `[profiles]`.",
        profile_results.ACTIVITY_COLUMNS,
    ),
    ("Mechanism matches", "`mechanism_matches.parquet`, one row a treatment and rule; likewise.", profile_results.MATCH_COLUMNS),
    (
        "Profile similarities",
        "`profile_similarities.parquet`, one row a pair of active treatments; likewise.",
        profile_results.SIMILARITY_COLUMNS,
    ),
)

INTRODUCTION = """\
# Columns

<!-- Written by docs/generate_columns.py from the declarations in the code. Change them there. -->

Every column of every table. `coculture columns` prints the same. Keys say what a row is about.
Lengths are µm, times min, doses µM, µg/mL or the step of an ordinal series.

Feature columns are named `<object>_<family>_<what>[_<channel>]`, with the unit before the channel where there is one:
`nucleus_shape_area_um2`, `cell_translocation_ratio_gfp`. Objects are {objects}.

## Roles of wells

{roles}
"""


def page() -> str:
    """Return the page as Markdown."""
    roles = "\n".join(f"- `{role}`: {meaning}" for role, meaning in columns.ROLES.items())
    objects = ", ".join(f"`{name}`" for name in columns.OBJECTS)
    parts = [INTRODUCTION.format(objects=objects, roles=roles)]
    parts += [f"## {title}\n\n{text}\n\n{columns.markdown_table(table)}\n" for title, text, table in TABLES]
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
