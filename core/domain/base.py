# SPDX-License-Identifier: Apache-2.0
"""The one base class of everything frozen and validated."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """An immutable, strictly checked value: unknown keys are errors, changes make a new value."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")

    def replace(self, **changes: Any) -> Self:
        """Return a copy with `changes`, validated again.

        pydantic's own copy-with-update skips validation, so it is banned here (tests/health).
        Raises pydantic.ValidationError when a change does not fit the model.
        """
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_validate(values | changes)
