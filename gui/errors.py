# SPDX-License-Identifier: Apache-2.0
"""How an error is told: what happened, why, what to do. One place for all of them."""

from typing import Protocol

from core.errors import Cancelled, WeighbridgeError
from gui.words import words


class Board(Protocol):
    """Something that can show a notice: the window's notice board."""

    def tell(self, meaning: str, what: str, why: str = "", todo: str = "") -> None:
        """Show one notice; `meaning` is clear, look or owed."""


def show(board: Board, error: Exception) -> None:
    """Tell a person about `error`. A cancelled piece of work is not told: they asked for it."""
    if isinstance(error, Cancelled):
        return
    if isinstance(error, WeighbridgeError):
        board.tell("look", error.what, error.why, error.todo)
        return
    if isinstance(error, OSError):
        board.tell(
            "look",
            words("errors", "A file could not be used."),
            f"{error.strerror or error}.",
            words("errors", "Check that it is still there and that you may use it, then try again."),
        )
        return
    raise error
