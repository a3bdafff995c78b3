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

# What stands in these two is never typeset, and must be read as it was written.
_CODE = "<(?:code|pre)>.*?</(?:code|pre)>"
_TAG_OR_COMMAND = re.compile(rf"({_CODE}|<[^>]*>)|\\([A-Za-z@]+)", re.DOTALL)


def plain_tex(html: str) -> str:
    """Clean HTML in which commands that are not on the list are plain text; tags stay as they are.

    Args:
        html: What the cleaner gave: no ``<`` but of a tag, no escaped letters.
    """
    return _TAG_OR_COMMAND.sub(_judge, html)


def _judge(found: re.Match[str]) -> str:
    tag, command = found.groups()
    if tag is not None or command in _ALLOWED:
        return found.group()
    return f"\\ {command}"
