"""Small programs that write files of this repository from others; the Makefile runs them."""
