"""The virtual chip: chip, flow, solutes, compounds and living cells, joined into a source of cell tables."""
