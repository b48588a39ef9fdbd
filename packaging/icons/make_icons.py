# SPDX-License-Identifier: Apache-2.0
"""The icon set from resources/icons/weighbridge.svg: PNG for Linux, .ico for Windows, .icns for macOS.

Run in the development environment after the SVG changed: .venv/bin/python packaging/icons/make_icons.py
"""

from __future__ import annotations

import struct
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

HERE = Path(__file__).resolve().parent
SVG = HERE.parents[1] / "resources" / "icons" / "weighbridge.svg"
PNG_SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)
# Apple's four-letter types for PNG data, by pixels.
ICNS_TYPES = (
    (b"icp4", 16),
    (b"icp5", 32),
    (b"icp6", 64),
    (b"ic07", 128),
    (b"ic08", 256),
    (b"ic09", 512),
    (b"ic10", 1024),
)


def png(renderer: QSvgRenderer, size: int) -> bytes:
    """The icon as a PNG file of size × size pixels."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def ico(pictures: dict[int, bytes]) -> bytes:
    """A Windows icon file that holds PNG pictures (Windows Vista and later)."""
    head = struct.pack("<HHH", 0, 1, len(pictures))
    place = len(head) + 16 * len(pictures)
    entries, data = b"", b""
    for size, picture in sorted(pictures.items()):
        side = size if size < 256 else 0
        entries += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(picture), place + len(data))
        data += picture
    return head + entries + data


def icns(renderer: QSvgRenderer) -> bytes:
    """A macOS icon file."""
    body = b""
    for kind, size in ICNS_TYPES:
        picture = png(renderer, size)
        body += kind + struct.pack(">I", len(picture) + 8) + picture
    return b"icns" + struct.pack(">I", len(body) + 8) + body


def main() -> None:
    """Write every file anew."""
    qt = QGuiApplication([])
    renderer = QSvgRenderer(str(SVG))
    for size in PNG_SIZES:
        (HERE / f"weighbridge-{size}.png").write_bytes(png(renderer, size))
    (HERE / "weighbridge.ico").write_bytes(ico({size: png(renderer, size) for size in ICO_SIZES}))
    (HERE / "weighbridge.icns").write_bytes(icns(renderer))
    qt.quit()


if __name__ == "__main__":
    main()
