"""Output limits of a kernel: text is cut, pictures and widgets are not sent, values have a size
limit per cell.

Cut at the source, so that 300,000 printed lines, or one of 50 MB, cost an honest student nothing
but the text.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from labkit.probes import MIME

__all__ = ["TOO_LARGE", "VARIABLE", "OutputLimits", "limits_text"]

VARIABLE = "AUTOGRADER_OUTPUT_LIMITS"
"""The environment variable that makes a kernel an exam kernel."""

LEAST_TEXT = 100
"""A piece of text counts as at least so many characters, because its envelope has hundreds."""

TOO_LARGE = {"other": "a value too large to be reported"}
"""What is reported in the place of a value beyond the limit."""

NOT_SENT = frozenset(
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
"""Kinds of messages that decide nothing in an exam."""


def limits_text(output_kb: float, value_mb: float) -> str:
    """The limits as the environment variable holds them: characters of text and bytes of values,
    both per cell."""
    return f"{int(output_kb * 1024)} {int(value_mb * 2**20)}"


class OutputLimits:
    """Limits what a kernel passes to its ``session.send``.

    Args:
        text: characters of text that a cell may print.
        values: bytes of values that a cell may report.
        send: the session's own ``send``.
    """

    def __init__(self, text: int, values: int, send: Callable[..., Any]) -> None:
        self.text, self.values, self.send_unlimited = text, values, send
        self.text_left, self.values_left = text, values

    @classmethod
    def from_text(cls, text: str, send: Callable[..., Any]) -> OutputLimits:
        """The limits that :func:`limits_text` has written."""
        characters, size = map(int, text.split())
        return cls(characters, size, send)

    def send(
        self, stream: Any, message: Any, content: Any = None, *arguments: Any, **options: Any
    ) -> Any:
        """``Session.send``, with the content cut, or the whole message left out.

        Like it, takes either a whole message (a dict, for which ``content`` is not used) or the
        kind of a message and its content.
        """
        if isinstance(message, dict):
            body = self.cut(str(message["header"]["msg_type"]), message["content"] or {})
            if body is None:
                return None
            message = {**message, "content": body}
        else:
            content = self.cut(str(message), content or {})
            if content is None:
                return None
        return self.send_unlimited(stream, message, content, *arguments, **options)

    def cut(self, kind: str, content: dict[str, Any]) -> dict[str, Any] | None:
        """The content to be sent, or None when the message is left out."""
        if kind in NOT_SENT:
            return None
        if kind == "stream":
            return self._cut_text(content)
        if kind == "display_data":
            return self._cut_display(content)
        # "busy" opens a cell: its limits begin anew.
        if kind == "status" and content.get("execution_state") == "busy":
            self.text_left, self.values_left = self.text, self.values
        if kind == "error" or (kind == "execute_reply" and "traceback" in content):
            content = _short_error(content)
        # Help texts and the like, for a frontend's pager.
        return {**content, "payload": []} if "payload" in content else content

    def _cut_text(self, content: dict[str, Any]) -> dict[str, Any] | None:
        room = self.text_left
        self.text_left = max(room - max(len(content["text"]), LEAST_TEXT), 0)
        return {**content, "text": content["text"][:room]} if room else None

    def _cut_display(self, content: dict[str, Any]) -> dict[str, Any] | None:
        """Of all that can be displayed, only the report of a case is sent."""
        if MIME not in content["data"]:
            return None
        report = content["data"][MIME]
        # A report of another form is none of labkit's; the grader deals with it.
        if isinstance(report, dict) and isinstance(report.get("probes"), list):
            probes = [self._cut_probe(probe) for probe in report["probes"]]
            report = {**report, "probes": probes}
        return {**content, "data": {MIME: report}}

    def _cut_probe(self, probe: dict[str, Any]) -> dict[str, Any]:
        # Arrays travel as base64, of which four characters are three bytes.
        self.values_left -= len(json.dumps(probe)) * 3 // 4
        return probe if self.values_left >= 0 else {**probe, "value": TOO_LARGE}


def _short_error(content: dict[str, Any]) -> dict[str, Any]:
    """An error with the end of its traceback, none of its texts too long to be read."""
    trace = [str(line)[:2000] for line in content["traceback"][-30:]]
    return {
        **content,
        "ename": str(content["ename"])[:80],
        "evalue": str(content["evalue"])[:2000],
        "traceback": trace,
    }
