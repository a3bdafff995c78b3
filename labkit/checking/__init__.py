"""What a student sees at once: checks, comparisons, messages."""
