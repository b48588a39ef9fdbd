# SPDX-License-Identifier: Apache-2.0
"""Errors written for the reader: what happened, why, what to do. No traceback reaches a person."""


class WeighbridgeError(Exception):
    """Base of everything that is told to a person. Each part is one plain sentence."""

    def __init__(self, what: str, why: str = "", todo: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.todo = todo

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.why, self.todo) if part)


class CannotRead(WeighbridgeError):
    """A folder, file or project could not be read (exit code 3 on the command line)."""


class CannotWrite(WeighbridgeError):
    """A document or project could not be written; nothing that existed was changed."""


class BadAnswers(WeighbridgeError):
    """An answers file does not fit the questions (exit code 2)."""


class BadRules(WeighbridgeError):
    """The rule data is damaged; the message names file and key."""


class BadConfig(WeighbridgeError):
    """A model configuration cannot be turned into a layer table."""


class Cancelled(WeighbridgeError):
    """The person stopped the work."""
