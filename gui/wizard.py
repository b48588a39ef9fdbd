# SPDX-License-Identifier: Apache-2.0
"""The shell: steps at the left, one page, Back and Continue always in the same place, the scale across the foot."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from core.domain.project import Project
from core.flow import STEPS, StepView, next_step, previous_step, problems, steps, visible_steps
from gui.announce import announce
from gui.context import Context
from gui.pages.base import Page, ProblemPair
from gui.pages.what_if import WHAT_IF, WhatIfPage
from gui.sheet import Sheet
from gui.widgets.foot import Foot
from gui.widgets.steplist import StepList
from gui.widgets.text import set_role

HOME = "home"
_NARROW_BELOW = 900
_LOW_BELOW = 38
"""Lines of text: in a lower window the page needs the room more than the names on the scale do."""
_LOWEST_BELOW = 23
"""Lines of text: in a window as low as this (letters at 200 %) the scale folds to one line, and a button brings it back."""
_FULL_BELOW = 32
"""The same where a notice or what is left to answer stands over the page."""
_LOOKS = 3


class Wizard(QWidget):
    """Shows one page at a time. The project's `step` says which; Home stands before them all."""

    page_shown = Signal(str)
    by_hand = Signal()
    """Somebody wants to describe the model from a page that has nothing to show yet."""

    def __init__(self, context: Context, pages: Mapping[str, Page], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._pages = dict(pages)
        self._current = HOME
        self._came_from = HOME  # from where a page beside the steps was opened
        self._way_back: tuple[str, str] | None = None  # page and field that a jump came from
        self._views: dict[str, StepView] = {}
        self._seen: tuple[str, int, int] | None = None
        self._held: tuple[object, object] = (None, None)  # keeps the ids of _seen from being used again
        self._lowest = self._full = False
        # One timer, not singleShot: PySide never frees a function whose object went before it was called.
        self._look, self._looks_left = QTimer(self), 0
        self._look.timeout.connect(self._keep_focus_in_sight)
        self._build()
        for page in self._pages.values():
            page.shape_changed.connect(self._shape)
            page.leave.connect(self.go_on)
            page.jump.connect(self.jump)
        context.store.changed.connect(self._project_changed)
        context.derive.assessed.connect(self._assessed)
        context.supposing.changed.connect(self._show_on_scale)
        context.board.changed.connect(lambda: self._fold_foot(self._current))
        self._show_page(HOME)

    def _build(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        self.step_list = StepList(self)
        self.step_list.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_role(self.step_list, "desk")
        self.step_list.chosen.connect(self.open_step)
        middle.addWidget(self.step_list)
        self.sheet = Sheet(self._pages, self.context.board, self.context.theme, self)
        self.sheet.back.clicked.connect(self.go_back)
        self.sheet.forward.clicked.connect(self.go_on)
        self.sheet.summary.chosen.connect(self._focus_field)
        for nothing in self.sheet.nothing.values():
            nothing.folder.connect(lambda: self.open_step("folder"))
            nothing.by_hand.connect(self.by_hand)
        middle.addWidget(self.sheet, 1)
        whole.addLayout(middle, 1)
        self.foot = Foot(self)
        self.foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_role(self.foot, "desk")
        whole.addWidget(self.foot)
        self.context.theme.dress(self.step_list, self.foot)
        self.foot.what_if.clicked.connect(lambda: self.open_aside(WHAT_IF))
        self.foot.scale.pushed.connect(self._pushed)

    @property
    def current(self) -> str:
        """The page in sight: home or a step."""
        return self._current

    def words_in_sight(self) -> str:
        """All words of the page and its heading, for whoever wants them explained."""
        parts: list[QLabel | QAbstractButton] = [self.sheet.heading, self.sheet.why]
        parts += [*self.page.findChildren(QLabel), *self.page.findChildren(QAbstractButton)]
        return "\n".join([self.foot.figure.text(), *(one.text() for one in parts if one.isVisible())])

    @property
    def page(self) -> Page:
        """The page in sight."""
        return self._pages[self._current]

    def page_of(self, step: str) -> Page:
        """One of the pages."""
        return self._pages[step]

    def show_home(self) -> None:
        """Show the first page."""
        self._show_page(HOME)

    def open_step(self, step: str) -> None:
        """Show a step; nothing is lost by jumping."""
        if self.context.store.project.step == step:
            self._show_page(step)
        else:
            self.context.store.go(step)  # the store tells us

    def resume(self) -> None:
        """Show the page the project was left at."""
        self._show_page(self._known_step(self.context.store.project))

    def go_on(self) -> None:
        """Continue: say what is left, or go to the next step."""
        if self._current == HOME or self._leave_aside():
            return
        if self._has_nothing:
            self.open_step("folder")  # what is missing here is a model
            return
        found = self._problems()
        self.page.show_problems(found)
        self.sheet.summary.tell(found)
        if found:
            self._fold_foot(self._current)
            self.area.verticalScrollBar().setValue(0)
            return
        if self.page.go_on() and not self._return():
            self.open_step(next_step(self.context.store.project, self._current))

    def jump(self, step: str, field: str) -> None:
        """Open another page at a field; Continue and Back there return to the same place here."""
        here = self._current
        self.open_step(step)
        self._way_back = (here, field)
        self._shape()
        self._show_field(field)

    def open_aside(self, name: str) -> None:
        """Show a page that stands beside the steps; Back and Continue there return here."""
        if self._current != name:
            self._came_from = self._current
            self._show_page(name)

    def _pushed(self, what: str, tenths: int) -> None:
        """A bar or a line of the scale was pushed by tenths of a power of ten: that is a what-if."""
        page = self._pages.get(WHAT_IF)
        if not isinstance(page, WhatIfPage) or self.context.derive.assessment is None:
            return
        self.open_aside(WHAT_IF)
        supposing = self.context.supposing
        if what == "own":
            supposing.train_tenths(supposing.tenths + tenths)
        elif parameter := supposing.parameter_of(what):
            page.show_line(parameter)
            supposing.move(parameter, supposing.lines.get(parameter, 0) + (1 if tenths > 0 else -1))

    def _leave_aside(self) -> bool:
        """Return from a page beside the steps, if this is one."""
        if self._current in (HOME, *STEPS):
            return False
        (self.show_home if self._came_from == HOME else self.resume)()
        return True

    def _return(self) -> bool:
        """Go back to where a jump came from, if there was one."""
        if self._way_back is None:
            return False
        page, field = self._way_back
        self.open_step(page)
        self._show_field(field)
        return True

    def go_back(self) -> None:
        """Back: every answer stays."""
        if self._leave_aside() or self._return():
            return
        project = self.context.store.project
        if self._current == visible_steps(project)[0].value:
            self.show_home()
        else:
            self.open_step(previous_step(project, self._current))

    @property
    def area(self) -> QScrollArea:
        """The scroll area of the page in sight."""
        return self.sheet.area(self._current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focus = self.focusWidget()
            if isinstance(focus, QPushButton) and focus.isVisible():
                focus.click()
            else:
                self.go_on()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = event.size().width() < _NARROW_BELOW
        self.step_list.set_narrow(narrow, event.size().width() // 3)
        self.foot.set_narrow(narrow)
        lines = event.size().height() / self.fontMetrics().lineSpacing()
        self.foot.set_low(lines < _LOW_BELOW)
        if (lines < _LOWEST_BELOW, lines < _FULL_BELOW) != (self._lowest, self._full):
            self._lowest, self._full = lines < _LOWEST_BELOW, lines < _FULL_BELOW
            self._fold_foot(self._current)

    def _fold_foot(self, name: str) -> None:
        """Documents need the room, in a low window any page does; but What if is about the scale."""
        said = self.sheet.summary.isVisibleTo(self) or bool(self.context.board.message)
        self.sheet.why.setVisible(not (self._full and said))
        low = self._lowest or (self._full and said)
        self.foot.set_folded(self._pages[name].wants_room or (low and name not in (HOME, WHAT_IF)))

    def _problems(self) -> tuple[ProblemPair, ...]:
        pending = self.page.pending_problems()
        if self.page.takes_over():
            return pending
        named = {name for name, _ in pending}
        known = problems(self._current, self.context.store.project, self.context.derive.assessment)
        return (*pending, *((one.field, one.message) for one in known if one.field not in named))

    def _show_page(self, name: str) -> None:
        if name != self._current:
            self._way_back = None
            self.page.left()
            self.context.board.clear()
        moved = name != self._current or not self.sheet.shows(name)
        self.sheet.summary.tell(())
        if moved:
            self._fold_foot(name)
            self.foot.scale.name_models(name == WHAT_IF)
        self._current = name
        self.sheet.freshen(name)
        self.page.show_problems(())
        self.page.entered()
        self._seen = None
        self._show_state()
        self.sheet.show_page(name)
        home = name == HOME
        self.step_list.setVisible(not home)
        self.sheet.buttons.setVisible(not home)
        if moved:
            self.area.verticalScrollBar().setValue(0)
            announce(self, f"{self.sheet.heading.text()} {self.sheet.why.text()}")
        self.focus_first()
        self.page_shown.emit(name)

    @property
    def _has_nothing(self) -> bool:
        project = self.context.store.project
        return self.page.needs_model and project.scan is None and not project.by_hand

    def focus_first(self) -> None:
        """Put the focus where the page wants it."""
        target = self.page.initial_focus() or self.sheet.forward
        if self._has_nothing:
            target = self.sheet.nothing[self._current].choose
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        self._follow_focus()

    def _follow_focus(self) -> None:
        """Scroll to the focus, again while rows that wrap find their heights in the next turns of the loop."""
        self._looks_left = _LOOKS
        self._look.start()

    def _keep_focus_in_sight(self) -> None:
        focus = self.focusWidget()
        if self.page.isAncestorOf(focus):
            self.area.ensureWidgetVisible(focus)
        self._looks_left -= 1
        if self._looks_left <= 0:
            self._look.stop()

    def _show_state(self) -> None:
        project, assessment = self.context.store.project, self.context.derive.assessment
        if (now := (self._current, id(project), id(assessment))) == self._seen:
            return  # derive has told us already
        self._seen, self._held = now, (project, assessment)
        views = steps(project, assessment)
        self._views = {view.id: view for view in views}
        self.step_list.show_steps(views, self._current)
        view = self._views.get(self._current)
        self.sheet.heading.setText(view.heading if view is not None else self.page.heading)
        self.sheet.why.setText(view.why if view is not None else self.page.why)
        self.page.show_state(project, assessment)
        self.sheet.show_nothing(self._current, self._has_nothing)
        self._shape()

    def _shape(self) -> None:
        words = self.page.continue_words() or self.tr("&Continue")
        if self._way_back is not None:
            words = self.tr("&Continue to your answers")
        if self.sheet.forward.text() != words:
            self.sheet.forward.setText(words)

    def _project_changed(self, old: Project, new: Project) -> None:
        step = self._known_step(new)
        if old.step != new.step or (self._current not in (HOME, step)):
            self._show_page(step)
        elif self._current != HOME:
            self._show_state()
            if self.sheet.summary.isVisible():
                self._settle()

    def _focus_field(self, name: str) -> None:
        self.page.focus_field(name)

    def _show_field(self, name: str) -> None:
        self.page.focus_field(name)
        self._follow_focus()

    def _settle(self) -> None:
        """Take messages away as they are settled, without moving the focus."""
        found = self._problems()
        self.page.show_problems(found)
        if not found:
            self.sheet.summary.tell(())

    def _assessed(self, assessment: object) -> None:
        self._show_on_scale()
        del assessment
        if self._current != HOME:
            self._show_state()

    def _show_on_scale(self) -> None:
        supposed = self.context.supposing.result
        self.foot.show_assessment(
            self.context.derive.assessment, None if supposed is None else supposed.assessment
        )

    def _known_step(self, project: Project) -> str:
        order = [step.value for step in visible_steps(project)]
        return project.step if project.step in order else order[0]
