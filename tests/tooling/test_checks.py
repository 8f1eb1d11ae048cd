"""What reads the code without the product finds nothing; layers: tests/architecture, front end: test_frontend."""

import subprocess

import pytest

from scripts.check import CHECKS
from scripts.paths import BASE

READERS = [one for one in CHECKS if not one.front and one.name not in ("architecture", "imports")]


@pytest.mark.parametrize("check", READERS, ids=lambda check: check.name)
def test_the_code_passes(check):
    done = subprocess.run(check.command, cwd=BASE, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
