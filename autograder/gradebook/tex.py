"""TeX in a text that a browser will typeset: only commands that make formulas.

A list of what is forbidden has holes (``\\def``, ``\\csname``, macros of extensions), so this is a
list of what is allowed. Every other command loses its meaning: a blank behind the backslash makes
its name a plain text.
"""

from __future__ import annotations

import re

__all__ = ["plain_tex"]

_GREEK = """
alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa lambda mu nu
xi omicron pi varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta
Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell hbar imath jmath Re Im aleph nabla partial infty
emptyset varnothing complement
"""
_OPERATORS = """
sum prod coprod int iint iiint oint bigcup bigcap bigvee bigwedge bigoplus bigotimes limits nolimits
lim liminf limsup sup inf max min arg argmax argmin det dim exp gcd hom ker lg ln log Pr deg sin cos
tan cot sec csc arcsin arccos arctan sinh cosh tanh coth operatorname mod bmod pmod pm mp times div
cdot ast star circ bullet cap cup uplus sqcap sqcup vee wedge setminus oplus ominus otimes oslash
odot dagger ddagger land lor lnot neg forall exists nexists therefore because angle triangle square
prime backslash top bot surd sharp flat natural
"""
_RELATIONS = """
le leq leqslant ge geq geqslant ne neq lt gt ll gg equiv sim simeq approx cong propto prec succ
preceq succeq subset supset subseteq supseteq nsubseteq in ni notin mid nmid parallel perp models
vdash dashv doteq asymp to gets mapsto longmapsto leftarrow rightarrow leftrightarrow Leftarrow
Rightarrow Leftrightarrow longleftarrow longrightarrow Longrightarrow Longleftarrow
Longleftrightarrow uparrow downarrow updownarrow Uparrow Downarrow nearrow searrow implies iff
hookrightarrow hookleftarrow rightharpoonup leftharpoonup rightleftharpoons not colon
"""
_SHAPES = """
frac dfrac tfrac cfrac binom dbinom tbinom sqrt over choose overline underline overbrace underbrace
overset underset stackrel substack hat widehat tilde widetilde bar vec dot ddot acute grave check
breve boldsymbol mathbf mathrm mathit mathsf mathtt mathcal mathbb mathfrak mathscr bm text textbf
textit textrm textsf texttt rm bf it sf tt cal displaystyle textstyle scriptstyle scriptscriptstyle
left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr lbrace rbrace lbrack
rbrack langle rangle lfloor rfloor lceil rceil vert Vert lvert rvert lVert rVert dots ldots cdots
vdots ddots dotsc dotsb quad qquad begin end hline
"""
_ALLOWED = frozenset(f"{_GREEK} {_OPERATORS} {_RELATIONS} {_SHAPES}".split())

MAX_DEPTH = 20
"""Braces, ``\\left`` and environments may be nested so deep, each: at some hundred the browser's
tab crashes, and the answer could not be marked."""

MAX_FORMULAS = 200
"""So many formulas of one text are typeset: each takes milliseconds."""

# What stands in these two is never typeset, and must be read as it was written.
_CODE = "<(?:code|pre)>.*?</(?:code|pre)>"
_TOKEN = re.compile(
    rf"(?P<tag>{_CODE}|<[^>]*>)"
    # A command, also behind a line break's first backslash; other escaped characters; plain ones.
    r"|(?P<escape>\\{1,2})(?P<command>[A-Za-z@]+)"
    r"|(?P<opening>\\{1,2}[(\[])|\\.|(?P<sign>[{}$])",
    re.DOTALL,
)
_PAIRS = {"{": ("{", 1), "}": ("{", -1), "left": ("left", 1), "right": ("left", -1)}
_PAIRS |= {"begin": ("begin", 1), "end": ("begin", -1)}


def plain_tex(html: str) -> str:
    """Clean HTML in which commands that are not on the list are plain text; tags stay as they are.

    What is nested too deeply, and formulas beyond the first ones, are plain text as well.

    Args:
        html: What the cleaner gave: no ``<`` but of a tag, no escaped letters.
    """
    return _TOKEN.sub(_Formulas().judge, html)


class _Formulas:
    """Reads a text from its beginning, and knows how deep it is in a formula."""

    def __init__(self) -> None:
        self._depth: dict[str, int] = {}
        self._ends = 0
        """How many formulas have begun or ended."""

    def judge(self, found: re.Match[str]) -> str:
        """What stands in the place of a token."""
        text = found.group()
        if found["tag"] is not None:
            # No formula goes on behind a tag, but behind a line break it does.
            if not text.startswith("<br"):
                self._depth.clear()
        elif found["command"] is not None:
            return self._command(found["escape"], found["command"])
        elif found["opening"] is not None:
            return text if self._typeset(2) else f"{text[:-1]} {text[-1]}"
        elif text == "$":
            return text if self._typeset(1) else r"\$"
        elif found["sign"] is not None:
            return text if self._fits(text) else f"\\{text}"
        return text

    def _command(self, escape: str, name: str) -> str:
        fits = name in _ALLOWED
        if name == "begin":
            fits = self._typeset(2)
        # Behind a line break stands no command: what ends nothing is not counted.
        if len(escape) == 1 or name in ("begin", "left"):
            fits = self._fits(name) and fits
        return f"{escape}{name}" if fits else f"{escape} {name}"

    def _typeset(self, ends: int) -> bool:
        """Whether one more formula may be typeset; its two ends are counted."""
        self._ends += ends
        return self._ends <= 2 * MAX_FORMULAS

    def _fits(self, name: str) -> bool:
        """Whether something that opens or closes may do so; it is counted."""
        if name not in _PAIRS:
            return True
        kind, step = _PAIRS[name]
        depth = self._depth.get(kind, 0)
        self._depth[kind] = max(depth + step, 0)
        # The end of what was too deep is as plain as its beginning.
        return max(depth, depth + step) <= MAX_DEPTH
