"""A writer that is killed at any moment leaves every name whole or absent, and rubbish that is told apart from results."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from coculture.store.atomic import remove_leftovers
from coculture.store.images.documents import sites
from coculture.store.images.reading import read_field
from coculture.store.tables import read_table, table_path, wells_with

N_KILLS = 24

_DRIVER = """
import os, signal, sys, time
from pathlib import Path
import numpy as np, pandas as pd
from coculture.store.images.field import FieldImages
from coculture.store.images.plate import create_plate
from coculture.store.images.writing import write_well_images
from coculture.store.tables import table_path, write_table

def write(root, version):
    images = [FieldImages(site, 0.0, np.full((2, 300, 300), version, np.uint16), ("a", "b"), 1.0) for site in (1, 2)]
    write_well_images(root / "images" / "P.zarr", "A01", images)
    write_table(pd.DataFrame({"version": np.full(5000, version)}), table_path(root, "cells", "P", "A01"))

def write_for_ever(root):
    version = 0
    while True:
        version += 1
        write(root, version)

root = Path(sys.argv[1])
create_plate(root / "timed" / "images" / "P.zarr", plate="P", wells=["A01"])
for version in range(3):  # how long one round takes on this machine, now: kills are spread over the first rounds
    begun = time.perf_counter()
    write(root / "timed", version)
    one_round = time.perf_counter() - begun
delays = np.random.default_rng(0).uniform(0.1, 3.0, int(sys.argv[2])) * one_round
for number, delay in enumerate(delays):
    folder = root / str(number)
    create_plate(folder / "images" / "P.zarr", plate="P", wells=["A01"])
    child = os.fork()
    if child == 0:
        write_for_ever(folder)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_whatever_a_killed_writer_leaves_is_whole(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", _DRIVER, str(tmp_path), str(N_KILLS)], check=True)
    left = tables = images = 0
    for folder in sorted(path for path in tmp_path.iterdir() if path.name != "timed"):
        left += remove_leftovers(folder)
        assert not [path for path in folder.rglob("*") if ".tmp-" in path.name]
        if (folder / "images" / "P.zarr" / "A" / "01").exists():
            plate = folder / "images" / "P.zarr"
            assert sites(plate, "A01") == [1, 2]
            values = np.unique([read_field(plate, "A01", site).pixels for site in (1, 2)])
            assert values.size == 1
            images += 1
        for plate_name, well in wells_with(folder, "cells"):
            table = read_table(table_path(folder, "cells", plate_name, well))
            assert len(table) == 5000
            assert table["version"].nunique() == 1
            tables += 1
    assert left > 0, "no kill struck in the middle of a write: the test shows nothing"
    assert images > 0
    assert tables > 0
