"""Runs in a child process: ABC on standard input, SVG on standard output.

verovio can crash on malformed ABC and would take the notebook's kernel with it, hence the process
of its own. Exit code 3 means that verovio is not installed, 4 that it could not read the tune.
"""

import sys

MISSING, UNREADABLE = 3, 4
OPTIONS = {
    "inputFrom": "abc",
    "scale": 40,
    "pageWidth": 2000,
    "pageHeight": 60000,
    "adjustPageHeight": True,
    "pageMarginTop": 40,
    "pageMarginBottom": 40,
    "footer": "none",
    "svgViewBox": True,
    "xmlIdSeed": 1,
}


def main() -> int:
    """Engrave what is on standard input, and return the exit code."""
    try:
        import verovio
    except ImportError:
        return MISSING
    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit()
    toolkit.setOptions(OPTIONS)
    if not toolkit.loadData(sys.stdin.buffer.read().decode("utf-8")) or not toolkit.getPageCount():
        return UNREADABLE
    sys.stdout.buffer.write(toolkit.renderToSVG(1).encode("utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
