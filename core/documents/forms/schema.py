# SPDX-License-Identifier: Apache-2.0
"""The forms as data: sections and fields of resources/forms, their words in texts/<language>/forms.yaml."""

import datetime
import functools
from typing import Literal

from core.domain.base import Frozen
from core.resources import read_yaml
from core.texts import text

FORM_IDS = (
    "eu_model_form", "eu_public_summary", "eu_copyright_policy", "eu_downstream", "eu_notification",
)  # fmt: skip

Recipient = Literal["aio", "nca", "dp"]
"""AI Office, national authorities, people who build on the model ("downstream providers")."""


class FormSource(Frozen):
    """Where the form's fields come from. `read_in` is empty when the original was read."""

    title: str
    locator: str
    url: str
    checked_on: datetime.date
    read_in: str = ""


class FormField(Frozen):
    """One field. `answer` is the field of Answers that fills it; `fill` a function that knows more ways."""

    id: str
    to: tuple[Recipient, ...] = ()
    answer: str = ""
    fill: str = ""
    optional: bool = False


class FormSection(Frozen):
    """Fields under one heading."""

    id: str
    fields: tuple[FormField, ...]


class Form(Frozen):
    """A form. `duties` are the codes of the EU duties that it meets; `modification` when a modifier fills it in for the own change only."""

    id: str
    file: str
    duties: tuple[str, ...]
    modification: bool = False
    source: FormSource
    sections: tuple[FormSection, ...]

    @property
    def fields(self) -> tuple[FormField, ...]:
        """Every field in order."""
        return tuple(field for section in self.sections for field in section.fields)

    def label(self, field: FormField) -> str:
        """The name of a field as the form gives it."""
        return text(f"forms.{self.id}.{field.id}.label")


@functools.cache
def load_form(form_id: str) -> Form:
    """The form with this id. Raises ValidationError when its data is damaged."""
    return Form.model_validate(read_yaml(f"forms/{form_id}.yaml"))
