# SPDX-License-Identifier: Apache-2.0
"""Small reusable widgets. None of them knows the project."""
