# SPDX-License-Identifier: Apache-2.0
"""The frozen app starts here."""

import sys

from gui.frozen import main

sys.exit(main())
