"""What 100 µg/mL of a formula dissolves, with and without one of its herbs."""

from coculture.compounds.expansion import expand
from coculture.plate.treatment import Treatment

for text in ("黄连解毒汤 100 ug/mL", "黄连解毒汤 without 黄连 100 ug/mL"):
    for part in Treatment.parse(text).parts:
        print(part.text, {name: round(um, 2) for name, um in expand(part).items()})
