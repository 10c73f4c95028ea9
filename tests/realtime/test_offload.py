"""Work that computes holds up nobody, on either engine."""

from __future__ import annotations

import subprocess
import sys

import pytest

from toolchain.steps import ROOT

PROGRAM = """
import sys
engine = sys.argv[1]
if engine == "eventlet":
    import warnings
    warnings.simplefilter("ignore")
    import eventlet
    eventlet.monkey_patch()
import hashlib, threading, time
from flask import Flask
from backend.realtime.fanout import Fanout

fanout = Fanout(Flask("x"), engine, per_address=10)
ticks, over = [], []

def tick():
    while not over:
        ticks.append(time.monotonic())
        fanout.sleep(0.005)

def compute():
    hashlib.pbkdf2_hmac("sha256", b"", b"", 400_000)
    return 42

def fail():
    raise KeyError("yes")

fanout.spawn(tick)
fanout.sleep(0.02)
begun = time.monotonic()
assert fanout.offload(compute) == 42
took = time.monotonic() - begun
over.append(True)
meanwhile = [at for at in ticks if begun < at < begun + took]
assert len(meanwhile) > 5, (took, meanwhile)
try:
    fanout.offload(fail)
except KeyError as error:
    assert error.args == ("yes",)
else:
    raise AssertionError
"""


@pytest.mark.alone
@pytest.mark.parametrize("engine", ["eventlet", "threading"])
def test_others_go_on_while_work_computes_and_its_result_and_error_come_back(engine: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, engine], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
