"""From a plan of images to the job of a run: the microscope as source, and the fingerprint of recipe and inputs."""

from __future__ import annotations

from coculture.run.cell_type_rule import labels_file
from coculture.run.composition_file import composition_path, read_composition
from coculture.run.execute import Job
from coculture.run.input_files import input_size
from coculture.run.microscope_settings import microscope_source
from coculture.run.plan import Plan
from coculture.run.state import state_of
from coculture.store.checksums import hash_file


def microscope_job(plan: Plan, notes: tuple[str, ...] = ()) -> Job:
    """Return the job of a plan.

    Parameters
    ----------
    plan : what the recipe came to.
    notes : what a reader of the results must know from before the run.

    Raises
    ------
    FileError : if an image file has gone since the plan was made.
    """
    inputs = plan.inputs()
    root = plan.index.root
    sizes = {name: input_size(root / name) for names in inputs.values() for name in names}
    read = [plan.map_file, *filter(None, [labels_file(plan)])]
    hashes = {file.name: hash_file(file) for file in read}
    table = composition_path(plan.loaded)
    return Job(
        recipe=plan.loaded.settings,
        source=microscope_source(plan),
        state=state_of(plan.loaded.settings, sizes, "".join(hashes.values())),
        inputs=inputs,
        inputs_root=root,
        inputs_hashes=hashes | ({table.name: hash_file(table)} if table else {}),
        notes=notes,
        composition=read_composition(plan.loaded),
    )
