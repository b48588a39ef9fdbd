# SPDX-License-Identifier: Apache-2.0
"""Licences of base models: what they ask of a derivative, and the EU free-and-open test."""

from core.licences.conflicts import licence_conflicts
from core.licences.data import find_licence, free_and_open
from core.licences.duties import licence_duties

__all__ = ["find_licence", "free_and_open", "licence_conflicts", "licence_duties"]
