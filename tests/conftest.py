from __future__ import annotations

from hypothesis import HealthCheck, settings

# How long an example takes says how busy the machine is: speed belongs to the benchmarks.
settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")
