"""A lab's source, and what is made of it: the release, the exam, the key."""
