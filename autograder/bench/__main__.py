"""Run the benchmark."""

from autograder.bench.bench import main

main()
