"""Drugs, ligands and receptors: occupancy, kinetics, antagonism, and getting constants back from data."""
