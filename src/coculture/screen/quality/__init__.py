"""How far a plate's controls can be trusted to tell effect from no effect; one file a statistic."""
