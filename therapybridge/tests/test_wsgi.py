"""What web servers load."""

import subprocess
import sys

PRINT_COUNTS = "import gc, therapybridge.wsgi; print(gc.get_freeze_count(), len(gc.get_objects()))"


def test_the_collector_leaves_the_loaded_code_alone():
    printed = subprocess.run([sys.executable, "-c", PRINT_COUNTS], check=True, capture_output=True, text=True).stdout
    frozen, left = map(int, printed.split()[-2:])
    assert left < frozen / 10
