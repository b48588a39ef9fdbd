# SPDX-License-Identifier: Apache-2.0
"""One reader per file format: a small module with NAME, EVERY_PLACE, matches and read."""
