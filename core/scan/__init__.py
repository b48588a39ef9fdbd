# SPDX-License-Identifier: Apache-2.0
"""Folder in, facts out: reads what training tools left behind, header only, never out of the folder."""

from core.scan.hashing import FileHash, HashProgress, hash_files
from core.scan.require import require_model
from core.scan.scanner import scan_path
from core.scan.types import ScanProgress

__all__ = ["FileHash", "HashProgress", "ScanProgress", "hash_files", "require_model", "scan_path"]
