"""Let the soak import what lies beside it and beside the tests of runs."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "run"), str(Path(__file__).parent)]
