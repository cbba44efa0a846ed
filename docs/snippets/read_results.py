"""Read the hits with pandas, and ask the cells a question with SQL."""

from pathlib import Path

import pandas as pd

from coculture.store.index import open_index

hits = pd.read_parquet("results/hits.parquet")
called = hits[hits["hit"]]
print(called[["compound", "readout", "effect", "q_value"]].to_string(index=False))

question = "select role, cell_type, count(*) as cells from cells join wells using (plate, well) group by all order by all"
with open_index(Path("results")) as screen:
    print(screen.sql(question).df().to_string(index=False))
