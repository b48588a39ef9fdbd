# SPDX-License-Identifier: Apache-2.0
"""Bills of materials for machines: CycloneDX ML-BOM and the SPDX AI profile."""
