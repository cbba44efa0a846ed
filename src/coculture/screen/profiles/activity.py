"""Do replicates of a treatment look more alike than they look like controls, and treatments of a mechanism than others?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from coculture.screen.profiles.average_precision import Question, average_precision, mean_average_precision
from coculture.screen.profiles.profiles import Profiles
from coculture.screen.profiles.settings import ProfileSettings
from coculture.screen.profiles.treatments import TREATMENT, TreatmentProfiles, treatment_codes


def activity(profiles: Profiles, settings: ProfileSettings) -> pd.DataFrame:
    """Return one row a replicated treatment: mean average precision of its wells among the negative controls, p, q, active.

    Positives are the treatment's other wells, negatives all negative controls (Kalinin et al. 2025, Nat Commun 16:5181).
    """
    group = treatment_codes(profiles)
    found = average_precision(profiles.values, Question(group, profiles.negative))
    scores = mean_average_precision(found, group, settings.draws, settings.seed)
    first = pd.Series(np.arange(len(group))).groupby(group).first()
    columns = [name for name in TREATMENT if name in profiles.wells]
    names = profiles.wells.iloc[first.reindex(scores.index).to_numpy(dtype=np.int64)][columns].reset_index(drop=True)
    rows = pd.concat([names, scores.reset_index(drop=True)], axis=1)
    return rows.assign(question="activity", group="", call=rows["q_value"] <= settings.fdr)


def consistency(treatments: TreatmentProfiles, settings: ProfileSettings) -> pd.DataFrame:
    """Return one row a mechanism: mean average precision of its treatments among treatments of other mechanisms.

    Positives are treatments of the mechanism by *another compound*: doses of one compound say nothing about a mechanism.
    """
    known = (treatments.table["mechanism"] != "").to_numpy()
    table = treatments.table[known]
    group, names = pd.factorize(table["mechanism"], sort=True)
    compound = pd.factorize(table["compound"])[0].astype(np.int64)
    group = group.astype(np.int64)
    question = Question(group, np.ones(len(table), dtype=bool), differ=compound)
    if not len(table):
        return pd.DataFrame(columns=["group", "mean_average_precision", "n_profiles", "p_value", "q_value", "question", "call"])
    scores = mean_average_precision(average_precision(treatments.values[known], question), group, settings.draws, settings.seed)
    scores.index = pd.Index(names[scores.index.to_numpy(dtype=np.int64)], name="group")
    return scores.reset_index().assign(question="consistency", call=lambda rows: rows["q_value"] <= settings.fdr)
