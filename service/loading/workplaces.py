"""Where documents are converted: processes of this machine, or the workers of a dask scheduler.

The one module that knows `distributed`, which need not be installed (`jixiao[dask]`). The commands that convert many
documents ask it for a workplace.
"""

from __future__ import annotations

import logging
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar, cast

from loader.many import Workplace, processes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    from distributed import Client

    from loader import Programs

_Arguments = ParamSpec("_Arguments")
_Answer = TypeVar("_Answer")

_ANSWERS_WITHIN: Final = 10
"""Seconds in which a scheduler answers."""
_GROUP: Final = 4
"""Documents in one task of a cluster: a scheduler takes some milliseconds for a task, a document twenty or more."""


class WorkplaceError(Exception):
    """A workplace that cannot be had; the message says why and what to do."""


@contextmanager
def open_workplace(jobs: int, scheduler: str | None, *, programs: Programs) -> Iterator[Workplace]:
    """Yield the workers of the scheduler at an address, or processes of our own.

    Raises `WorkplaceError`.
    """
    if scheduler is not None:
        with _client(scheduler) as client, _scheduler_errors(scheduler):
            yield _cluster(client, scheduler, programs)
    else:
        yield processes(jobs, programs)


def _cluster(client: Client, scheduler: str, programs: Programs) -> Workplace:
    """Return the workers of a cluster; bytes of documents travel, as workers need not see our files.

    Programs are looked for where they are here.
    """
    from distributed import KilledWorker

    _check_versions(client, scheduler)
    threads = sum(client.nthreads().values())
    return Workplace(
        make_executor=lambda: _Cluster(client),
        group=_GROUP,
        ahead=2 * threads + 2,
        elsewhere=True,
        lost=(KilledWorker,),
        programs=programs,
    )


class _Cluster(Executor):
    """The workers of a scheduler: what `Client.get_executor` is, but for futures that end when the scheduler does."""

    def __init__(self, client: Client) -> None:
        """Leave the client to whoever opened it."""
        self._client = client

    def submit(
        self, fn: Callable[_Arguments, _Answer], /, *args: _Arguments.args, **kwargs: _Arguments.kwargs
    ) -> Future[_Answer]:
        """Return a future that can be waited for and cancelled, and no more than that."""
        return cast("Future[_Answer]", self._client.submit(fn, *args, pure=False, **kwargs))


@contextmanager
def _client(scheduler: str) -> Iterator[Client]:
    try:
        from distributed import Client
        from distributed.comm.addressing import get_address_host_port
    except ImportError:
        raise WorkplaceError(
            "--scheduler needs dask, which is not installed: pip install 'jixiao[dask]'"
        ) from None
    try:
        get_address_host_port(scheduler)  # a client of no address at all ends with a traceback
        client = Client(scheduler, timeout=_ANSWERS_WITHIN, set_as_default=False)
    except (OSError, ValueError) as error:
        raise WorkplaceError(
            f"{scheduler}: no dask scheduler answers there ({error}): start one with `dask scheduler` and write the "
            "address it prints, as tcp://127.0.0.1:8786"
        ) from error
    for logger in ("distributed", "distributed.client"):  # what they say of lost connections is told shorter
        logging.getLogger(logger).setLevel(logging.CRITICAL)
    with client:
        yield client


@contextmanager
def _scheduler_errors(scheduler: str) -> Iterator[None]:
    from distributed import CancelledError
    from distributed.comm.core import CommClosedError

    try:
        yield
    except (CancelledError, CommClosedError) as error:
        raise WorkplaceError(
            f"{scheduler}: the scheduler does not answer any more: start it again"
        ) from error


def _check_versions(client: Client, scheduler: str) -> None:
    """See that there are workers, and that they and the scheduler know jixiao as we do."""
    workers = client.run(version, "jixiao", on_error="return")
    if not workers:
        raise WorkplaceError(
            f"{scheduler}: the scheduler has no workers: start some with `dask worker {scheduler}`"
        )
    ours = version("jixiao")
    for place, theirs in {scheduler: _version_at(client), **workers}.items():
        if theirs != ours:
            what = "has no jixiao" if isinstance(theirs, Exception) else f"has jixiao {theirs}"
            raise WorkplaceError(f"{place}: what runs there {what}: install jixiao {ours}, which runs here")


def _version_at(client: Client) -> str | PackageNotFoundError:
    """Return the version that the scheduler has: it unpacks tasks before it hands them on."""
    try:
        return str(client.run_on_scheduler(version, "jixiao"))
    except PackageNotFoundError as error:
        return error
