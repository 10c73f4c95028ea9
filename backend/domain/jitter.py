"""Random parts of a pause, so that those who collided do not collide again."""

from random import SystemRandom


def jitter(low: float, high: float) -> float:
    """Draws from the system's own source: whoever seeds `random`, as tests do, finds it as it was."""
    return SystemRandom().uniform(low, high)
