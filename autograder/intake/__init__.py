"""What was handed in, by whom: folders, archives, rosters."""
