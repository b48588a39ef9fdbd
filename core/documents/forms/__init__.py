# SPDX-License-Identifier: Apache-2.0
"""The EU forms: their fields are data (resources/forms), filled from facts and answers, with honest gaps."""
