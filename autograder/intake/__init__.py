"""From files of any kind to one hand-in per student."""
