# SPDX-License-Identifier: Apache-2.0
"""The scale in words: what it shows, for the foot of the window and for a screen reader."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.assessment import Assessment
from core.domain.finding import Line
from core.texts import in_words
from gui.number_words import distance_words, nearest_words, scientific_words
from gui.words import words

_OF_OWN_TRAINING = ("own", "direct")


@dataclass(frozen=True)
class ScaleWords:
    """`figure` the number; `range` its range; `distance` the nearest line to the person's own training, `together`
    the nearest one that counts the base model too; `alternative` all of it as sentences."""

    figure: str
    range: str
    distance: str
    together: str
    alternative: str


def scale_words(assessment: Assessment | None) -> ScaleWords:
    """What the scale says about an assessment."""
    own = assessment.footprint.accounts.own if assessment is not None else None
    if assessment is None or own is None:
        based = assessment is not None and assessment.footprint.accounts.base is not None
        empty, todo = (
            (
                words("ScaleWords", "Not weighed yet"),
                words("ScaleWords", "So far only the base model lies on the scale."),
            )
            if based
            else (
                words("ScaleWords", "Nothing on the scale yet"),
                words("ScaleWords", "It fills as you go on."),
            )
        )
        return ScaleWords(empty, "", todo, "", f"{empty}. {todo}")
    figure = words("ScaleWords", "{value} FLOP").format(value=scientific_words(own.central))
    between = words("ScaleWords", "from {low} to {high}").format(
        low=scientific_words(own.low), high=scientific_words(own.high)
    )
    summed = [line for line in assessment.lines if line.account not in _OF_OWN_TRAINING]
    sentences = [
        words("ScaleWords", "Your training: about {figure}, {between}.").format(
            figure=figure, between=between
        )
        if own.central
        else words("ScaleWords", "You did no training of your own.")
    ]
    sentences += [
        words("ScaleWords", "{label}: {distance}.").format(
            label=in_words(line.label), distance=distance_words(line)
        )
        for line in assessment.lines
        if line.distance
    ]
    return ScaleWords(
        figure, between, _said(nearest_to_own(assessment)), _said(nearest(summed)), " ".join(sentences)
    )


def nearest_to_own(assessment: Assessment) -> Line | None:
    """The nearest line that tests the person's own training, without the base model."""
    return nearest([line for line in assessment.lines if line.account in _OF_OWN_TRAINING])


def nearest(lines: Sequence[Line]) -> Line | None:
    """The nearest line that is in force and measured; announced ones only when there is no other."""
    measured = [line for line in lines if line.distance]
    return next((line for line in measured if line.in_force), measured[0] if measured else None)


def _said(line: Line | None) -> str:
    if line is None:
        return ""
    said = words("ScaleWords", "{distance}: {label}").format(
        distance=nearest_words(line), label=in_words(line.label)
    )
    return said[:1].upper() + said[1:]
