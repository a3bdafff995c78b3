"""What a kernel sends: cut at the source for the honest, read with limits from everybody else."""

from __future__ import annotations

import asyncio
import contextlib
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ipykernel.iostream import IOPubThread, OutStream
from jupyter_client.session import Session

from autograder.running.deadline import LATE_MESSAGES, Deadline
from autograder.running.messages import plain_text, read_message
from autograder.sandbox.output_limits import OutputLimits, limits_text
from autograder.sandbox.patches import flush_without_waiting
from autograder.sandbox.zmtp import GREETING, BrokenChannelError, Channel
from labkit.probes import MIME

READY = b"\x04\x19\x05READY\x0bSocket-Type\x00\x00\x00\x03PUB"


def received(tmp_path: Path, sent: bytes, messages: int = 1) -> list[list[bytes]]:
    """What a channel makes of the bytes that a peer sends."""

    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(sent)
        writer.write_eof()
        # Until the channel is closed: since Python 3.12.1 a server ends after its connections.
        with contextlib.suppress(ConnectionError):
            await reader.read()
        writer.close()

    async def go() -> list[list[bytes]]:
        server = await asyncio.start_unix_server(peer, str(tmp_path / "socket"))
        async with server:
            channel = await Channel.connect(tmp_path / "socket", "SUB", max_bytes=1000)
            try:
                return [await channel.receive() for _ in range(messages)]
            finally:
                channel.close()

    return asyncio.run(asyncio.wait_for(go(), 10))


def frame(body: bytes, flags: int = 0) -> bytes:
    return bytes([flags | 2]) + len(body).to_bytes(8, "big") + body


def test_messages_of_several_frames(tmp_path: Path) -> None:
    """Short and long frames, commands between them."""
    sent = GREETING + READY + b"\x01\x03one" + b"\x04\x05\x04PING" + frame(b"t" * 300) + b"\x00\x00"
    assert received(tmp_path, sent, 2) == [[b"one", b"t" * 300], [b""]]


@pytest.mark.parametrize(
    "sent",
    [
        b"HTTP/1.1 200 OK\r\n" * 9,
        GREETING,
        GREETING[:12] + b"CURVE".ljust(52, b"\0") + READY,
        GREETING + READY,
        GREETING + READY + frame(b"x" * 1001),
        GREETING + READY + b"\x02" + b"\xff" * 8,
        GREETING + READY + frame(b"x" * 100, 1) * 11,
        GREETING + READY + frame(b"", 1) * 1000,
        GREETING + READY + frame(b"", 4) * 1000,
        GREETING + READY + b"\x00\x05abc",
    ],
    ids=["other", "half", "curve", "end", "large", "huge", "sum", "frames", "commands", "cut"],
)
def test_what_no_kernel_sends_ends_the_channel(tmp_path: Path, sent: bytes) -> None:
    """Too large, too many, too short, or another protocol: an error, never a wait and never
    memory."""
    with pytest.raises(BrokenChannelError):
        received(tmp_path, sent)


def frames(kind: Any, content: bytes) -> list[bytes]:
    header = json.dumps({"msg_type": kind}).encode()
    return [b"topic", b"<IDS|MSG>", b"signature", header, b'{"msg_id": "7"}', b"{}", content]


@pytest.mark.parametrize(
    "broken",
    [
        [],
        [b"<IDS|MSG>"],
        [b"<IDS|MSG>", b"", b"[]", b"{}", b"{}", b"{}"],
        [b"<IDS|MSG>", b"", b"\xff", b"{}", b"{}", b"{}"],
        frames("status", b"[1, 2]"),
        frames("status", b"[" * 50_000),
        frames("status", b'{"a": [' + b"[]," * 200 + b"1]}"),
        frames("x" * 30_000, b"{}"),
    ],
)
def test_a_mangled_message_is_none(broken: list[bytes]) -> None:
    """It says nothing and still counts against the limits."""
    message = read_message(broken, max_parts=100)
    assert (message.kind, message.content) == ("", {})
    assert message.size >= 1000


def test_only_what_matters_is_parsed() -> None:
    """A status is read; the content of a message that decides nothing is not even looked at."""
    assert read_message(frames("status", b'{"execution_state": "idle"}'), 100).content == {
        "execution_state": "idle"
    }
    assert read_message(frames("execute_reply", b"not json"), 100)[:3] == ("execute_reply", "7", {})


