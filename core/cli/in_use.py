# SPDX-License-Identifier: Apache-2.0
"""The rulebook that the command line judges by."""

import sys

from core.rules import RuleBook
from core.rules.updates import in_use, own_shelf


def rulebook() -> RuleBook:
    """The rulebook in use. Says on stderr why a loaded one is passed over."""
    found = in_use(own_shelf())
    if found.problem is not None:
        print(found.problem, file=sys.stderr)
    return found.book
