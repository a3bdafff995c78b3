"""Caps on what a kernel sends: text is cut, pictures and widgets stay, values have a size limit per
cell.

Cut at the source, so that 300,000 printed lines, or one of 50 MB, cost an honest student nothing
but the text.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from labkit.probes import MIME

__all__ = ["CAPS", "Caps", "caps_text"]

CAPS = "AUTOGRADER_CAPS"
"""The environment variable that makes a kernel an exam kernel."""

LEAST_TEXT = 100
"""A piece of text counts as at least so many characters, because its envelope has hundreds."""

TOO_LARGE = {"other": "a value too large to be reported"}
SILENT = frozenset(
    [
        "clear_output",
        "comm_close",
        "comm_msg",
        "comm_open",
        "debug_event",
        "execute_input",
        "execute_result",
        "update_display_data",
    ]
)


def caps_text(output_kb: float, value_mb: float) -> str:
    """The caps as the environment variable holds them: characters of text and bytes of values per
    cell."""
    return f"{int(output_kb * 1024)} {int(value_mb * 2**20)}"


class Caps:
    """Stands between a kernel and its ``session.send``."""

    def __init__(self, text: int, values: int, send: Callable[..., Any]) -> None:
        self.text, self.values, self.send_on = text, values, send
        self.text_left, self.values_left = text, values

    @classmethod
    def from_text(cls, text: str, send: Callable[..., Any]) -> Caps:
        first, second = map(int, text.split())
        return cls(first, second, send)

    def send(
        self, stream: Any, message: Any, content: Any = None, *arguments: Any, **options: Any
    ) -> Any:
        """``Session.send``, with the content cut or the whole message left out."""
        whole = isinstance(message, dict)
        kind, body = (
            (message["header"]["msg_type"], message["content"]) if whole else (message, content)
        )
        body = self.cut(str(kind), body or {})
        if body is None:
            return None
        if whole:
            return self.send_on(
                stream, {**message, "content": body}, content, *arguments, **options
            )
        return self.send_on(stream, message, body, *arguments, **options)

    def cut(self, kind: str, body: dict[str, Any]) -> dict[str, Any] | None:
        """The content to be sent, or None when the message is left out."""
        if kind in SILENT:
            return None
        if kind == "stream":
            return self._stream(body)
        if kind == "display_data":
            return (
                {**body, "data": {MIME: self._report(body["data"][MIME])}}
                if MIME in body["data"]
                else None
            )
        if kind == "status" and body.get("execution_state") == "busy":
            self.text_left, self.values_left = self.text, self.values
        if kind == "error" or (kind == "execute_reply" and "traceback" in body):
            body = _short_error(body)
        return {**body, "payload": []} if "payload" in body else body

    def _stream(self, body: dict[str, Any]) -> dict[str, Any] | None:
        room, self.text_left = (
            self.text_left,
            max(self.text_left - max(len(body["text"]), LEAST_TEXT), 0),
        )
        return {**body, "text": body["text"][:room]} if room else None

    def _report(self, report: Any) -> Any:
        if not isinstance(report, dict) or not isinstance(report.get("probes"), list):
            return report  # none of ours: the grader will say what it thinks of it
        return {**report, "probes": [self._probe(probe) for probe in report["probes"]]}

    def _probe(self, probe: dict[str, Any]) -> dict[str, Any]:
        self.values_left -= len(json.dumps(probe)) * 3 // 4  # arrays travel as base64
        return probe if self.values_left >= 0 else {**probe, "value": TOO_LARGE}


def _short_error(body: dict[str, Any]) -> dict[str, Any]:
    trace = [str(line)[:2000] for line in body["traceback"][-30:]]
    return {
        **body,
        "ename": str(body["ename"])[:80],
        "evalue": str(body["evalue"])[:2000],
        "traceback": trace,
    }
