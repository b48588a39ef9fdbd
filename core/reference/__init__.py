# SPDX-License-Identifier: Apache-2.0
"""Reference tables: accelerators, base models, grid factors. Data with provenance (resources/reference/PROVENANCE.md)."""

from core.reference.rows import Accelerator, BaseModelRow, GridRow, Match, ThroughputRow
from core.reference.tables import Reference, load_reference

__all__ = ["Accelerator", "BaseModelRow", "GridRow", "Match", "Reference", "ThroughputRow", "load_reference"]
