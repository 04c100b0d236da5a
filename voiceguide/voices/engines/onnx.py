"""Runs ONNX Runtime for the neural voices: on one thread, and with telemetry off.

On one thread sums have a fixed order, and workers run side by side. From 1.29 on the wheels report to their
makers which code runs on which machine, and leave a device id in the user's cache folder, unless this is
switched off *before* they are imported ("Disabling Telemetry" in its Privacy.md).
"""

from __future__ import annotations

import os
from types import ModuleType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import onnxruntime

UNTOLD: Final = {"ORT_DISABLE_TELEMETRY": "1"}
"""Environment variables to set before any engine imports ONNX Runtime."""


def runtime() -> ModuleType:
    """Return the module `onnxruntime`; call this before importing any library that imports it."""
    os.environ.update(UNTOLD)
    import onnxruntime

    return onnxruntime  # type: ignore[no-any-return]


def session(model: str | bytes) -> onnxruntime.InferenceSession:
    """Return *model*, a path or an ONNX model's bytes, ready to run; raises ONNX Runtime's own errors."""
    found = runtime()
    options = found.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return found.InferenceSession(model, options, providers=["CPUExecutionProvider"])
