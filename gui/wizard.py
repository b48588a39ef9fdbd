# SPDX-License-Identifier: Apache-2.0
"""The shell: steps at the left, one page, Back and Continue always in the same place, the scale across the foot."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from core.domain.project import Project
from core.flow import StepView, next_step, previous_step, problems, steps, visible_steps
from gui.announce import announce
from gui.context import Context
from gui.pages.base import Page, ProblemPair
from gui.tokens import UNIT
from gui.widgets.foot import Foot
from gui.widgets.notice import ErrorSummary
from gui.widgets.steplist import StepList
from gui.widgets.text import label, set_role

HOME = "home"
_STEPS_WIDTH = 232
_STEPS_NARROW = 64
_NARROW_BELOW = 900
_WIDEST = 880
_SCROLL_BAR = 12


class Wizard(QWidget):
    """Shows one page at a time. The project's `step` says which; Home stands before them all."""

    page_shown = Signal(str)

    def __init__(self, context: Context, pages: Mapping[str, Page], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._pages = dict(pages)
        self._current = HOME
        self._views: dict[str, StepView] = {}
        self._seen: tuple[str, int, int] | None = None
        self._held: tuple[object, object] = (None, None)  # keeps the ids of _seen from being used again
        self._build()
        for page in self._pages.values():
            page.shape_changed.connect(self._shape)
            page.leave.connect(self.go_on)
        context.store.changed.connect(self._project_changed)
        context.derive.assessed.connect(self._assessed)
        self.summary.chosen.connect(self._focus_field)
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
        middle.addWidget(self._build_page(), 1)
        whole.addLayout(middle, 1)
        self.foot = Foot(self)
        self.foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_role(self.foot, "desk")
        whole.addWidget(self.foot)

    def _build_page(self) -> QWidget:
        sheet = QWidget(self)
        set_role(sheet, "paper")
        sheet.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        outer = QVBoxLayout(sheet)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.heading = label("", "heading", sheet)
        self.why = label("", "quiet", sheet)
        head = QVBoxLayout()
        head.setContentsMargins(UNIT * 6, UNIT * 4, UNIT * 4, UNIT * 2)
        head.setSpacing(UNIT // 2)
        head.addWidget(self.heading)
        head.addWidget(self.why)
        outer.addLayout(head)
        self.stack = QStackedWidget(sheet)
        self._areas: dict[str, QScrollArea] = {}
        for name, page in self._pages.items():
            self._areas[name] = self._framed(page)
            self.stack.addWidget(self._areas[name])
        self.summary = ErrorSummary(sheet)
        notices = QVBoxLayout()
        notices.setContentsMargins(UNIT * 6, 0, UNIT * 4, 0)
        notices.setSpacing(UNIT)
        notices.addWidget(self.context.board)
        notices.addWidget(self.summary)
        outer.addLayout(notices)
        outer.addWidget(self.stack, 1)
        outer.addWidget(self._build_buttons(sheet))
        return sheet

    def _framed(self, page: Page) -> QScrollArea:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(UNIT * 6, UNIT, UNIT * 4, UNIT * 3)
        page.setMaximumWidth(_WIDEST)
        row.addWidget(page, 1000)
        row.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAlwaysOn
        )  # so that nothing shifts sideways
        bar = area.verticalScrollBar()
        bar.setEnabled(False)
        bar.rangeChanged.connect(lambda low, high: bar.setEnabled(high > low))
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(holder)
        return area

    def _build_buttons(self, sheet: QWidget) -> QWidget:
        self.buttons = QWidget(sheet)
        row = QHBoxLayout(self.buttons)
        row.setContentsMargins(UNIT * 6, UNIT + 4, UNIT * 4 + _SCROLL_BAR, UNIT * 2)
        self.back = QPushButton(self.tr("&Back"), self.buttons)
        self.back.clicked.connect(self.go_back)
        self.forward = QPushButton(self.tr("&Continue"), self.buttons)
        self.forward.setProperty("role", "primary")
        self.forward.clicked.connect(self.go_on)
        inner = QWidget(self.buttons)
        inner.setMaximumWidth(_WIDEST)
        pair = QHBoxLayout(inner)
        pair.setContentsMargins(0, 0, 0, 0)
        pair.addWidget(self.back)
        pair.addStretch(1)
        pair.addWidget(self.forward)
        row.addWidget(inner, 1000)
        row.addStretch(1)
        return self.buttons

    @property
    def current(self) -> str:
        """The page in sight: home or a step."""
        return self._current

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
        self.context.store.go(step)
        self._show_page(step)

    def resume(self) -> None:
        """Show the page the project was left at."""
        self._show_page(self._known_step(self.context.store.project))

    def go_on(self) -> None:
        """Continue: say what is left, or go to the next step."""
        if self._current == HOME:
            return
        found = self._problems()
        self.page.show_problems(found)
        self.summary.tell(found)
        if found:
            self.area.verticalScrollBar().setValue(0)
            return
        if self.page.go_on():
            self.open_step(next_step(self.context.store.project, self._current))

    def go_back(self) -> None:
        """Back: every answer stays."""
        project = self.context.store.project
        if self._current == visible_steps(project)[0].value:
            self.show_home()
        else:
            self.open_step(previous_step(project, self._current))

    @property
    def area(self) -> QScrollArea:
        """The scroll area of the page in sight."""
        return self._areas[self._current]

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
        self.step_list.setFixedWidth(_STEPS_NARROW if narrow else _STEPS_WIDTH)
        self.foot.set_narrow(narrow)

    def _problems(self) -> tuple[ProblemPair, ...]:
        pending = self.page.pending_problems()
        if self.page.takes_over():
            return pending
        named = {name for name, _ in pending}
        known = problems(self._current, self.context.store.project, self.context.derive.assessment)
        return (*pending, *((one.field, one.message) for one in known if one.field not in named))

    def _show_page(self, name: str) -> None:
        if name != self._current:
            self.page.left()
            self.context.board.clear()
        moved = name != self._current or not self.page_is_shown()
        self._current = name
        self.summary.tell(())
        self.page.show_problems(())
        self.page.entered()
        self._seen = None
        self._show_state()
        self.stack.setCurrentWidget(self.area)
        home = name == HOME
        self.step_list.setVisible(not home)
        self.buttons.setVisible(not home)
        if moved:
            self.area.verticalScrollBar().setValue(0)
            announce(self, f"{self.heading.text()} {self.why.text()}")
        self._focus_first()
        self.page_shown.emit(name)

    def page_is_shown(self) -> bool:
        """Whether the current page is the one on top."""
        return self.stack.currentWidget() is self.area

    def _focus_first(self) -> None:
        target = self.page.initial_focus() or self.forward
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(
            0,
            self,
            lambda: (
                self.area.ensureWidgetVisible(target)
                if target.hasFocus() and self.page.isAncestorOf(target)
                else None
            ),
        )

    def _show_state(self) -> None:
        project, assessment = self.context.store.project, self.context.derive.assessment
        if (now := (self._current, id(project), id(assessment))) == self._seen:
            return  # derive has told us already
        self._seen, self._held = now, (project, assessment)
        views = steps(project, assessment)
        self._views = {view.id: view for view in views}
        self.step_list.show_steps(views, self._current)
        view = self._views.get(self._current)
        self.heading.setText(view.heading if view is not None else self.tr("What did you train?"))
        self.why.setText(
            view.why
            if view is not None
            else self.tr(
                "Ten minutes, on this computer only. You get its weight, what applies to you, and a model card."
            )
        )
        self.page.show_state(project, assessment)
        self._shape()

    def _shape(self) -> None:
        words = self.page.continue_words() or self.tr("&Continue")
        if self.forward.text() != words:
            self.forward.setText(words)

    def _project_changed(self, old: Project, new: Project) -> None:
        step = self._known_step(new)
        if old.step != new.step or (self._current not in (HOME, step)):
            self._show_page(step)
        elif self._current != HOME:
            self._show_state()
            if self.summary.isVisible():
                self._settle()

    def _focus_field(self, name: str) -> None:
        self.page.focus_field(name)

    def _settle(self) -> None:
        """Take messages away as they are settled, without moving the focus."""
        found = self._problems()
        self.page.show_problems(found)
        if not found:
            self.summary.tell(())

    def _assessed(self, assessment: object) -> None:
        self.foot.show_assessment(self.context.derive.assessment)
        del assessment
        if self._current != HOME:
            self._show_state()

    def _known_step(self, project: Project) -> str:
        order = [step.value for step in visible_steps(project)]
        return project.step if project.step in order else order[0]
