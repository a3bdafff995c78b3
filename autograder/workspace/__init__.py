"""Where things lie: the course, the workspace, and safe reading and writing of files."""
