# SPDX-License-Identifier: Apache-2.0
"""Project files: a project to bytes and back, also from every older format."""

from core.persist.project_file import PROJECT_KIND, PROJECT_SUFFIX, dumps, loads

__all__ = ["PROJECT_KIND", "PROJECT_SUFFIX", "dumps", "loads"]
