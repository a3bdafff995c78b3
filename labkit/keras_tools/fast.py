"""Small networks at the speed of NumPy.

An agent asks its network ten thousands of times, with one observation each time. A call of a Keras
model with a single row costs a millisecond or more, nearly all of it bookkeeping. `numpy_copy`
writes the model down as the list of its operations, once, and then computes them with NumPy, in
some ten microseconds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

__all__ = ["numpy_copy"]

Operation = Callable[..., Any]
TOLERANCE = 1e-4


def numpy_copy(model: Any) -> Callable[..., Any]:
    """A fast, frozen copy of a Keras model, with the weights that it has at its first call.

        act = numpy_copy(network)  # again after each update: the copy keeps the old weights
        logits, value = act(observation[None])

    Made for small models of Dense layers that are asked with few rows; any other model works too,
    at the speed of `tf.function`.

    Args:
        model: a Keras model, float32 (B, …) → a tensor, or several.

    Returns:
        A function with the outputs of the model, as NumPy arrays that also have TensorFlow's
        `.numpy()`.
    """
    frozen: list[Callable[[np.ndarray], Any]] = []

    def act(observations: Any, **_: Any) -> Any:
        rows = np.asarray(observations, np.float32)
        if not frozen:
            frozen.append(_program(model, rows).freeze())
        return frozen[0](rows)

    return act


class _Array(np.ndarray):
    """An array that can be used where code was written for tensors."""

    def numpy(self) -> np.ndarray:
        return np.asarray(self)


def _wrap(values: Any) -> Any:
    if isinstance(values, (tuple, list)):
        return tuple(_wrap(value) for value in values)
    return np.asarray(values).view(_Array)


_programs: WeakKeyDictionary[Any, _Program] = WeakKeyDictionary()


def _program(model: Any, rows: np.ndarray) -> _Program:
    """The program of a model; traced again for rows of another shape, or with new layers."""
    key = (rows.shape[1:], len(model.variables))
    program = _programs.get(model)
    if program is None or program.key != key:
        model(rows)  # the weights exist from here on
        program = _programs[model] = _Program(model, rows)
    return program


class _Program:
    """The operations of a model in the order of their computation."""

    def __init__(self, model: Any, rows: np.ndarray) -> None:
        import tensorflow as tf

        self.key = rows.shape[1:], len(model.variables)
        signature = tf.TensorSpec((None, *rows.shape[1:]), tf.float32)
        self.function = tf.function(_weakly(model)).get_concrete_function(signature)
        graph = self.function.graph
        self.number = {operation.name: i for i, operation in enumerate(graph.get_operations())}
        self.outputs = [self.number[tensor.op.name] for tensor in graph.outputs]
        single = not isinstance(self.function.structured_outputs, (tuple, list))
        self.pack = (lambda found: found[0]) if single else tuple
        self.steps = self._steps(graph)
        if self.steps is not None and not self._agrees(model, rows):
            self.steps = None

    def _steps(self, graph: Any) -> list[tuple[int, Operation, list[int]]] | None:
        """(place, operation, places of its inputs) for each; None when one is not known here."""
        captured = {tensor.op.name: i for i, tensor in enumerate(graph.internal_captures)}
        self.variables: dict[int, tuple[int, Any]] = {}
        self.constants: dict[int, np.ndarray] = {}
        self.input = self.number[graph.inputs[0].op.name]
        steps = []
        for operation in graph.get_operations():
            place = self.number[operation.name]
            sources = [tensor.op.name for tensor in operation.inputs]
            if operation.type == "ReadVariableOp" and sources[0] in captured:
                self.variables[place] = captured[sources[0]], operation.get_attr("dtype")
            elif operation.type == "Const":
                self.constants[place] = _constant(operation)
            elif operation.type not in ("Placeholder", "NoOp"):
                compute = _OPERATIONS.get(operation.type, _unknown)(operation)
                if compute is None or len(operation.outputs) != 1:
                    return None
                steps.append((place, compute, [self.number[name] for name in sources]))
        return steps

    def freeze(self) -> Callable[[np.ndarray], Any]:
        """The model as a function of rows, with its weights as they are now."""
        import tensorflow as tf

        if self.steps is None:
            frozen = self.function
            return lambda rows: _wrap(frozen(tf.constant(rows)))
        handles = self.function.captured_inputs
        values: list[Any] = [None] * len(self.number)
        for place, (i, dtype) in self.variables.items():
            values[place] = tf.raw_ops.ReadVariableOp(resource=handles[i], dtype=dtype).numpy()
        for place, constant in self.constants.items():
            values[place] = constant
        steps, outputs, start, pack = self.steps, self.outputs, self.input, self.pack

        def run(rows: np.ndarray) -> Any:
            found = values.copy()
            found[start] = rows
            for place, compute, sources in steps:
                found[place] = compute(*[found[source] for source in sources])
            return pack([found[place].view(_Array) for place in outputs])

        return run

    def _agrees(self, model: Any, rows: np.ndarray) -> bool:
        """Whether the list of operations computes what the model computes."""
        probe = np.random.default_rng(0).normal(size=(3, *rows.shape[1:])).astype(np.float32)
        try:
            mine = self.freeze()(probe)
            theirs = model(probe)
            several = isinstance(mine, tuple)
            pairs = list(zip(mine, theirs, strict=True)) if several else [(mine, theirs)]
            same_shapes = all(a.shape == b.shape for a, b in pairs)
            return same_shapes and all(np.allclose(a, b, TOLERANCE, TOLERANCE) for a, b in pairs)
        except Exception:  # any surprise means: take the slow way
            return False


def _weakly(model: Any) -> Callable[[Any], Any]:
    """The model as a function that does not keep it alive, or its program would stay for ever."""
    from weakref import ref

    alive: Callable[[], Any] = ref(model)
    return lambda rows: alive()(rows)


def _constant(operation: Any) -> np.ndarray:
    import tensorflow as tf

    return np.asarray(tf.make_ndarray(operation.get_attr("value")))


def _unknown(operation: Any) -> Operation | None:
    return None


def _simple(compute: Operation) -> Callable[[Any], Operation | None]:
    return lambda operation: compute


def _matmul(operation: Any) -> Operation | None:
    transposed = operation.get_attr("transpose_a") or operation.get_attr("transpose_b")
    return None if transposed else np.matmul


def _cast(operation: Any) -> Operation | None:
    dtype = operation.get_attr("DstT").as_numpy_dtype
    return lambda x: x.astype(dtype, copy=False)


def _squeeze(operation: Any) -> Operation | None:
    axes = tuple(operation.get_attr("squeeze_dims")) or None
    return lambda x: np.squeeze(x, axes)


def _strided_slice(operation: Any) -> Operation:
    """Slices such as [:, 0] and [..., 0].

    The masks are bit fields, one bit for each place of the index.
    """
    names = ("begin", "end", "shrink_axis", "ellipsis", "new_axis")
    masks = {name: operation.get_attr(f"{name}_mask") for name in names}

    def cut(x: np.ndarray, begin: np.ndarray, end: np.ndarray, stride: np.ndarray) -> np.ndarray:
        def part(i: int) -> Any:
            marks = {name for name, mask in masks.items() if mask >> i & 1}
            if special := marks & {"ellipsis", "new_axis"}:
                return Ellipsis if "ellipsis" in special else None
            if "shrink_axis" in marks:
                return int(begin[i])
            first = None if "begin" in marks else int(begin[i])
            last = None if "end" in marks else int(end[i])
            return slice(first, last, int(stride[i]))

        return np.asarray(x[tuple(part(i) for i in range(len(begin)))])

    return cut


def _pack(operation: Any) -> Operation:
    axis = operation.get_attr("axis")
    return lambda *parts: np.stack(parts, axis)


_OPERATIONS: dict[str, Callable[[Any], Operation | None]] = {
    "AddV2": _simple(np.add),
    "BiasAdd": _simple(np.add),
    "Cast": _cast,
    "Elu": _simple(lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0)))),
    "Identity": _simple(lambda x: x),
    "MatMul": _matmul,
    "Maximum": _simple(np.maximum),
    "Mul": _simple(np.multiply),
    "Neg": _simple(np.negative),
    "Pack": _pack,
    "RealDiv": _simple(np.divide),
    "Relu": _simple(lambda x: np.maximum(x, 0)),
    "Reshape": _simple(lambda x, shape: x.reshape(shape)),
    "Shape": _simple(lambda x: np.array(np.shape(x), np.int32)),
    "Sigmoid": _simple(lambda x: 1 / (1 + np.exp(-x))),
    "Squeeze": _squeeze,
    "StridedSlice": _strided_slice,
    "Sub": _simple(np.subtract),
    "Tanh": _simple(np.tanh),
}
