# SPDX-License-Identifier: Apache-2.0
"""Where the frozen app starts: the window and the command line in one program."""

import sys

from gui.__main__ import main

sys.exit(main())
