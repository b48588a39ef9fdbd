# SPDX-License-Identifier: Apache-2.0
"""Weighbridge core: everything the app knows and can do, without Qt, network or clock."""
