# SPDX-License-Identifier: Apache-2.0
"""python -m core.cli: the outermost edge, where the clock is read."""

import datetime
import sys

from core.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], today=datetime.datetime.now().astimezone().date()))
