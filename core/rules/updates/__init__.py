# SPDX-License-Identifier: Apache-2.0
"""Newer rules without a newer app: one signed file, checked before anything in it is believed."""

from core.rules.updates.changes import RuleChange, rule_changes
from core.rules.updates.installed import InUse, Shelf, in_use, own_shelf, read_limited
from core.rules.updates.keys import Key, shipped_keys
from core.rules.updates.pack import RULEBOOK_SUFFIX, RefusedRulebook, open_newer

__all__ = [
    "RULEBOOK_SUFFIX",
    "InUse",
    "Key",
    "RefusedRulebook",
    "RuleChange",
    "Shelf",
    "in_use",
    "open_newer",
    "own_shelf",
    "read_limited",
    "rule_changes",
    "shipped_keys",
]
