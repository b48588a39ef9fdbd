# SPDX-License-Identifier: Apache-2.0
"""From a configuration and what was done to the operations, energy and accounts of a training run."""

from core.compute.weigh import weigh

__all__ = ["weigh"]
