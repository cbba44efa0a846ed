"""The progress bar: wells done, time left, failures; on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from coculture.run.ledger import LedgerLine


def progress_bar(lines: Iterator[LedgerLine], n_before: int, n_wells: int) -> Iterator[LedgerLine]:
    """Show on standard error how many wells are done; where it is no terminal, only failures are told."""
    from tqdm import tqdm

    bar = tqdm(total=n_wells, initial=n_before, unit="well", file=sys.stderr, disable=None, dynamic_ncols=True, smoothing=0.05)
    failed = 0
    with bar:
        for line in lines:
            if line.status == "failed":
                failed += 1
                tqdm.write(f"{line.plate} {line.well} failed: {line.reason}", file=sys.stderr)
                bar.set_postfix_str(f"{failed} failed")
            bar.update()
            yield line
