"""What the parts of the grader hand to each other: plain types, and the exceptions."""
