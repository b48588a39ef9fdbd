# SPDX-License-Identifier: Apache-2.0
"""The rulebook that the command line judges by, and the folder where a loaded one lies."""

import os
import sys
from pathlib import Path

from core.rules import RuleBook
from core.rules.updates import Shelf, in_use

DATA_FOLDER = "WEIGHBRIDGE_DATA"
"""The environment variable that names another folder for what the app keeps."""


def shelf() -> Shelf:
    """Where a loaded rulebook lies: in the person's data folder, the same for window and command line."""
    named = os.environ.get(DATA_FOLDER)
    if named:
        return Shelf(Path(named) / "rules")
    import platformdirs

    return Shelf(platformdirs.user_data_path("weighbridge", appauthor=False) / "rules")


def rulebook() -> RuleBook:
    """The rulebook in use. Says on stderr why a loaded one is passed over."""
    found = in_use(shelf())
    if found.problem is not None:
        print(found.problem, file=sys.stderr)
    return found.book
