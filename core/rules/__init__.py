# SPDX-License-Identifier: Apache-2.0
"""Rules: a dated, sourced rulebook, and the judgement of one release on one day."""

from core.rules.assess import Judgement, judge
from core.rules.load import load_rulebook
from core.rules.rulebook import RuleBook, Rules

__all__ = ["Judgement", "RuleBook", "Rules", "judge", "load_rulebook"]
