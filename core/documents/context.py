# SPDX-License-Identifier: Apache-2.0
"""The typed context that the templates of the model card see. Raw texts: the renderer escapes them."""

from core.domain.base import Frozen


class Item(Frozen):
    """One line of a list or table: what, how much, and where it came from."""

    label: str
    value: str
    source: str = ""
    url: str = ""


class Account(Frozen):
    """One account of training compute, in words."""

    label: str
    value: str
    range: str


class WitnessRow(Frozen):
    """One way the compute was worked out."""

    title: str
    value: str
    range: str
    note: str


class ComputePart(Frozen):
    """The section "Training compute"."""

    own: Account | None
    method: str
    accounts: tuple[Account, ...]
    witnesses: tuple[WitnessRow, ...]
    agreement: str
    inputs: tuple[Item, ...]
    assumptions: tuple[str, ...]
    line: str
    stamp: str


class EnergyPart(Frozen):
    """The section "Environmental impact"."""

    rows: tuple[Item, ...]
    inputs: tuple[Item, ...]
    assumptions: tuple[str, ...]


class BaseLicence(Frozen):
    """What the licence of one base model asks."""

    base_model: str
    url: str
    licence_name: str
    duties: tuple[str, ...]
    display_text: str
    notice: str
    source_url: str


class LicencePart(Frozen):
    """The section "Licence". `own` is empty when nobody chose a licence."""

    own: str
    link: str
    bases: tuple[BaseLicence, ...]


class Snippet(Frozen):
    """Code a reader can run."""

    intro: str
    code: str


class CardContext(Frozen):
    """Everything the model card can say. Empty texts and tuples mean: leave that part out."""

    title: str
    summary: str
    display_texts: tuple[str, ...]
    details: tuple[Item, ...]
    snippet: Snippet | None
    intended_use: str
    out_of_scope_use: str
    limitations: str
    remarks: tuple[str, ...]
    datasets: tuple[Item, ...]
    data_summary: str
    data_facts: tuple[Item, ...]
    procedure: tuple[Item, ...]
    procedure_heading: str
    hyperparameters: tuple[Item, ...]
    compute: ComputePart | None
    energy: EnergyPart | None
    evaluation: tuple[Item, ...]
    evaluation_intro: str
    citation: str
    technical: tuple[Item, ...]
    versions: tuple[Item, ...]
    licence: LicencePart
    contact: str
