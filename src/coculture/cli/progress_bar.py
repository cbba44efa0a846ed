"""The progress bar: wells done, how fast, time left, failures; on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from coculture.run.ledger import LedgerLine

FORMAT = "{percentage:3.0f}% |{bar}| {n_fmt} of {total_fmt} wells, {rate_fmt}, {elapsed} gone, {remaining} left{postfix}"
"""What is shown. Rate and time left rest on the wells of this run alone, whatever an earlier one had done."""


def progress_bar(lines: Iterator[LedgerLine], n_before: int, n_wells: int) -> Iterator[LedgerLine]:
    """Show on standard error how many wells are done; where it is no terminal, only failures are told."""
    from tqdm import tqdm

    bar = tqdm(
        total=n_wells,
        initial=n_before,
        unit="well",
        file=sys.stderr,
        disable=None,
        dynamic_ncols=True,
        smoothing=0.05,
        bar_format=FORMAT,
    )
    failed = 0
    with bar:
        for line in lines:
            if line.status == "failed":
                failed += 1
                tqdm.write(f"{line.plate} {line.well} failed: {line.reason}", file=sys.stderr)
                bar.set_postfix_str(f"{failed} failed")
            bar.update()
            yield line
