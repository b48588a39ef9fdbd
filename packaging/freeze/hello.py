# SPDX-License-Identifier: Apache-2.0
"""The yardstick: the smallest window of the same build. Size and start of the app are held against it."""

import sys

from PySide6.QtWidgets import QApplication, QLabel

qt = QApplication(sys.argv)
hello = QLabel("Hello")
hello.resize(560, 400)
hello.show()
sys.exit(qt.exec())
