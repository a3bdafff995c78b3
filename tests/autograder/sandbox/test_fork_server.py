"""What the fork server prepares for every kernel."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from autograder.model.cell_run import CellRun
from autograder.running.session import Session
from autograder.sandbox.warm_server import WarmServer
from autograder.workspace.course import Limits

OPERATIONS = """
import json
import os
import signal
import keras
import numpy as np
import tensorflow as tf
rng = np.random.default_rng(5)
keras.utils.set_random_seed(5)
model = keras.Sequential([keras.layers.Embedding(7, 4)])
model.add(keras.layers.LSTM(3, return_sequences=True))
model.add(keras.layers.Dense(7))
optimizer = keras.optimizers.Adam(0.1)
x = rng.integers(0, 7, (2, 5))

def step():
    with tf.GradientTape() as tape:
        losses = keras.losses.sparse_categorical_crossentropy(x, model(x), from_logits=True)
        loss = tf.reduce_mean(losses)
    optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
    return loss

losses = [float(step()) for _ in range(3)] + [float(tf.function(step)()) for _ in range(2)]
try:
    tf.matmul(tf.ones((2, 3)), tf.ones((2, 3)))
except tf.errors.InvalidArgumentError as error:
    message = str(error)
values = {"losses": losses, "drawn": tf.random.normal((3,)).numpy().tolist()}
values["weights"] = float(model.weights[0][0, 0])
print(json.dumps([values, message]))
"""


def run_in_sandbox(code: str) -> CellRun:
    """One cell in a kernel that a fork server with TensorFlow has made."""

    async def go(server: WarmServer) -> CellRun:
        async with Session(server, level="namespaces", limits=Limits()) as session:
            return await session.run(code, 60)

    with WarmServer(("tensorflow",)) as server:
        return asyncio.run(go(server))


def read(printed: str) -> tuple[dict[str, Any], str]:
    """The values that the operations gave, and how TensorFlow words a mistake."""
    values, message = json.loads(printed.splitlines()[-1])
    return values, message


def test_operations_run_directly_in_kernels_and_give_the_same_numbers() -> None:
    """Also inside tf.function, by a seed, and in an update of an optimizer with a memory."""
    done = subprocess.run(
        [sys.executable, "-c", OPERATIONS], capture_output=True, text=True, check=True
    )
    usual, usual_message = read(done.stdout)
    ran = run_in_sandbox(OPERATIONS)
    assert ran.status == "ok", ran.error
    direct, message = read(ran.text)
    assert "__wrapped__" in usual_message, (
        "TensorFlow makes a function of every operation, unless asked not to"
    )
    assert "__wrapped__" not in message
    assert direct.keys() == usual.keys()
    for name, values in usual.items():
        np.testing.assert_allclose(direct[name], values, rtol=1e-5, err_msg=name)


def test_without_tensorflow_there_is_nothing_to_prepare() -> None:
    prepare = "from autograder.sandbox.patches import run_operations_directly as prepare; prepare()"
    code = f"import sys; {prepare}; print('tensorflow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


LAZY = """
import lazy_loader
__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submod_attrs={"part": ["thing"]})
"""


def make_package(folder: Path) -> None:
    """A package whose part is loaded when it is first used, and which notes what is called."""
    package = folder / "warm_example"
    package.mkdir()
    (package / "__init__.py").write_text(LAZY)
    (package / "part.py").write_text("calls = []\ndef thing():\n    calls.append(1)\n")
    (package / "other.py").write_text("")
    (package / "broken.py").write_text("raise RuntimeError('broken on purpose')\n")


def warmed(folder: Path, *names: str) -> tuple[list[str], str]:
    """Modules of the package, and calls, after a process has prepared ``names``; and its log."""
    code = (
        f"import sys; sys.path.insert(0, {str(folder)!r})\n"
        "from autograder.sandbox.fork_server import warm_up_all\n"
        "warm_up_all(sys.argv[1:])\n"
        "part = sys.modules.get('warm_example.part')\n"
        "found = sorted(name for name in sys.modules if name.startswith('warm_example'))\n"
        "print(*found, *(['called'] * len(part.calls) if part else []))"
    )
    command = [sys.executable, "-c", code, *names]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.split(), done.stderr


def test_a_name_says_what_is_warm(tmp_path: Path) -> None:
    """A module is imported, an attribute is looked up, a function is called: no more than that."""
    make_package(tmp_path)
    whole, part = "warm_example", "warm_example.part"
    assert warmed(tmp_path, "warm_example") == ([whole], "")
    assert warmed(tmp_path, "warm_example:thing") == ([whole, part], "")
    assert warmed(tmp_path, "warm_example:thing()") == ([whole, part, "called"], "")
    assert warmed(tmp_path, "warm_example.part:thing") == ([whole, part], "")
    assert warmed(tmp_path, "warm_example:other") == ([whole, "warm_example.other"], "")


def test_what_cannot_be_prepared_is_a_line_of_the_log(tmp_path: Path) -> None:
    """And the names after it are prepared all the same."""
    make_package(tmp_path)
    names = (
        "no_such_module",
        "warm_example:no_such_part",
        "warm_example.broken",
        "warm_example:thing",
    )
    modules, log = warmed(tmp_path, *names)
    assert modules == ["warm_example", "warm_example.part"]
    assert [line.split(":")[0] for line in log.splitlines()] == [
        f"The fork server cannot prepare {name}".split(":")[0] for name in names[:3]
    ]
    assert "RuntimeError: broken on purpose" in log


def test_a_lab_without_tensorflow_gets_a_server_without_it() -> None:
    """Neither the server itself nor anything that every kernel needs imports it."""

    async def go(server: WarmServer) -> CellRun:
        async with Session(server, level="namespaces", limits=Limits()) as session:
            look = "import sys; print([n in sys.modules for n in ('numpy', 'tensorflow', 'keras')])"
            return await session.run(look, 20)

    with WarmServer(("numpy",)) as server:
        ran = asyncio.run(go(server))
    assert ran.text == "[True, False, False]\n", ran.error


def test_a_kernel_ends_with_its_monitor() -> None:
    """The system kills a monitor when memory is short: nobody would watch its kernel any more."""

    async def go(server: WarmServer) -> bool:
        async with Session(server, level="namespaces", limits=Limits()) as session:
            await session.run("1", 20)
            os.kill(session.manager.provisioner.warm.pid, signal.SIGKILL)
            for _ in range(100):
                await asyncio.sleep(0.05)
                if not Path(f"/proc/{session.kernel}").exists():
                    return True
            return False

    with WarmServer() as server:
        assert asyncio.run(go(server))
