# SPDX-License-Identifier: Apache-2.0
"""Spares the start a habit of PySide: it reads the source of every module imported after it.

It looks there for the word "PySide6", because such modules may switch on another way of writing Qt's names
(`from __feature__ import snake_case`). Nobody here does. In a frozen app, where there is no source, it finds none
and goes on just the same; so this is what every installed copy does anyway. It saves about 0.4 ms a module, and the
text of every module in memory.
"""

import sys


def read_no_sources() -> bool:
    """Answer for PySide that no module uses the feature; tells whether this PySide asks at all."""
    feature = sys.modules.get("shibokensupport.feature")
    if feature is None or "_mod_uses_pyside" not in vars(feature):
        return False
    vars(feature)["_mod_uses_pyside"] = lambda _module: False
    return True
