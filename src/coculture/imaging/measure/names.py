"""Names of features in our grammar and in CellProfiler's, for readers of its tables (pycytominer).

``nucleus_intensity_mean_dna`` is ``Nuclei_Intensity_MeanIntensity_dna``. CellProfiler measures in pixels, with a pixel's
centre at a whole number, and gives nothing a width: values are turned along with their names. Features that CellProfiler
does not have keep our name behind the object's, as in ``Nuclei_Coculture_shape_form_factor``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.plate.columns import is_feature

Turn = Callable[[NDArray[np.float64], float], NDArray[np.float64]]

OBJECTS = {"nucleus": "Nuclei", "cell": "Cells", "cytoplasm": "Cytoplasm", "ring": "Ring", "site": "Image", "well": "Well"}
"""Our object and CellProfiler's."""

KEYS = {
    "plate": "Metadata_Plate",
    "well": "Metadata_Well",
    "site": "Metadata_Site",
    "t_min": "Metadata_T_min",
    "cell_id": "Metadata_ObjectNumber",
    "cell_type": "Metadata_CellType",
}
"""Columns that say which cell a row is; others that are no feature become ``Metadata_<name>``."""


def _same(values: NDArray[np.float64], size: float) -> NDArray[np.float64]:
    return values


def _length(values: NDArray[np.float64], size: float) -> NDArray[np.float64]:
    return values / size


def _area(values: NDArray[np.float64], size: float) -> NDArray[np.float64]:
    return values / size**2


def _place(values: NDArray[np.float64], size: float) -> NDArray[np.float64]:
    return values / size - 0.5


def _point_axis(values: NDArray[np.float64], size: float) -> NDArray[np.float64]:
    """Axis of the ellipse when a pixel is a point: 16/12 less in the square of the whole axis."""
    return np.sqrt(np.maximum((values / size) ** 2 - 16 / 12, 0.0))


SHAPE: Mapping[str, tuple[str, Turn]] = {
    "area_um2": ("Area", _area),
    "perimeter_um": ("PerimeterCrofton", _length),
    "perimeter_border_um": ("Perimeter", _length),
    "form_factor_border": ("FormFactor", _same),
    "compactness_border": ("Compactness", _same),
    "major_axis_um": ("MajorAxisLength", _point_axis),
    "minor_axis_um": ("MinorAxisLength", _point_axis),
    "extent": ("Extent", _same),
    "orientation_deg": ("Orientation", _same),
    "equivalent_diameter_um": ("EquivalentDiameter", _length),
    "convex_area_um2": ("ConvexArea", _area),
    "solidity": ("Solidity", _same),
    "filled_area_um2": ("FilledArea", _area),
    "euler_number": ("EulerNumber", _same),
    "bbox_area_um2": ("BoundingBoxArea", _area),
    "left_um": ("BoundingBoxMinimum_X", _length),
    "right_um": ("BoundingBoxMaximum_X", _length),
    "top_um": ("BoundingBoxMinimum_Y", _length),
    "bottom_um": ("BoundingBoxMaximum_Y", _length),
    "centre_x_um": ("Center_X", _place),
    "centre_y_um": ("Center_Y", _place),
    "radius_max_um": ("MaximumRadius", _length),
    "radius_mean_um": ("MeanRadius", _length),
    "radius_median_um": ("MedianRadius", _length),
    "feret_min_um": ("MinFeretDiameter", _length),
    "feret_max_um": ("MaxFeretDiameter", _length),
}

