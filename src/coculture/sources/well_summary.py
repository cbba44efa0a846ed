"""All numbers of one well: at its end, and, where its cells were followed, over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from coculture.sources.arrangement import ArrangementSettings, arrangement_numbers
from coculture.sources.between_cells import contact_numbers, territory_numbers
from coculture.sources.over_time import CommunicationSettings, TimeSettings, communication_numbers, numbers_over_time
from coculture.sources.summary import dead_numbers, type_counts
from coculture.sources.well_numbers import WellNumbers
from coculture.sources.well_tables import WellTables


@dataclass(frozen=True)
class NumberSettings:
    """What is asked about what happens between cells.

    Attributes
    ----------
    arrangement : how cells lie, at the end.
    time : how tracks become numbers.
    communication : signals and transfers.
    """

    arrangement: ArrangementSettings = field(default_factory=ArrangementSettings)
    time: TimeSettings = field(default_factory=TimeSettings)
    communication: CommunicationSettings = field(default_factory=CommunicationSettings)


def well_numbers(
    tables: WellTables,
    cell_types: Sequence[str],
    size_um: tuple[float, float],
    settings: NumberSettings,
    *,
    tracked: bool,
    deaths_told: bool,
) -> WellNumbers:
    """Return the numbers of one well.

    Parameters
    ----------
    tables : the well's tables.
    cell_types : the types the screen tells apart, in its order.
    size_um : (width, height) of a site's image.
    settings : what is asked.
    tracked : whether the cells were followed over time. Otherwise every number is of the end.
    deaths_told : whether dead cells are told from living ones; otherwise nothing is said of them.
    """
    end = tables.at_the_end()
    living = end.cells[end.cells["alive"]]
    found = WellNumbers(type_counts(end.cells, cell_types))
    if deaths_told:
        found |= WellNumbers(dead_numbers(end.cells, cell_types))
    found |= WellNumbers(contact_numbers(end.cells, end.contacts, cell_types))
    if end.territory_contacts is not None:
        found |= WellNumbers(territory_numbers(end.cells, end.territory_contacts, cell_types))
    found |= arrangement_numbers(living, end.contacts, cell_types, size_um, settings.arrangement)
    if tracked and len(tables.cells):
        found |= numbers_over_time(tables.cells, tables.contacts, cell_types, settings.time)
    looked_at = tables if tracked else end
    if (tracked or settings.communication) and len(looked_at.cells):
        found |= communication_numbers(looked_at.cells, looked_at.contacts, settings.communication)
    return found
