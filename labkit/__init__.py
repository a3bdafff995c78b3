"""The student library of the labs: datasets, checks, music, plots, budgets and seeds."""
