# SPDX-License-Identifier: Apache-2.0
"""The command line: the same core without a window. Output format 1 is stable and documented in docs/cli.md."""

from core.cli.main import COMMANDS, main

__all__ = ["COMMANDS", "main"]
