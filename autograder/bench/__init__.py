"""`python -m autograder.bench`: this grader against plain nbgrader."""
