# SPDX-License-Identifier: Apache-2.0
"""The bare window that the app is measured against: the same toolkit, the same build, nothing else."""

import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel


class Window(QLabel):
    """Ends after its first picture when asked to, so that a start can be timed."""

    def paintEvent(self, event: object) -> None:
        super().paintEvent(event)
        if "--smoke" in sys.argv:
            QTimer.singleShot(0, QApplication.quit)


application = QApplication(sys.argv)
window = Window("Hello")
window.resize(1180, 780)
window.show()
sys.exit(application.exec())
