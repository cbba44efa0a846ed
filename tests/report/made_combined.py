"""Tables of combinations and mixtures, made for the sections that show them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from coculture.report.reading import Results
from coculture.screen.combination_columns import COMBINATION_COLUMNS, SURFACE_COLUMNS
from coculture.screen.results import typed

ESTIMATED = "2 doses of drug 2 alone were not measured: estimated"


def made(rows: list[dict[str, object]], columns: tuple) -> pd.DataFrame:
    """Return a table with the declared columns; what the rows leave out is missing."""
    kinds = {"integer": 0, "real": np.nan, "flag": False}
    usual = {column.name: kinds.get(column.kind, "") for column in columns}
    return typed(pd.DataFrame([usual | row for row in rows]), columns)


def score(drugs: str, model: str, rank: int, value: float, call: str, **more: object) -> dict[str, object]:
    spread = {"score_low": value - 4, "score_high": value + 4, "q_value": 0.001 if call != "no call" else 0.5}
    return {"drugs": drugs, "model": model, "rank": rank, "score": value, "call": call, "status": "ok"} | spread | more


def combined(results: Results) -> Results:
    table = made(
        [
            score("A + B", "ZIP", 1, 22.0, "synergy", combination_index=0.25, reduction_1=4.0, reduction_2=3.0),
            score(
                "A + C",
                "ZIP",
                2,
                -1.5,
                "no call",
                status="estimated",
                reason="2 doses of drug 2 alone were not measured: estimated",
            ),
            score("A + B", "Bliss", 1, 18.0, "synergy"),
            score("A + C", "Bliss", 2, -0.5, "no call"),
            {"drugs": "A + B", "model": "MuSyC", "rank": 1, "beta": 0.2, "beta_low": 0.1, "beta_high": 0.3, "alpha12": 1e3}
            | {"alpha12_low": 1e-9, "alpha12_high": 1e12, "status": "ok"},
        ],
        COMBINATION_COLUMNS,
    )
    points = [
        {"drugs": drugs, "model": "ZIP", "dose_1": first, "dose_2": second, "unit_1": "uM", "unit_2": "ug/mL", "response": 50.0}
        | {"expected": 50.0 - size, "synergy": size, "synergy_low": size - 5, "synergy_high": size + 5}
        for drugs, size in (("A + B", 20.0), ("A + C", -3.0))
        for first in (0.01, 0.1)
        for second in (1.0, 10.0)
    ]
    settings = {**results.settings, "combination": {"minimum_score": 5.0, "bootstraps": 40}}
    return replace(results, combinations=table, surfaces=made(points, SURFACE_COLUMNS), settings=settings)


def effect(kind: str, name: str, value: float, called: bool, **more: object) -> dict[str, object]:
    shared = {"mixture": "Huanglian Jiedu Tang", "readout": "translocation", "level_percent": 100.0, "design": "leave-one-out"}
    return shared | {
        **{"kind": kind, "ingredient": name, "shown": name, "rank": 1, "effect": value, "effect_low": value - 5},
        **{"effect_high": value + 5, "called": called, "q_value": 0.01, "n_wells": 48, "share_percent": 50.0},
        **more,
    }


def three(results: Results, doses: tuple[float, ...]) -> Results:
    """Return results with a combination of three compounds at ``doses`` of the third, and one of two."""
    points = [
        {"drugs": "A + B + C", "model": "ZIP", "dose_1": first, "dose_2": second, "dose_3": third, "unit_1": "uM", "unit_2": "uM"}
        | {"unit_3": "uM", "response": 50.0, "expected": 40.0, "synergy": 5.0 * place, "synergy_low": 1.0, "synergy_high": 60.0}
        for first in (1.0, 10.0)
        for second in (2.0, 20.0, 200.0)
        for place, third in enumerate(doses)
    ]
    pair = [point | {"drugs": "A + B", "dose_3": float("nan"), "synergy": -2.0} for point in points[::2]]
    table = made([score("A + B + C", "ZIP", 1, 22.0, "synergy"), score("A + B", "ZIP", 2, 1.0, "no call")], COMBINATION_COLUMNS)
    return replace(results, combinations=table, surfaces=made([*points, *pair], SURFACE_COLUMNS))
