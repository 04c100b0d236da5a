from __future__ import annotations

import signal

from hypothesis import HealthCheck, settings

# How long an example takes says how busy the machine is: speed belongs to the benchmarks.
settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")

# Who starts the tests in the background has Ctrl-C ignored, here and in every process started from here.
signal.signal(signal.SIGINT, signal.default_int_handler)
