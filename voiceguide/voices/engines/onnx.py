"""ONNX Runtime as the neural voices run it: on one thread, and telling nobody.

On one thread sums come in one order, and workers speak side by side. From 1.29 on its wheels report to their
makers over the network what runs on which machine, and leave a device id in the person's cache folder, unless
they are told not to *before* they are imported ("Disabling Telemetry" in its Privacy.md).
"""

from __future__ import annotations

import os
from types import ModuleType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import onnxruntime

UNTOLD: Final = {"ORT_DISABLE_TELEMETRY": "1"}
"""What the environment has to say before ONNX Runtime is imported, by whatever engine."""


def runtime() -> ModuleType:
    """Return the module `onnxruntime`; call this before anything imports it that imports it too."""
    os.environ.update(UNTOLD)
    import onnxruntime

    return onnxruntime  # type: ignore[no-any-return]


def session(model: str | bytes) -> onnxruntime.InferenceSession:
    """Return *model*, a path or an ONNX model's bytes, ready to run; ONNX Runtime's errors are its own."""
    found = runtime()
    options = found.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return found.InferenceSession(model, options, providers=["CPUExecutionProvider"])
