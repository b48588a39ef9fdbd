# SPDX-License-Identifier: Apache-2.0
"""From facts, answers and an assessment to the words of the model card."""
