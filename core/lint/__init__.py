# SPDX-License-Identifier: Apache-2.0
"""`weighbridge check`: what is wrong or weak in somebody's card and folder, before the upload."""

from core.lint.problem import RULES, Level, Problem, Report
from core.lint.run import in_order, lint

__all__ = ["RULES", "Level", "Problem", "Report", "in_order", "lint"]
