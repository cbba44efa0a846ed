"""From a plan of images to the job of a run: the microscope as source, and the fingerprint of recipe and inputs."""

from __future__ import annotations

from coculture.run.execute import Job
from coculture.run.microscope_settings import microscope_source
from coculture.run.plan import Plan
from coculture.run.state import state_of
from coculture.store.provenance import hash_file


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
    sizes = {name: (root / name).stat().st_size for names in inputs.values() for name in names}
    map_hash = hash_file(plan.map_file)
    return Job(
        recipe=plan.loaded.settings,
        source=microscope_source(plan),
        state=state_of(plan.loaded.settings, sizes, map_hash),
        inputs=inputs,
        inputs_root=root,
        inputs_hashes={plan.map_file.name: map_hash},
        notes=notes,
    )
