"""What was done with combinations and mixtures, in sentences for the methods paragraph."""

from __future__ import annotations

from coculture.report.reading import Results
from coculture.report.words.numbers import count, listed

MODEL_KEYS = {"ZIP": "zip", "Bliss": "bliss", "HSA": "hsa", "Loewe": "loewe", "MuSyC": "musyc"}
RANKINGS = {
    "correlation": "correlation",
    "grey-relation": "grey relational grade",
    "vip": "variable importance in partial least squares",
    "selectivity-ratio": "selectivity ratio",
    "elastic-net": "order of entry into an elastic net",
}


def combination_methods(results: Results) -> tuple[str, tuple[str, ...]]:
    """Return what was done with combinations, and the keys of its sources."""
    table = results.combinations
    if table.empty:
        return "", ()
    models = [str(name) for name in dict.fromkeys(table["model"])]
    number = len(table[["group", "drugs"]].drop_duplicates())
    asked = results.section("combination")
    text = f"{count(number, 'combination')} {'was' if number == 1 else 'were'} scored by {listed(models)}"
    keys = [MODEL_KEYS[name] for name in models if name in MODEL_KEYS]
    if asked.get("convention") == "synergyfinder":
        text += " in the conventions of the R package synergyfinder"
        keys.append("synergyfinder")
    repeats = asked.get("bootstraps", 0)
    text += f"; intervals and p-values come from {repeats} repetitions of all fits with the noise of a well" if repeats else ""
    return f"{text}. Combination and dose-reduction indices are by the median effect.", (*keys, "median-effect", "fdr")


def mixture_methods(results: Results) -> tuple[str, tuple[str, ...]]:
    """Return what was done with mixtures, and the keys of its sources."""
    sentences, keys = [], []
    effects, ranked = results.mixture_effects, results.ingredients
    if len(effects):
        designs = [str(name).replace("-", " ") for name in dict.fromkeys(effects["design"])]
        names = [str(name) for name in dict.fromkeys(effects["mixture"])]
        sentences.append(
            f"Effects of ingredients of {listed(names[:3])} were estimated from {listed(designs)} designs, with the noise "
            "between wells that got the same."
        )
        keys.append("fdr")
    if len(ranked):
        methods = results.section("mixture").get("methods", ())
        spoken = [RANKINGS.get(str(name), str(name)) for name in methods] if isinstance(methods, (list, tuple)) else []
        sentences.append(
            f"{count(ranked['feature'].nunique(), 'feature')} of fractions were ranked by the mean rank of "
            f"{listed(spoken)}; intervals are over resampled fractions, and every fraction was left out once."
        )
        keys += [name for name in ("grey-relation", "vip", "selectivity-ratio", "elastic-net") if name in (methods or ())]
        keys.append("max-t")
    return " ".join(sentences), tuple(keys)
