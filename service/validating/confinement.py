"""What a process that judges for strangers may not do, whatever a library in it tries: reach out, or write.

The shapes are looked through before (`refusals`); this holds where that has a hole. An audit hook cannot be taken
out again, so it belongs into a process that serves one request and ends.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings
from typing import Final

import rdflib.plugins.sparql

_FORBIDDEN: Final = (
    "socket.connect",
    "socket.bind",
    "socket.sendto",
    "socket.sendmsg",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "os.remove",
    "os.rename",
    "os.mkdir",
)
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Forbidden(Exception):
    """Something tried to reach out of the process."""


def confine() -> None:
    """Let this process reach nothing and write nothing from now on, and say nothing of strangers' data."""
    rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = False
    logging.getLogger("rdflib").setLevel(logging.CRITICAL)
    warnings.simplefilter("ignore")
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    writes = event == "open" and isinstance(arguments[2], int) and bool(arguments[2] & _WRITING)
    if writes or event in _FORBIDDEN:
        raise Forbidden(f"{event} is not done for strangers")
