"""What was done with combinations and mixtures, in sentences for the methods paragraph."""

from __future__ import annotations

from coculture.report.language import mark, retell, say
from coculture.report.reading import Results
from coculture.report.words.numbers import count, listed, paragraph

MODEL_KEYS = {"ZIP": "zip", "Bliss": "bliss", "HSA": "hsa", "Loewe": "loewe", "MuSyC": "musyc"}
RANKINGS = {
    "correlation": mark("correlation"),
    "grey-relation": mark("grey relational grade"),
    "vip": mark("variable importance in partial least squares"),
    "selectivity-ratio": mark("selectivity ratio"),
    "elastic-net": mark("order of entry into an elastic net"),
}


def combination_methods(results: Results) -> tuple[str, tuple[str, ...]]:
    """Return what was done with combinations, and the keys of its sources."""
    table = results.combinations
    if table.empty:
        return "", ()
    models = [str(name) for name in dict.fromkeys(table["model"])]
    number = len(table[["group", "drugs"]].drop_duplicates())
    asked = results.section("combination")
    scored = mark("{combinations} was scored by {models}") if number == 1 else mark("{combinations} were scored by {models}")
    text = say(scored, combinations=count(number, "combination"), models=listed(models))
    keys = [MODEL_KEYS[name] for name in models if name in MODEL_KEYS]
    if asked.get("convention") == "synergyfinder":
        text += say(" in the conventions of the R package synergyfinder")
        keys.append("synergyfinder")
    repeats = asked.get("bootstraps", 0)
    if repeats:
        text += say("; intervals and p-values come from {n} repetitions of all fits with the noise of a well", n=repeats)
    indices = say("Combination and dose-reduction indices are by the median effect.")
    return paragraph((say("{sentence}.", sentence=text), indices)), (*keys, "median-effect", "fdr")


def mixture_methods(results: Results) -> tuple[str, tuple[str, ...]]:
    """Return what was done with mixtures, and the keys of its sources."""
    sentences, keys = [], []
    effects, ranked = results.mixture_effects, results.ingredients
    if len(effects):
        designs = [retell(str(name).replace("-", " ")) for name in dict.fromkeys(effects["design"])]
        names = [str(name) for name in dict.fromkeys(effects["mixture"])]
        sentences.append(
            say(
                "Effects of ingredients of {names} were estimated from {designs} designs, with the noise between "
                "wells that got the same.",
                names=listed(names[:3]),
                designs=listed(designs),
            )
        )
        keys.append("fdr")
    if len(ranked):
        methods = results.section("mixture").get("methods", ())
        spoken = [say(RANKINGS.get(str(name), str(name))) for name in methods] if isinstance(methods, (list, tuple)) else []
        sentences.append(
            say(
                "{features} of fractions were ranked by the mean rank of {spoken}; intervals are over resampled "
                "fractions, and every fraction was left out once.",
                features=count(ranked["feature"].nunique(), "feature"),
                spoken=listed(spoken),
            )
        )
        keys += [name for name in ("grey-relation", "vip", "selectivity-ratio", "elastic-net") if name in (methods or ())]
        keys.append("max-t")
    return paragraph(sentences), tuple(keys)
