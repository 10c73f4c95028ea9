#!/usr/bin/env python3
"""Run, test and build Dayroom: `python3 dev.py run`, `python3 dev.py test`; it needs nothing but Python 3.11."""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):
    sys.exit("[dev] Dayroom needs Python 3.11 or newer; this is %d.%d" % sys.version_info[:2])  # noqa: UP031

from toolchain import environment  # noqa: E402
from toolchain.steps import alone

if __name__ == "__main__":
    with alone():
        environment.install()
        environment.install("requirements-test.lock")
