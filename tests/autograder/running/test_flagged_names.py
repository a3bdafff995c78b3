"""What an instructor is asked to look at: seldom honest code, and every attack that can be named."""

from __future__ import annotations

import pytest

from autograder.running.flagged_names import flagged_names, may_meddle, may_unsettle

HONEST = [
    'import os\nos.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"',
    'import os\nseed = os.environ.get("SEED", "1")',
    "import signal\nsignal.signal(signal.SIGINT, signal.SIG_DFL)",
    "import signal\n\ndef late(*_):\n    raise TimeoutError\n\nsignal.signal(signal.SIGALRM, late)",
    "import multiprocessing\nworkers = multiprocessing.cpu_count()",
    "import gc\ngc.collect()",
    "x = 1  # no _thread is started here, and no subprocess",
    "# see /etc/hosts, ctypes and pickle",
    'def f(x):\n    """Without inspect.getsource, gc.get_objects or the autograder."""\n    return x',
    '"""Not a socket."""\nx = 1',
    "solutions = [1, 2]\nworkspace = solutions",
    "print(type(x).__name__, x.__class__.__name__)",
    "threads = 2  # threads of the solutions in my workspace",
    "from scipy import signal\nwindow = signal.get_window('hann', 4)\nsignal.convolve(x, window)",
    "title = 'All solutions submitted by the autograder'",
    "plt.title('solutions')\nlabels = {'workspace': 1}",
    "print(f'{n} solutions')",
]
WORTH_A_LOOK = {
    "import gc\nfound = gc.get_objects()": "other code's frames",
    'open("/work" + "space/gradebook.db")': "files of the grader",
    'open("../solutions/lab1/lab1.py")': "files of the grader",
    'import os\nos.listdir(os.path.join("..", "solutions"))': "files of the grader",
    'from pathlib import Path\nPath("submitted").glob("*")': "files of the grader",
    "import os\nfound = list(os.environ.values())": "files of the grader",
    "import os\nos.kill(1, 9)": "processes and signals",
    "import signal\nsignal.setitimer(signal.ITIMER_REAL, 1)": "processes and signals",
    "import multiprocessing\nmultiprocessing.Process(target=f).start()": "processes and signals",
    "class A:\n    __class__ = property(float)": "what it is compared by",
    "x = (  # gc.get_objects\nos.kill": "processes and signals",
    'f = "".join(["ctypes"])': "memory",
}


@pytest.mark.parametrize("code", HONEST)
def test_honest_code_is_not_flagged(code: str) -> None:
    assert flagged_names(code) == []


@pytest.mark.parametrize("code", WORTH_A_LOOK)
def test_what_is_worth_a_look_is_told(code: str) -> None:
    assert WORTH_A_LOOK[code] in flagged_names(code)


def test_what_the_reference_uses_is_not_told() -> None:
    assert flagged_names("import ctypes", "import ctypes") == []


@pytest.mark.parametrize(
    "code",
    [
        "keras.mixed_precision.set_global_policy('mixed_float16')",
        "tf.keras.backend.set_floatx('float64')",
        "np.seterr(all='raise')",
        "tf.compat.v1.disable_eager_execution()",
        "tf.config.experimental.enable_op_determinism()",
    ],
)
def test_settings_of_the_whole_process_are_set_back(code: str) -> None:
    """What one TODO sets must not cost another one."""
    assert may_unsettle(code)
    assert flagged_names(code) == []
    assert not may_unsettle("policy = model.dtype_policy")


def test_a_kernel_is_made_fresh_for_less_than_what_is_told() -> None:
    """It costs a second and no reputation: handlers and variables stay behind."""
    assert may_meddle("import signal\nsignal.signal(signal.SIGALRM, print)")
    assert not may_meddle("def f(x):\n    return x")
