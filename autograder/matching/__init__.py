"""The release and what a student made of it: which cell answers which TODO."""
