# SPDX-License-Identifier: Apache-2.0
"""The wizard as plain functions of the project: which steps there are, how far each is, what comes next."""

from enum import StrEnum

from core.domain.assessment import Assessment
from core.domain.base import Frozen
from core.domain.document import Severity
from core.domain.project import Project
from core.questions import Question, questions_for, unanswered
from core.texts import text
from core.verdict.tone import Tone, tone


class StepId(StrEnum):
    """The pages in reading order."""

    FOLDER = "folder"
    FOUND = "found"
    MODEL = "model"
    TRAINING = "training"
    WEIGHT = "weight"
    RELEASE = "release"
    REVIEW = "review"
    APPLIES = "applies"
    DOCUMENTS = "documents"
    EXPORT = "export"


STEPS: tuple[StepId, ...] = tuple(StepId)
_ASKING = (StepId.MODEL, StepId.TRAINING, StepId.RELEASE)

_Left = dict[StepId, tuple[Question, ...]]
"""The unanswered questions of each asking step."""


class StepState(StrEnum):
    """How far a step is. AHEAD: it can be opened, but there is nothing to show yet."""

    DONE = "done"
    NEEDS_YOU = "needs_you"
    OPTIONAL = "optional"
    AHEAD = "ahead"


class StepView(Frozen):
    """A step for the list at the left and for the page's head."""

    id: str
    title: str
    heading: str
    why: str
    state: StepState
    remark: str = ""


class Problem(Frozen):
    """Something to settle before going on. `field` is the question, or "" for the page as a whole."""

    field: str
    message: str


def visible_steps(project: Project) -> tuple[StepId, ...]:
    """The steps of this project: without a folder there is nothing to show under "What we found"."""
    return tuple(step for step in STEPS if step is not StepId.FOUND or project.scan is not None)


def steps(project: Project, assessment: Assessment | None = None) -> tuple[StepView, ...]:
    """Every visible step with its state, in order."""
    views = []
    left = {step: unanswered(questions_for(step, project, assessment), project) for step in _ASKING}
    for step in visible_steps(project):
        state, remark = _state(step, project, assessment, left)
        views.append(
            StepView(
                id=step.value,
                title=text(f"flow.{step.value}.title"),
                heading=text(f"flow.{step.value}.heading"),
                why=text(f"flow.{step.value}.why"),
                state=state,
                remark=remark,
            )
        )
    return tuple(views)


def next_step(project: Project, current: str) -> str:
    """The step after `current`; the last step is its own successor."""
    order = [step.value for step in visible_steps(project)]
    return order[min(order.index(current) + 1, len(order) - 1)] if current in order else order[0]


def previous_step(project: Project, current: str) -> str:
    """The step before `current`; the first step is its own predecessor."""
    order = [step.value for step in visible_steps(project)]
    return order[max(order.index(current) - 1, 0)] if current in order else order[0]


def problems(step: str, project: Project, assessment: Assessment | None = None) -> tuple[Problem, ...]:
    """What stands in the way of Continue. "I do not know" is an answer, so little can."""
    if step == StepId.FOLDER and project.scan is None and not project.by_hand:
        return (Problem(field="", message=text("flow.folder.problem")),)
    if step in _ASKING:
        questions = questions_for(step, project, assessment)
        return tuple(
            Problem(field=q.name, message=text("flow.question.problem", label=q.label))
            for q in unanswered(questions, project)
            if not q.optional
        )
    return ()


def _state(
    step: StepId, project: Project, assessment: Assessment | None, left: _Left
) -> tuple[StepState, str]:
    if step is StepId.FOLDER:
        started = project.scan is not None or project.by_hand
        return (StepState.DONE if started else StepState.NEEDS_YOU), ""
    if step is StepId.FOUND:
        return _found_state(project)
    if project.scan is None and not project.by_hand:
        return StepState.AHEAD, ""
    if step in _ASKING:
        return _asking_state(left[step])
    if step is StepId.REVIEW:
        return _review_state(left)
    if assessment is None:
        return StepState.AHEAD, ""
    if step is StepId.WEIGHT:
        if assessment.footprint.accounts.own is None:
            return StepState.NEEDS_YOU, text("flow.weight.unknown")
        return StepState.DONE, ""
    if step is StepId.APPLIES:
        return _applies_state(assessment, left)
    if step is StepId.DOCUMENTS:
        # Counted by document: twelve open topics of one statement are one thing to do.
        owed = len({gap.document for gap in assessment.gaps if gap.severity is Severity.OWED})
        if owed:
            return StepState.NEEDS_YOU, text("flow.documents.owed", count=owed)
        return (StepState.OPTIONAL if assessment.gaps else StepState.DONE), ""
    written = project.written_to is not None and project.written_to == project.export_folder
    return (StepState.DONE if written else StepState.AHEAD), ""


def _found_state(project: Project) -> tuple[StepState, str]:
    scan = project.scan
    if scan is None:
        return StepState.AHEAD, ""
    if scan.unreadable:
        return StepState.OPTIONAL, text("flow.found.unreadable", count=len(scan.unreadable))
    if scan.conflicts:
        return StepState.OPTIONAL, text("flow.found.conflicts", count=len(scan.conflicts))
    return StepState.DONE, ""


def _applies_state(assessment: Assessment, left: _Left) -> tuple[StepState, str]:
    """Done when nothing is left to ask, there is a weight, and the answer stops or asks nothing; else it holds only so far, or
    wants to be read."""
    asked = _review_state(left)[0] is StepState.DONE
    weighed = assessment.footprint.accounts.own is not None
    if asked and weighed:
        grave = tone(assessment) in (Tone.LOOK, Tone.OWED)
        return (StepState.NEEDS_YOU, text("flow.applies.look")) if grave else (StepState.DONE, "")
    if not asked and not weighed:
        return StepState.AHEAD, ""
    return StepState.OPTIONAL, text("flow.applies.so_far")


def _review_state(left: _Left) -> tuple[StepState, str]:
    """Needs you while a needed question of any page is open; that never holds anybody up."""
    count = sum(1 for questions in left.values() for question in questions if not question.optional)
    return (StepState.NEEDS_YOU, text("flow.question.left", count=count)) if count else (StepState.DONE, "")


def _asking_state(left: tuple[Question, ...]) -> tuple[StepState, str]:
    needed = [question for question in left if not question.optional]
    if needed:
        return StepState.NEEDS_YOU, text("flow.question.left", count=len(needed))
    return (StepState.OPTIONAL if left else StepState.DONE), ""
