# SPDX-License-Identifier: Apache-2.0
"""The languages there are words in. Nothing is imported here: the window asks before anything else is loaded."""

ENGLISH = "en"
LANGUAGES = (ENGLISH, "de", "fr")
