# SPDX-License-Identifier: Apache-2.0
"""Where an export stands: no folder yet, or all written, with the zip file and the upload command to take along."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from gui.announce import announce
from gui.tokens import UNIT
from gui.widgets.beside import Beside
from gui.widgets.mark import Mark, Sign
from gui.widgets.text import label


class ExportEnd(QFrame):
    """`pack`: the documents are wanted as a zip file. `name`: the model has no name to upload under."""

    pack = Signal()
    name = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        row = QHBoxLayout(self)
        row.setContentsMargins(UNIT * 3, UNIT * 2, UNIT * 3, UNIT * 2)
        row.setSpacing(UNIT * 2)
        self.mark = Mark(Sign.AHEAD, self)
        row.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        box = QVBoxLayout()
        box.setSpacing(UNIT)
        self.title = label("", "strong", self)
        self.words = label("", "quiet", self)
        box.addWidget(self.title)
        box.addWidget(self.words)
        self.upload = label(self.tr("To put the folder on the Hugging Face Hub:"), "small", self)
        box.addWidget(self.upload)
        self.command = QLineEdit(self)
        self.command.setReadOnly(True)
        self.command.setAccessibleName(self.tr("Command that uploads the folder"))
        self.copy = QPushButton(self.tr("Cop&y"), self)
        self.copy.setAccessibleDescription(self.tr("Copies the command"))
        self.copy.clicked.connect(self._copy)
        box.addWidget(Beside([(self.command, 1, 24), (self.copy, 0, 0)], self))
        self.zip = QPushButton(self.tr("Save as a &zip file…"), self)
        self.zip.clicked.connect(self.pack)
        self.rename = QPushButton(self.tr("&Name the model"), self)
        self.rename.clicked.connect(self.name)
        box.addWidget(Beside([(self.zip, 0, 0), (self.rename, 0, 0)], self))
        row.addLayout(box, 1)

    def show_empty(self) -> None:
        """No folder was chosen."""
        self._show(Sign.AHEAD, self.tr("No folder yet"))
        self.words.setText(
            self.tr("Choose where the documents go. You see each file before anything is written.")
        )
        for one in (self.upload, self.command, self.copy, self.zip, self.rename):
            one.hide()

    def show_done(self, folder: str, command: str | None) -> None:
        """Every document stands in `folder`; `command` uploads it, None without a name owner/name."""
        self._show(Sign.CLEAR, self.tr("Everything is written"))
        self.words.setText(self.tr("The documents are in {folder}.").format(folder=folder))
        self.zip.show()
        for one in (self.command, self.copy):
            one.setVisible(command is not None)
        self.rename.setVisible(command is None)
        self.upload.setText(
            self.tr("To put the folder on the Hugging Face Hub:")
            if command
            else self.tr("For an upload command, name the model as on the Hub: owner/name.")
        )
        self.upload.show()
        self.command.setText(command or "")
        self.command.setCursorPosition(0)

    def _show(self, sign: Sign, title: str) -> None:
        self.mark.set_sign(sign)
        self.title.setText(title)
        self.show()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.command.text())
        self.upload.setText(self.tr("Copied."))
        announce(self, self.upload.text())
