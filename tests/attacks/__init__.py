"""What reaches a grader: broken, messy and hostile submissions, each with its ideal outcome."""
