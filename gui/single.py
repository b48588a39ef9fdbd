# SPDX-License-Identifier: Apache-2.0
"""One window for one person: a second start hands its path to the first and ends."""

import getpass
import hashlib

from PySide6.QtCore import QIODevice, QObject, QStandardPaths, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_WAIT_MS = 500
_MOST = 8192
"""Bytes of a message; a path is shorter."""


def server_name() -> str:
    """The same for each start of the same person with the same settings, and for nobody else."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppConfigLocation)
    return "weighbridge-" + hashlib.sha256(f"{getpass.getuser()}\0{place}".encode()).hexdigest()[:16]


def hand_over(path: str, name: str | None = None) -> bool:
    """Tell a running window to come forward and open `path` ("" for none). False when there is none that answers."""
    socket = QLocalSocket()
    socket.connectToServer(name or server_name(), QIODevice.OpenModeFlag.ReadWrite)
    if not socket.waitForConnected(_WAIT_MS):
        return False
    socket.write(path.encode() + b"\n")
    socket.waitForBytesWritten(_WAIT_MS)
    answered = socket.waitForReadyRead(_WAIT_MS * 4)
    socket.disconnectFromServer()
    return answered


class Doorbell(QObject):
    """Listens for later starts. `rung(path)`: come forward, and open the path unless it is empty."""

    rung = Signal(str)

    def __init__(self, name: str | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._name = name or server_name()
        self._server.newConnection.connect(self._called)

    def listen(self) -> bool:
        """Begin; a socket that a killed process left behind is replaced."""
        if self._server.listen(self._name):
            return True
        QLocalServer.removeServer(self._name)
        return self._server.listen(self._name)

    def close(self) -> None:
        """Stop listening."""
        self._server.close()

    def _called(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(lambda caller=socket: self._read(caller))
            socket.disconnected.connect(socket.deleteLater)
            if socket.canReadLine():
                self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        if socket.bytesAvailable() > _MOST:
            socket.abort()
            return
        if socket.canReadLine():
            line = bytes(socket.readLine(_MOST).data())
            socket.write(b"ok\n")
            socket.flush()
            self.rung.emit(line.decode("utf-8", "replace").rstrip("\n"))
