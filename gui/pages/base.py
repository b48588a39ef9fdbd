# SPDX-License-Identifier: Apache-2.0
"""The contract between the shell and a page. A page shows and asks; the shell owns heading, buttons and notices."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.domain.assessment import Assessment
from core.domain.project import Project
from gui.context import Context

if TYPE_CHECKING:
    from gui.widgets.form import FormRow

ProblemPair = tuple[str, str]


class Page(QWidget):
    """One step. `shape_changed` when the page's buttons or tab order changed by itself."""

    step = ""
    heading = ""
    why = ""
    """Heading and why of a page that is none of the steps; those of a step are in core.flow."""
    needs_model = False
    """Whether the page has nothing to show before a folder was read or a description begun."""
    wants_room = False
    """Whether the scale at the foot folds to one line while this page is in sight."""
    shape_changed = Signal()
    leave = Signal()
    """The page itself wants to go on, as if Continue had been pressed."""
    jump = Signal(str, str)
    """(step, field): open another page at one of its fields; Continue and Back there come back here."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(0)

    def show_state(self, project: Project, assessment: Assessment | None) -> None:
        """Show the project as it is. Called on entering, and after each change while in sight."""

    def entered(self) -> None:
        """The page has just come into sight."""

    def left(self) -> None:
        """The page goes out of sight."""

    def pending_problems(self) -> tuple[ProblemPair, ...]:
        """(field, message) of what was typed here and does not fit; core.flow knows the rest."""
        return ()

    def show_problems(self, problems: tuple[ProblemPair, ...]) -> None:
        """Show the messages beside their fields; none takes them away."""

    def focus_field(self, name: str) -> None:
        """Put the focus on a field."""

    def initial_focus(self) -> QWidget | None:
        """Where the focus starts; None leaves it to the shell."""
        return None

    def continue_words(self) -> str:
        """What the main button says here; empty for "Continue"."""
        return ""

    def not_known(self, row: "FormRow | None", name: str, yes: bool) -> None:
        """ "I don't know" was ticked or taken back in a row."""
        if not yes:
            self.context.store.answer(name, None, self.tr("Answer"))
            return
        if row is not None:
            row.forget()
        self.context.store.dont_know(name)

    def takes_over(self) -> bool:
        """Whether Continue does something here first, which settles what core.flow would ask for."""
        return False

    def go_on(self) -> bool:
        """Continue was pressed and nothing stands in the way. False keeps the person here."""
        return True
