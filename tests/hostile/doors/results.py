"""A results folder in which somebody changed a file by hand: its ledger, its account of the run, a table."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import asdict
from functools import cache, partial
from pathlib import Path

from door import Door

from coculture.cli.summary import summary
from coculture.report.pages import write_report
from coculture.report.reading import read_results
from coculture.run.ledger import LedgerLine, LedgerWriter, failures, read_ledger
from coculture.run.pipeline import analyse_wells
from coculture.run.resume import stands
from coculture.run.state import planned_wells, state_in
from coculture.run.verify import verify_results
from doors.screens import OF_WELLS, well_table_text


@cache
def whole() -> Path:
    """Return a finished results folder, made once a process."""
    folder = Path(tempfile.mkdtemp(prefix="hostile-results-"))
    (folder / "wells.csv").write_text(well_table_text())
    (folder / "screen.toml").write_text(OF_WELLS)
    analyse_wells(folder / "wells.csv", folder / "screen.toml", folder / "results")
    return folder


def changed(name: str, path: Path) -> str:
    """Put the file into a finished folder, then verify it, read it, and run in it again."""
    folder = path.parent / "screen"
    shutil.copytree(whole(), folder)
    results = folder / "results"
    shutil.copyfile(path, results / name)
    verified = verify_results(results)
    told = [str(difference) for difference in verified.differences]
    found = read_results(results)
    return "\n".join([*told, str(found.wells.shape), str(planned_wells(results)), str(state_in(results) is not None)])


def reported(name: str, path: Path) -> str:
    """Put the file into a finished folder and write its report again."""
    folder = path.parent / "screen"
    shutil.copytree(whole(), folder)
    shutil.copyfile(path, folder / "results" / name)
    return str(len(write_report(folder / "results").read_text(encoding="utf-8")))


def run_again(name: str, path: Path) -> str:
    """Put the file into a finished folder and analyse the same table in it once more."""
    folder = path.parent / "screen"
    shutil.copytree(whole(), folder)
    shutil.copyfile(path, folder / "results" / name)
    outcome = analyse_wells(folder / "wells.csv", folder / "screen.toml", folder / "results")
    return summary(outcome, None)


def ledger_account(path: Path) -> str:
    """Read a ledger as a run that goes on does."""
    lines = read_ledger(path)
    standing = [stands(line, path.parent) for line in lines.values()]
    failed = failures(lines.values())
    with LedgerWriter(path) as writer:
        writer.append(LedgerLine("P1", "H12", "done"))
    return f"{len(lines)} {standing} {failed}"


def ledgers() -> dict[str, bytes]:
    """Return a ledger of two wells."""
    done = LedgerLine("P1", "A01", "done", inputs={"a.tif": "0" * 64}, outputs={"cells/plate=P1/well=A01.parquet": "0" * 64})
    failed = LedgerLine("P1", "A02", "failed", "no cell was found", seconds=1.5)
    return {"ledger": b"".join(json.dumps(asdict(line)).encode() + b"\n" for line in (done, failed))}


def file_of(name: str) -> dict[str, bytes]:
    """Return one file of the finished folder."""
    return {name: (whole() / "results" / name).read_bytes()}


DOORS = (
    *(
        Door(
            f"results, {Path(name).name}",
            Path(name).name,
            partial(changed, name),
            partial(file_of, name),
            (b"../../x", b'""', b"null", b"[]", b"1e999"),
        )
        for name in ("run.json", "recipe.toml", "wells.parquet", "hits.parquet", "work/begun.json")
    ),
    Door("ledger", "ledger.jsonl", ledger_account, ledgers, (b'"done"', b"null", b"[]", b"../../x", b"/etc")),
    Door(
        "run again, begun.json",
        "begun.json",
        partial(run_again, "work/begun.json"),
        partial(file_of, "work/begun.json"),
        many=0.3,
    ),
    Door("report, run.json", "run.json", partial(reported, "run.json"), partial(file_of, "run.json"), many=0.2),
    Door(
        "report, wells.parquet", "wells.parquet", partial(reported, "wells.parquet"), partial(file_of, "wells.parquet"), many=0.1
    ),
    Door("run again, run.json", "run.json", partial(run_again, "run.json"), partial(file_of, "run.json"), many=0.2),
)
