"""What people read: HTML pages and tables for the terminal."""
