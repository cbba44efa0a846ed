"""Write docs/recipe.md from the recipe's declared sections: ``python docs/generate_recipe.py``."""

from __future__ import annotations

import types
import typing
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from coculture.run.recipe.analysis import Contrast, ReadoutSection
from coculture.run.recipe.carrier import Carrier, Release, Uptake
from coculture.run.recipe.cell_types import ClassifierTypes, MarkerTypes, NuclearShapeTypes
from coculture.run.recipe.combination import Combination
from coculture.run.recipe.communication import Transfer
from coculture.run.recipe.compound import Compound, CompoundEffect
from coculture.run.recipe.dead_cells import DeadCells
from coculture.run.recipe.mixture import Mixture, MixtureComposition
from coculture.run.recipe.profiles import ProfilesSection
from coculture.run.recipe.recipe import Recipe
from coculture.run.recipe.render import Render
from coculture.run.recipe.sources import ImagesSource, WellsSource
from coculture.run.recipe.virtual import ChipVessel, Gap, Port, Seeding, VirtualSource, Well

PAGE = Path(__file__).with_name("recipe.md")

INTRODUCTION = """\
# The recipe

<!-- Written by docs/generate_recipe.py from the declarations in the code. Change them there. -->

One TOML file describes a screen. `coculture new screen.toml` writes a commented one to start from (`--template images`,
`time-series`, `wells`, `combination`, `mixture` or `demo`), and `coculture check screen.toml` tells everything that can be
wrong before hours are spent. A key that is not listed here is refused, with the nearest one that is; all errors of a file
are told at once, each with its line and a remedy.

Relative paths start at the recipe's own folder, and where nothing is found there, at the folder named by `COCULTURE_DATA`.
"""

SECTIONS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("source", ImagesSource),
    ("source", WellsSource),
    ("source", VirtualSource),
    ("source.well", Well),
    ("source.chip", ChipVessel),
    ("source.chip.port.NAME", Port),
    ("source.seeding", Seeding),
    ("source.compound", Compound),
    ("source.compound.effect", CompoundEffect),
    ("source.gap", Gap),
    ("source.carrier", Carrier),
    ("source.carrier.release", Release),
    ("source.carrier.uptake", Uptake),
    ("source.render", Render),
    *(
        (name, field.annotation)
        for name, field in Recipe.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
    ),
    ("cell_types", MarkerTypes),
    ("cell_types", NuclearShapeTypes),
    ("cell_types", ClassifierTypes),
    ("dead_cells", DeadCells),
    ("communication.transfer", Transfer),
    ("readout", ReadoutSection),
    ("analysis.contrast", Contrast),
    ("combination", Combination),
    ("mixture", Mixture),
    ("mixture.composition", MixtureComposition),
    ("profiles", ProfilesSection),
)

LISTS = ("readout", "communication.transfer", "source.seeding", "source.compound", "source.compound.effect", "source.carrier")
"""Sections that may stand several times."""


def kind(annotation: Any) -> str:
    """Return in words what a key holds."""
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return kind(parts[0])
    if origin is Literal:
        return " or ".join(f"`{part}`" for part in parts)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(dict.fromkeys(kind(part) for part in parts if part is not type(None)))
    if origin is tuple:
        return "list"
    if origin is dict or annotation is dict:
        return "table"
    words = {str: "text", int: "whole number", float: "number", bool: "true or false"}
    return words.get(annotation, "table")


def default(field: Any) -> str:
    """Return a key's default as the page shows it."""
    if field.is_required():
        return "**needed**"
    value = field.default if field.default is not PydanticUndefined else field.get_default(call_default_factory=True)
    if value is None or value == "" or value == {} or value == () or isinstance(value, BaseModel):
        return "–"
    if isinstance(value, tuple):
        return ", ".join(f"`{part}`" for part in value)
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def section(name: str, model: type[BaseModel]) -> str:
    """Return one section of the page."""
    purpose = (model.__doc__ or "").strip().split("\n\n")[0].replace("\n    ", " ").replace("``", "`").split(": ", 1)[-1]
    rows = [
        f"| `{key}` | {kind(field.annotation)} | {default(field)} | {(field.description or '').replace('|', '/')} |"
        for key, field in model.model_fields.items()
        if not (isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel))
    ]
    title = f"[[{name}]]" if name in LISTS else f"[{name}]"
    if name == "source":
        title += f', kind = "{typing.get_args(model.model_fields["kind"].annotation)[0]}"'
    head = ["| key | holds | default | meaning |", "|---|---|---|---|"]
    return "\n".join([f"## `{title}`", "", purpose[:1].upper() + purpose[1:], "", *head, *rows, ""])


def page() -> str:
    """Return the page as Markdown."""
    order = ("screen", "source", "plate")
    ranked = sorted(SECTIONS, key=lambda entry: order.index(head) if (head := entry[0].split(".")[0]) in order else len(order))
    return "\n".join([INTRODUCTION, *(section(name, model) for name, model in ranked)])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
