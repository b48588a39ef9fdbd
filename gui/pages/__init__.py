# SPDX-License-Identifier: Apache-2.0
"""One thin page for each step of the wizard."""
