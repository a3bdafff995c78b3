"""Messages that are none: wrong types everywhere, deep nesting, a million lists."""
import json

from IPython import get_ipython

kernel = get_ipython().kernel
MIME = "application/vnd.labkit.probe+json"


def double(x):
    session, parent = kernel.session, kernel.get_parent("shell")["header"]
    head = json.dumps({"msg_type": "display_data", "msg_id": "1", "version": "5.3"})
    bodies = ["[" * 100_000, "[" + "[]," * 2_000_000 + "1]", "{}", "null", '{"data": 7}', '{"data": {"' + MIME + '": [[]]}}']
    bodies += ['{"data": {"' + MIME + '": ' + json.dumps(report) + "}}" for report in (
        {"case": {}, "probes": [{"label": [], "value": 1}]},
        {"case": "random vector 0", "probes": [{"label": "result", "value": {"array": {"dtype": "O", "shape": [5], "data": ""}}}]},
        {"case": "random vector 0", "probes": [7, {"label": "result", "value": {"int": "9" * 699}}]},
        {"case": "random vector 0", "error": {"type": ["x"], "lines": "LEAK-" + "5c20"}},
        {"case": "random vector 1", "probes": "result"},
        {"case": "random vector 1", "probes": {"label": 1}, "error": "\ud800 LEAK-" + "5c20"},
    )]
    for body in bodies:
        frames = [head.encode(), json.dumps(parent, default=str).encode(), b"{}", body.encode()]
        kernel.iopub_socket.send_multipart([b"", b"<IDS|MSG>", session.sign(frames), *frames])
    kernel.iopub_socket.send_multipart([b"<IDS|MSG>"])
    kernel.iopub_socket.send_multipart([b""] * 40)
    stream = {"name": "stdout", "text": "\udc00"}
    frames = [head.replace("display_data", "stream").encode(), json.dumps(parent, default=str).encode(), b"{}", json.dumps(stream).encode()]
    kernel.iopub_socket.send_multipart([b"<IDS|MSG>", session.sign(frames), *frames])
    return np.asarray(x) * 3.0
