"""How properties are tried here: as fast as the machine happens to be."""

from hypothesis import HealthCheck, settings

# A loaded machine, or the first run of a fresh checkout, which makes tables of Unicode, is no fault of the code.
settings.register_profile("unit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unit")
