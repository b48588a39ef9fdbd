# SPDX-License-Identifier: Apache-2.0
"""The scale as a picture file: the same drawing that goes into a README, as SVG or as PNG."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QColor, QImage, QImageReader

from core.documents.scale_svg import landmarks, scale_svg
from core.domain.assessment import Assessment
from core.errors import CannotWrite
from core.reference import load_reference
from gui.files import write_atomically
from gui.words import words

_SVG = QByteArray(b"svg")
"""Qt's plugin for pictures reads it; the module QtSvg would be more to install for the same drawing."""
_TIMES = 2
"""Pixels of a PNG for each unit of the drawing: sharp on a dense screen and in print."""


def save_scale(path: Path, assessment: Assessment) -> None:
    """Write the scale of an assessment; the ending of `path` says how. Raises CannotWrite."""
    svg = scale_svg(assessment, landmarks(load_reference()))
    write_atomically(path, png(svg) if path.suffix.lower() == ".png" else svg.encode("utf-8"))


def draw_svg(svg: str, width: int, height: int, ratio: float = 1.0) -> QImage:
    """A drawing of ours on white paper, `width` by `height` units."""
    # Qt knows no paint-order: it would draw the paper-coloured edge of the letters over the letters.
    data = _opened(svg.replace(' halo"', '"'))
    reader = QImageReader(data, _SVG)
    reader.setScaledSize(QSize(round(width * ratio), round(height * ratio)))
    reader.setBackgroundColor(QColor(Qt.GlobalColor.white))
    image = reader.read()
    image.setDevicePixelRatio(ratio)
    return image


def svg_size(svg: str) -> tuple[int, int]:
    """Width and height of a drawing in its own units."""
    data = _opened(svg)
    size = QImageReader(data, _SVG).size()
    return max(size.width(), 1), max(size.height(), 1)


def _opened(svg: str) -> QBuffer:
    buffer = QBuffer()
    buffer.setData(QByteArray(svg.encode("utf-8")))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    return buffer


def png(svg: str) -> bytes:
    """A drawing of ours as a PNG file. Raises CannotWrite."""
    image = draw_svg(svg, *svg_size(svg), _TIMES)
    image.setDevicePixelRatio(1)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG"):  # type: ignore[call-overload]
        raise CannotWrite(
            words("Pictures", "The picture could not be made."), "", words("Pictures", "Save it as SVG.")
        )
    return bytes(buffer.data().data())
