"""How LMSs lay out their downloads: one module each, with ``find(entries, context)``.

``find`` gives a claim for each file it recognises as that LMS's. The others go to the next layout.
"""
