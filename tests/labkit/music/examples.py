"""Small tunes whose notes can be counted by hand."""

JIG = """X:1
T:A Jig of Four Bars
M:6/8
L:1/8
R:jig
K:G
D|GAB dBG|c>BA G2A|(3BcB A3 [GB]3|G6|]"""

REEL = """X:2
T:A Reel with an Upbeat
M:C|
L:1/8
R:reel
K:D
A2|d2fd Adfd|cdec A2ce|d4 z4|d6||"""