INTENSITY: Mapping[str, tuple[str, Turn]] = {
    "mean": ("Intensity_MeanIntensity", _same),
    "sd": ("Intensity_StdIntensity", _same),
    "min": ("Intensity_MinIntensity", _same),
    "lower_quartile": ("Intensity_LowerQuartileIntensity", _same),
    "median": ("Intensity_MedianIntensity", _same),
    "upper_quartile": ("Intensity_UpperQuartileIntensity", _same),
    "max": ("Intensity_MaxIntensity", _same),
    "integrated": ("Intensity_IntegratedIntensity", _same),
    "mad": ("Intensity_MADIntensity", _same),
    "edge_mean": ("Intensity_MeanIntensityEdge", _same),
    "edge_sd": ("Intensity_StdIntensityEdge", _same),
    "edge_min": ("Intensity_MinIntensityEdge", _same),
    "edge_max": ("Intensity_MaxIntensityEdge", _same),
    "edge_integrated": ("Intensity_IntegratedIntensityEdge", _same),
    "mass_displacement_um": ("Intensity_MassDisplacement", _length),
    "mass_x_um": ("Location_CenterMassIntensity_X", _place),
    "mass_y_um": ("Location_CenterMassIntensity_Y", _place),
    "max_x_um": ("Location_MaxIntensity_X", _place),
    "max_y_um": ("Location_MaxIntensity_Y", _place),
}

NEIGHBOURS: Mapping[str, tuple[str, Turn]] = {
    "touching": ("NumberOfNeighbors_Adjacent", _same),
    "touched_percent": ("PercentTouching_Adjacent", _same),
    "nearest_um": ("FirstClosestDistance_Adjacent", _length),
    "second_nearest_um": ("SecondClosestDistance_Adjacent", _length),
    "angle_deg": ("AngleBetweenNeighbors_Adjacent", _same),
}

TEXTURE = {
    "angular_second_moment": "AngularSecondMoment",
    "contrast": "Contrast",
    "correlation": "Correlation",
    "variance": "Variance",
    "inverse_difference_moment": "InverseDifferenceMoment",
    "sum_average": "SumAverage",
    "sum_variance": "SumVariance",
    "sum_entropy": "SumEntropy",
    "entropy": "Entropy",
    "difference_variance": "DifferenceVariance",
    "difference_entropy": "DifferenceEntropy",
    "information_measure_1": "InfoMeas1",
    "information_measure_2": "InfoMeas2",
}

CORRELATION = {
    "pearson": "Correlation",
    "slope": "Slope",
    "overlap": "Overlap",
    "k": "K",
    "manders": "Manders",
    "rwc": "RWC",
    "costes": "Costes",
}

RADIAL = {"fraction": "FracAtD", "mean_fraction": "MeanFrac", "cv": "RadialCV"}
MOMENTS = {"raw": "SpatialMoment", "central": "CentralMoment", "normalised": "NormalizedMoment"}


def cellprofiler_name(name: str) -> tuple[str, Turn]:
    """Return CellProfiler's name of one feature, and how its values are turned: ``turn(values, pixel_size_um)``.

    Raises
    ------
    InputError : if the name does not follow the grammar of features.
    """
    if not is_feature(name):
        raise InputError(
            f"'{name}' is no name of a feature", "cellprofiler_name", "names read <object>_<family>_<what>[_<channel>]"
        )
    part, family, what = name.split("_", 2)
    found = _FAMILIES[family](what) if family in _FAMILIES else None
    own, turn = found if found is not None else (f"Coculture_{family}_{what}", _same)
    return f"{OBJECTS[part]}_{own}", turn


def to_cellprofiler(frame: pd.DataFrame, *, pixel_size_um: float) -> pd.DataFrame:
    """Return a cell table with CellProfiler's names, units (pixels) and origin (a pixel's centre).

    Parameters
    ----------
    frame : a cell table.
    pixel_size_um : edge of a pixel of the images it was measured on.

    Raises
    ------
    InputError : if the size is not above 0, or two columns come to the same name.
    """
    if not pixel_size_um > 0:
        raise InputError(f"a pixel has an edge above 0 µm, found {pixel_size_um}", "to_cellprofiler", "give pixel_size_um")
    columns: dict[str, object] = {}
    for name in frame.columns:
        if is_feature(name):
            target, turn = cellprofiler_name(name)
            value: object = turn(frame[name].to_numpy(dtype=np.float64, na_value=np.nan), pixel_size_um)
        else:
            target, value = KEYS.get(name, f"Metadata_{name}"), frame[name]
        if target in columns:
            raise InputError(f"two columns come to the name '{target}', the second is '{name}'", "to_cellprofiler", "drop one")
        columns[target] = value
    columns |= _point_eccentricity(columns)
    return pd.DataFrame(columns, index=frame.index)


