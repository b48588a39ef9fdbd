# SPDX-License-Identifier: Apache-2.0
"""The words of the trade: frozen models shared by every layer of core and by the window."""
