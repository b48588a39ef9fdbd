# SPDX-License-Identifier: Apache-2.0
"""What the table of base models says of the training compute of one of them."""

from core.compute.ranges import shown, step
from core.domain.estimate import FlopEstimate
from core.domain.fact import AnyFact, Fact, Origin, OriginKind
from core.reference import BaseModelRow
from core.texts import text


def row_estimate(row: BaseModelRow) -> FlopEstimate | None:
    """FLOP with the table's range, basis and doubt; None when the row has no figure. An end the table leaves open is 0 or the figure."""
    best = row.flop_best
    if not best:
        return None
    size, tokens = row.parameters_active or row.parameters_total, row.training_tokens
    note = text("compute.origin.row", hub_id=row.hub_id)
    fact: AnyFact = Fact(
        name="base_flop", value=best, origin=Origin(kind=OriginKind.REFERENCE, key=row.hub_id, note=note)
    )
    lines = []
    if size and tokens:
        lines.append(step("base", f"6 × {shown(size)} × {shown(tokens)}", 6 * size * tokens))
    lines.append(step("base_row", row.hub_id, best))
    assumptions = [text("compute.assume.basis", basis=_plain_basis(row.basis))]
    if row.doubt:
        assumptions.append(row.doubt)
    return FlopEstimate(
        low=row.flop_low or 0,
        central=best,
        high=row.flop_high or best,
        method=text("compute.method.base_row"),
        inputs=(fact,),
        assumptions=tuple(assumptions),
        steps=tuple(lines),
    )


def _plain_basis(basis: str) -> str:
    """The table's short hand in words."""
    return basis.replace(" x ", " × ").replace("params", "parameters")
