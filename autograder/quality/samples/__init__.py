"""The sample classes: files as students hand them in, made from the answer bank."""
