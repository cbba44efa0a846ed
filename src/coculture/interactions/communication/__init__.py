"""Communication between cells: what a cell's signal, division, death and speed owe to its neighbours."""
