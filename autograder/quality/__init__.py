"""The grader tested and measured: answer bank, mutants, sample classes."""
