# SPDX-License-Identifier: Apache-2.0
"""The version, from the one place that says it (pyproject.toml)."""

from importlib import metadata


def version() -> str:
    """The installed version; "0+unknown" when the app runs from files that were never installed."""
    try:
        return metadata.version("weighbridge")
    except metadata.PackageNotFoundError:
        return "0+unknown"
