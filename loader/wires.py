"""Messages between two processes over a socket: eight bytes that say how long one is, and the message.

Whoever has heard that something came may take as much of a message as is there without waiting for the rest.
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from struct import Struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing import Self

_LENGTH: Final = Struct("!Q")
_AT_ONCE: Final = 64 << 10
"""Bytes that are asked for first: all of most messages."""
_PIECE: Final = 1 << 20
"""Bytes that are asked for at most: more does not come at a time, and room is made for all."""


@dataclass(slots=True)
class Begun:
    """As much of a message as has come: its length and itself."""

    content: bytearray

    @property
    def missing(self) -> int:
        """Bytes that are still to come, at least."""
        end = self._end if len(self.content) >= _LENGTH.size else _LENGTH.size
        return max(0, end - len(self.content))

    @property
    def message(self) -> memoryview:
        """The message, when nothing is missing; what another sent out of turn is left out."""
        return memoryview(self.content)[_LENGTH.size : self._end]

    @property
    def _end(self) -> int:
        return _LENGTH.size + int(_LENGTH.unpack_from(self.content)[0])


@dataclass(frozen=True, slots=True)
class Wire:
    """One end. The two ends take turns: nothing is sent before the answer to what was sent last is there.

    Read and written as a file: a process that may open no socket can use the one that it was given.
    """

    socket: socket.socket

    @classmethod
    def pair(cls) -> tuple[Self, Self]:
        """Return two ends of one."""
        one, other = socket.socketpair()
        return cls(one), cls(other)

    def send(self, message: bytes) -> None:
        """Send a message. Raises `OSError` where nobody has the other end any more."""
        head = _LENGTH.pack(len(message))
        sent = os.writev(self.fileno(), [head, message]) - len(head)
        while sent < len(message):
            sent += os.write(self.fileno(), memoryview(message)[sent:])

    def receive(self) -> memoryview:
        """Return the next message, when it is there. Raises `EOFError` where none comes any more."""
        return self.rest(self.begun())

    def begun(self) -> Begun:
        """Return the begin of the next message, waiting only where nothing has come. Raises `EOFError`."""
        return Begun(bytearray(self._received(_AT_ONCE)))

    def rest(self, begun: Begun) -> memoryview:
        """Return the message of which a part has come, when all of it is there. Raises `EOFError`."""
        while missing := begun.missing:
            begun.content += self._received(missing)
        return begun.message

    def fileno(self) -> int:
        """Return the descriptor by which the system tells whether something has come."""
        return self.socket.fileno()

    def close(self) -> None:
        """Let go of this end: the other is told that nothing comes any more."""
        self.socket.close()

    def _received(self, most: int) -> bytes:
        most = min(most, _PIECE)
        if not (came := os.read(self.fileno(), most)):
            raise EOFError("the other process is gone")
        return came
