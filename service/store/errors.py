"""What can go wrong between a question and the store, as one tree.

StoreError
├── QuerySyntaxError    the text is not SPARQL; carries line and column
├── QueryRefused        it is SPARQL, and this service does not run it (updates, SERVICE)
├── UnsuitableFormat    the answer cannot be written in the format asked for
├── ChangeRefused       statements that cannot be stored as given
├── QueryTooLong        the query is not done at its deadline
│   └── EndpointTooSlow the endpoint was not done with it at the deadline
├── QueryTooDemanding   it needs more memory than it may take
├── UpdateTooLong       the update is not done at its deadline
├── UpdateTooDemanding  it needs more memory than it may take
├── AnswerTooLarge      its answer is longer than one may be
├── TooManyQueries      more queries wait than may
├── QueryAbandoned      whoever asked waits no longer
├── ServiceStopping     the service stops, and whoever asked need not wait
├── BackupDamaged       a backup is not whole, and nothing is made of it
├── StoreBusy           others change the store all the time
└── StoreUnavailable    the store cannot be reached or opened
    ├── EndpointFailed  the endpoint answers, with an error or with what cannot be read
    ├── StoreLocked     another process has it open
    └── NoSnapshot      nothing was published that could be read beside its writer
"""

from __future__ import annotations

from typing import Literal


class StoreError(Exception):
    """Any trouble with the store; the message says what happened and what to do."""


class QuerySyntaxError(StoreError):
    """The query does not parse. `line` and `column` count from 1 and are None where the engine tells none."""

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class QueryRefused(StoreError):
    """The query is understood and not run here."""


class UnsuitableFormat(StoreError):
    """The form of the query has no answer in this format; `offered` are the media types it has."""

    def __init__(self, message: str, *, offered: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.offered = offered


class ChangeRefused(StoreError):
    """The store does not take these statements; nothing of the change is visible."""


class QueryTooLong(StoreError):
    """The query was ended at its deadline; there is no answer, not even a part of one."""


class EndpointTooSlow(QueryTooLong):
    """The endpoint gave no whole answer in time."""


class QueryTooDemanding(StoreError):
    """The query ended the process that answered it: for want of memory, or of stack to read it."""


class UpdateTooLong(StoreError):
    """The update was ended at its deadline; nothing of it is stored."""


class UpdateTooDemanding(StoreError):
    """The update ended the process that ran it; nothing of it is stored."""


class AnswerTooLarge(StoreError):
    """The answer has more rows or bytes than one may have; nothing of it is sent. `of` says which."""

    def __init__(self, message: str, of: Literal["rows", "bytes"] = "rows") -> None:
        super().__init__(message)
        self.of = of


class TooManyQueries(StoreError):
    """The query did not get its turn, or not even a place to wait for it."""


class QueryAbandoned(StoreError):
    """Whoever asked is gone, so the query was ended."""


class ServiceStopping(StoreError):
    """The service is stopping; what was not done in time was ended."""


class BackupDamaged(StoreError):
    """A backup is not what was written, or no backup; nothing is restored of it."""


class StoreBusy(StoreError):
    """Whenever a change was worked out, somebody else had changed the store; nothing of it is visible."""


class StoreUnavailable(StoreError):
    """The store cannot be opened or does not answer."""


class EndpointFailed(StoreUnavailable):
    """The endpoint answered with an error, does not know us, or sent what cannot be read."""


class StoreLocked(StoreUnavailable):
    """Another process has the store on disk open."""


class NoSnapshot(StoreUnavailable):
    """The store has no snapshot, because nobody has opened it for writing yet."""
