# SPDX-License-Identifier: Apache-2.0
"""The app's own bill of materials: CycloneDX 1.6 JSON of what is really in the bundle, checked against its schema."""

from __future__ import annotations

import datetime
import os
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import version_info
from cyclonedx.factory.license import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

if TYPE_CHECKING:
    from inner import Part
    from licences import Owner


def write(owners: list[Owner], target: Path) -> None:
    """Write the bill to `target`; the same bundle gives the same bytes. Raises ValueError when it breaks the schema."""
    makers = LicenseFactory()
    app = Component(
        name="weighbridge", version=version_info.version(), type=ComponentType.APPLICATION, bom_ref="weighbridge",
        licenses=[makers.make_from_string("Apache-2.0")],
    )  # fmt: skip
    parts = [
        _component(owner.name, owner.version, owner.licence, owner.kind, makers, owner.inside)
        for owner in owners
        if owner.name != "weighbridge"
    ]
    seed = ",".join(f"{owner.name}={owner.version}" for owner in owners)
    bom = Bom(components=parts, serial_number=uuid.uuid5(uuid.NAMESPACE_URL, f"weighbridge:{seed}"))
    bom.metadata.component = app
    bom.metadata.timestamp = datetime.datetime.fromtimestamp(
        int(os.environ["SOURCE_DATE_EPOCH"]), datetime.UTC
    )
    bom.register_dependency(app, parts)
    text = JsonV1Dot6(bom).output_as_string(indent=1)
    problem = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if problem is not None:
        raise ValueError(f"The bill of materials breaks its schema: {problem}")
    target.write_text(text + "\n", encoding="utf-8")


def _component(
    name: str, version: str, licence: str, kind: str, makers: LicenseFactory, inside: list[Part] | None = None
) -> Component:
    """One part; what is inside it (crates of Rust, libraries in C) is told below it."""
    return Component(
        name=name, version=version, type=ComponentType.LIBRARY, bom_ref=f"{kind}:{name}@{version}",
        licenses=[makers.make_from_string(licence)] if licence != "NOASSERTION" else [],
        purl=PackageURL(kind, "debian" if kind == "deb" else None, name, None if version == "bundled" else version),
        components=[_component(*part[:4], makers) for part in inside or ()],
    )  # fmt: skip