@pytest.mark.parametrize(
    ("value", "text"), [("a\ud800b", "a?b"), (["x"], ""), (None, ""), ("x" * 9, "xxxxx")]
)
def test_texts_can_be_stored(value: Any, text: str) -> None:
    """No lone surrogates, no other types, no great length."""
    assert plain_text(value, 5) == text


def sent(limits: OutputLimits, kind: str, **content: Any) -> Any:
    return limits.send(None, kind, content)


@pytest.fixture
def limits() -> OutputLimits:
    """Limits of 1024 characters and 1 MB, and nothing that sends."""
    return OutputLimits.from_text(limits_text(1, 1), lambda stream, message, content: content)


def test_text_is_cut_per_cell(limits: OutputLimits) -> None:
    """A thousand characters go through, then nothing, until the next cell begins."""
    assert sent(limits, "stream", text="x" * 1000)["text"] == "x" * 1000
    assert sent(limits, "stream", text="y" * 1000)["text"] == "y" * 24
    assert sent(limits, "stream", text="z") is None
    sent(limits, "status", execution_state="busy")
    assert sent(limits, "stream", text="z")["text"] == "z"


def test_values_are_cut_per_cell(limits: OutputLimits) -> None:
    """The report of a value beyond the limit says that it was too large, and stays a report."""
    small, large = ({"label": "v", "value": {"text": "x" * size}} for size in (1000, 2_000_000))
    report = {"case": "one", "probes": [small]}
    assert sent(limits, "display_data", data={MIME: report, "text/html": "x"}) == {
        "data": {MIME: report}
    }
    cut = sent(limits, "display_data", data={MIME: {"case": "two", "probes": [small, large]}})[
        "data"
    ][MIME]
    assert cut == {
        "case": "two",
        "probes": [small, {"label": "v", "value": {"other": "a value too large to be reported"}}],
    }


class Line(IOPubThread):
    """The thread that sends, stopped: what is to be done waits in a line, and what is to be sent is
    noted."""

    def __init__(self) -> None:  # without a socket of its own
        self.io_loop: Any = SimpleNamespace(call_later=lambda seconds, f: None)
        self.line: list[Any] = []
        self.sent: list[bytes] = []

    def schedule(self, f: Any) -> None:
        self.line.append(f)

    def _really_send(self, msg: Any, *_: Any, **__: Any) -> None:
        self.sent.append(msg[0])


def test_no_text_comes_after_the_end_of_its_cell(limits: OutputLimits) -> None:
    """The end of a cell is sent when its text stands in line: behind it, one text of a hundred was
    lost."""
    thread, session = Line(), Session()
    stream = OutStream(session, thread, "stdout", watchfd=False)
    stream.write("text")
    flush_without_waiting(stream, limits)
    session.send(thread, "status", ident=b"end")
    while thread.line:
        thread.line.pop(0)()
    assert thread.sent == [b"stream.stdout", b"end"]


@pytest.mark.parametrize(
    "kind", ["execute_input", "execute_result", "comm_open", "update_display_data"]
)
def test_what_an_exam_does_not_need_is_not_sent(limits: OutputLimits, kind: str) -> None:
    """Pictures, widgets and echoes stay in the kernel."""
    assert sent(limits, kind, data={"image/png": "x"}) is None
    assert sent(limits, "display_data", data={"text/html": "x"}) is None


def test_errors_are_short(limits: OutputLimits) -> None:
    """The end of a traceback is kept."""
    error = sent(
        limits, "error", ename="E" * 99, evalue="v" * 9999, traceback=[str(i) for i in range(99)]
    )
    assert (len(error["ename"]), len(error["evalue"]), error["traceback"][-1]) == (80, 2000, "98")


def test_waiting_for_a_processor_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit grows by the time without a processor, three times at most; then late messages are
    still read."""
    clock = {"now": 100.0, "waited": 5.0}
    monkeypatch.setattr("autograder.running.deadline.time.monotonic", lambda: clock["now"])
    monkeypatch.setattr("autograder.running.deadline._waited", lambda pid: clock["waited"])
    deadline = Deadline(4, pid=1)
    clock.update(now=106, waited=8.0)
    assert (deadline.left(), deadline.over) == (1.0, False)
    clock.update(now=113, waited=99.0)
    assert [deadline.left() for _ in range(LATE_MESSAGES + 2)] == [0.1] * (LATE_MESSAGES - 1) + [
        0.0
    ] * 3
    assert deadline.over
