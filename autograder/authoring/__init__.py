"""A lab's source, and what is made of it: exam, key, release."""
