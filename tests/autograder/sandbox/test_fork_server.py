"""What the fork server prepares for every kernel."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from typing import Any

import numpy as np

from autograder.model.cell_run import CellRun
from autograder.running.session import Session
from autograder.sandbox.warm_server import WarmServer
from autograder.workspace.course import Limits

OPERATIONS = """
import json
import keras
import numpy as np
import tensorflow as tf
rng = np.random.default_rng(5)
keras.utils.set_random_seed(5)
model = keras.Sequential([keras.layers.Embedding(7, 4), keras.layers.LSTM(3, return_sequences=True)])
model.add(keras.layers.Dense(7))
optimizer = keras.optimizers.Adam(0.1)
x = rng.integers(0, 7, (2, 5))

def step():
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(x, model(x), from_logits=True))
    optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
    return loss

losses = [float(step()) for _ in range(3)] + [float(tf.function(step)()) for _ in range(2)]
try:
    tf.matmul(tf.ones((2, 3)), tf.ones((2, 3)))
except tf.errors.InvalidArgumentError as error:
    message = str(error)
values = {"losses": losses, "drawn": tf.random.normal((3,)).numpy().tolist(), "weights": float(model.weights[0][0, 0])}
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