def _point_eccentricity(columns: Mapping[str, object]) -> dict[str, object]:
    """Eccentricity from axes of points, where both axes are there."""
    found: dict[str, object] = {}
    for part in OBJECTS.values():
        major, minor = (columns.get(f"{part}_AreaShape_{which}AxisLength") for which in ("Major", "Minor"))
        if isinstance(major, np.ndarray) and isinstance(minor, np.ndarray):
            share = minor / np.where(major > 0, major, np.inf)
            found[f"{part}_AreaShape_Eccentricity"] = np.where(major > 0, np.sqrt(np.maximum(1 - share**2, 0)), 0.0)
    return found


def _of_shape(what: str) -> tuple[str, Turn] | None:
    found = SHAPE.get(what)
    return None if found is None else (f"AreaShape_{found[0]}", found[1])


def _of_moments(what: str) -> tuple[str, Turn] | None:
    kind, _, order = what.partition("_")
    if kind in MOMENTS:
        return f"AreaShape_{MOMENTS[kind]}_{order}", _same
    if kind == "hu":
        return f"AreaShape_HuMoment_{int(order) - 1}", _same
    if order.startswith("eigenvalue"):
        return f"AreaShape_InertiaTensorEigenvalues_{int(order[-1]) - 1}", _same
    return f"AreaShape_InertiaTensor_{order}", _same


def _of_zernike(what: str) -> tuple[str, Turn] | None:
    kind, n, m, *channel = what.split("_", 3)
    if kind == "shape":
        return f"AreaShape_Zernike_{n}_{m}", _same
    return f"RadialDistribution_Zernike{kind.capitalize()}_{channel[0]}_{n}_{m}", _same


def _of_intensity(what: str) -> tuple[str, Turn] | None:
    for own in sorted(INTENSITY, key=len, reverse=True):
        if what.startswith(f"{own}_"):
            name, turn = INTENSITY[own]
            return f"{name}_{what.removeprefix(f'{own}_')}", turn
    return None


def _of_radial(what: str) -> tuple[str, Turn] | None:
    found = re.fullmatch(r"(fraction|mean_fraction|cv)_(\d)of(\d)_(.+)", what)
    if found is None:
        return None
    kind, ring, rings, channel = found.groups()
    return f"RadialDistribution_{RADIAL[kind]}_{channel}_{ring}of{rings}", _same


def _of_texture(what: str) -> tuple[str, Turn] | None:
    found = re.fullmatch(rf"({'|'.join(TEXTURE)})_(\d+)_(\d)_(.+)", what)
    if found is None:
        return None
    return f"Texture_{TEXTURE[found[1]]}_{found[4]}_{found[2]}_{int(found[3]):02d}_256", _same


def _of_granularity(what: str) -> tuple[str, Turn] | None:
    step, _, channel = what.partition("_")
    return f"Granularity_{step}_{channel}", _same


def _of_correlation(what: str) -> tuple[str, Turn] | None:
    kind, _, channels = what.partition("_")
    return (f"Correlation_{CORRELATION[kind]}_{channels}", _same) if kind in CORRELATION else None


def _of_neighbours(what: str) -> tuple[str, Turn] | None:
    found = NEIGHBOURS.get(what)
    return None if found is None else (f"Neighbors_{found[0]}", found[1])


_FAMILIES: Mapping[str, Callable[[str], tuple[str, Turn] | None]] = {
    "shape": _of_shape,
    "moments": _of_moments,
    "zernike": _of_zernike,
    "intensity": _of_intensity,
    "radial": _of_radial,
    "texture": _of_texture,
    "granularity": _of_granularity,
    "correlation": _of_correlation,
    "neighbours": _of_neighbours,
}
