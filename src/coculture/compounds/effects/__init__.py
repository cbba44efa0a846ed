"""What a compound does, as data: to a behaviour, to a ligand and its receptor, to a link between cells, to life. One a file."""
