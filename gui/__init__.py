# SPDX-License-Identifier: Apache-2.0
"""The window: thin Qt widgets over core. Everything that is decided is decided in core."""
