# SPDX-License-Identifier: Apache-2.0
"""From a configuration and what was done to the operations, energy and accounts of a training run.

`core.compute.flops` alone needs nothing but the standard library, so this package imports nothing at its start.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.domain.footprint import Footprint
    from core.domain.known import Known
    from core.reference import Reference

__all__ = ["weigh"]


def weigh(known: "Known", reference: "Reference") -> "Footprint":
    """Weigh one release: parameters, witnesses, accounts, energy. Pure; missing facts give None and reasons."""
    from core.compute.weighing import weigh as weigh_all

    return weigh_all(known, reference)
