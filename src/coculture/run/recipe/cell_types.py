"""``[cell_types]``: how cells are told apart; each method is a section of its own, chosen by ``method``."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator

from coculture.typed_file.section import Names, OpenFraction, Positive, Section

TYPE_NAME = r"^[A-Za-z][A-Za-z0-9]*$"
TypeName = Annotated[str, Field(min_length=1, pattern=TYPE_NAME)]
USUAL_METHOD = "marker"


class MarkerTypes(Section):
    """``[cell_types]``, ``method = "marker"``: two types told apart by a marker."""

    method: Literal["marker"] = Field(default="marker", description="by one marker; the usual method")
    feature: str = Field(description="feature of the marker, such as nucleus_intensity_mean_rfp")
    above: str = Field(min_length=1, pattern=TYPE_NAME, description="type of the cells whose marker is high")
    below: str = Field(min_length=1, pattern=TYPE_NAME, description="type of the other cells")
    threshold: Positive | None = Field(default=None, description="where to cut; learnt from the negative controls without it")

    @property
    def names(self) -> tuple[str, ...]:
        """The types, in the screen's order."""
        return (self.above, self.below)

    @property
    def features_named(self) -> dict[str, tuple[str, ...]]:
        """The features it names, by key."""
        return {"feature": (self.feature,)}


class NuclearShapeTypes(Section):
    """``[cell_types]``, ``method = "nuclear-shape"``: types told apart by the shape of their nuclei, without a marker."""

    method: Literal["nuclear-shape"] = Field(description="by the shape of nuclei, as a mixture learnt from the negative controls")
    types: Annotated[tuple[TypeName, ...], Field(strict=False, min_length=2)] = Field(
        description="names of the types, in ascending order of the first feature"
    )
    features: Names = Field(
        default=("nucleus_shape_area_um2", "nucleus_shape_eccentricity"),
        min_length=1,
        description="features of the nuclei; the first one orders the types",
    )

    @property
    def names(self) -> tuple[str, ...]:
        """The types, in the screen's order."""
        return self.types

    @property
    def features_named(self) -> dict[str, tuple[str, ...]]:
        """The features it names, by key."""
        return {"features": self.features}


class ClassifierTypes(Section):
    """``[cell_types]``, ``method = "classifier"``: types learnt from cells that a person has named."""

    method: Literal["classifier"] = Field(description="by a small classifier trained on labelled cells")
    types: Annotated[tuple[TypeName, ...], Field(strict=False, min_length=2)] = Field(description="names of the types")
    labels: str = Field(
        description="table of labelled cells, relative to the recipe: well, x_um, y_um, cell_type; plate, site, t_min too"
    )
    features: Names = Field(default=(), description="features it looks at; all that say what a cell is like without it")
    reach_um: Positive = Field(default=10.0, description="how far from a cell's centre its label may lie")
    minimum_accuracy: OpenFraction = Field(
        default=0.8, description="balanced accuracy on cells it has not seen, below which it is refused"
    )

    @property
    def names(self) -> tuple[str, ...]:
        """The types, in the screen's order."""
        return self.types

    @property
    def features_named(self) -> dict[str, tuple[str, ...]]:
        """The features it names, by key."""
        return {"features": self.features}

    @field_validator("labels")
    @classmethod
    def _a_file(cls, labels: str) -> str:
        if not labels.strip():
            raise ValueError("no file is named; give the table of labelled cells")
        return labels


def _usual_method(value: Any) -> Any:
    """Take a section that names no method for one by marker."""
    return {"method": USUAL_METHOD, **value} if isinstance(value, dict) and "method" not in value else value


CellTypes = Annotated[
    Annotated[MarkerTypes | NuclearShapeTypes | ClassifierTypes, Field(discriminator="method")], BeforeValidator(_usual_method)
]
"""Any of the three."""
