"""A tiny course for tests: three TODOs in plain NumPy, built in a temporary folder, no
TensorFlow."""

from __future__ import annotations

from pathlib import Path

from autograder.workspace.course import Course, load_course

COURSE = """
[course]
id = "tiny"
name = "Tiny course"
repository = "https://github.com/example/tiny"

[limits]
todo_seconds = 4
extra_cell_seconds = 3
submission_seconds = 40
memory_mb = 300
temporary_mb = 16
"""

LAB = """
title = "Tiny lab"
order = 1
topics = ["music"]
"""

SOURCE = '''# %% [markdown]
# # Tiny lab
#
# <!-- badges -->

# %%
import numpy as np

from labkit.checking.checks import check
from labkit.checking.when import when_done

rng_for = np.random.default_rng

# %% [markdown]
# ### TODO 1 · `double` (2 points)
# <details><summary>1</summary>a</details>
# <details><summary>2</summary>b</details>
# <details><summary>3</summary>c</details>

# %% nbgrader={"grade_id": "double", "solution": true}
def double(x):
    """Twice x. x (N,) floats."""
    ### BEGIN SOLUTION
    return np.asarray(x) * 2.0
    ### END SOLUTION

# %% nbgrader={"grade_id": "test_double", "grade": true, "locked": true, "points": 2}
with check("double of 2 is 4") as c:
    c.close(double(2.0), 4.0)
### BEGIN HIDDEN TESTS
for seed in range(2):
    with case(f"random vector {seed}", hint="Every element is doubled."):
        given = rng_for(seed).normal(size=5)
        probe("result", double(given))
        probe("input afterwards", given)
### END HIDDEN TESTS

# %% [markdown]
# ### TODO 2 · `total` (4 points)
# <details><summary>1</summary>a</details>
# <details><summary>2</summary>b</details>
# <details><summary>3</summary>c</details>

# %% nbgrader={"grade_id": "total", "solution": true}
def total(x):
    """Sum of the doubles of x (N,): a number."""
    ### BEGIN SOLUTION
    return float(np.sum(double(x)))
    ### END SOLUTION

# %% nbgrader={"grade_id": "test_total", "grade": true, "locked": true, "points": 4}
with check("the total of ones") as c:
    c.close(total(np.ones(3)), 6.0)
### BEGIN HIDDEN TESTS
from labkit.probes import case, outcome, probe
for seed in range(3):
    with case(f"random vector {seed}", hint="Sum what double gives."):
        probe("total", total(rng_for(10 + seed).normal(size=7)), rtol=1e-6)
with case("an empty vector", hint="The sum of nothing is 0, not an error."):
    probe("total and its kind", [total(np.zeros(0)), total(rng_for(13).normal(size=3))])
### END HIDDEN TESTS

# %% tags=["demo"]
with when_done("total"):
    print(total(np.ones(3)))

# %% [markdown]
# ### TODO 3 · `dice` (2 points)
# <details><summary>1</summary>a</details>
# <details><summary>2</summary>b</details>
# <details><summary>3</summary>c</details>

# %% nbgrader={"grade_id": "dice", "solution": true}
def dice(rng):
    """A number from 0 to 5, all equally likely."""
    ### BEGIN SOLUTION
    return int(rng.integers(6))
    ### END SOLUTION

# %% nbgrader={"grade_id": "test_dice", "grade": true, "locked": true, "points": 2}
with check("a die shows a number below 6") as c:
    c.between(dice(rng_for(0)), 0, 5)
### BEGIN HIDDEN TESTS
with case("fair", hint="Are all six numbers equally likely?"):
    source = rng_for(3)
    probe("counts", counts((dice(source) for _ in range(3000)), 6), compare=distribution([1/6] * 6 + [0]))
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade_id": "why", "grade": true, "solution": true, "points": 2}
# ### BEGIN SOLUTION
# Because six faces look alike.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# One point for symmetry.
# ### END MARK SCHEME

# %% [markdown]
# ## Hand in
# Save this notebook and hand in the file.
'''


def make_course(root: Path) -> Course:
    """Write the tiny course below ``root`` and load it."""
    (root / "solutions" / "tiny").mkdir(parents=True)
    (root / "data" / "music").mkdir(parents=True)
    (root / "course.toml").write_text(COURSE)
    (root / "solutions" / "tiny" / "lab.toml").write_text(LAB)
    (root / "solutions" / "tiny" / "tiny.py").write_text(SOURCE)
    return load_course(root)
