"""Processes that work in bounded time and memory: one that takes more is ended, and no other suffers.

An executor like `concurrent.futures.ProcessPoolExecutor`, which loses all that waits in it when a process dies:
here only the task that ended its process fails, with `WorkerEnded`. Leaving the `with` block by an exception
(Ctrl+C is one) ends the processes at once. Knows nothing of documents; `many` hands it their conversion.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import pickle
import resource
import signal
import traceback
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Final, ParamSpec, Self, TypeVar

from .waiting import STANDING_STILL, at_once
from .wires import Wire

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.context import ForkServerContext
    from types import TracebackType

    from .waiting import Waiting

log = logging.getLogger(__name__)

MEMORY: Final = 4 << 30
"""Address space of a worker in bytes."""

_FITS: Final = 16 << 10
"""Bytes of a call that is sent without waiting: the system keeps more for who has nothing to do and reads it soon."""

_Arguments = ParamSpec("_Arguments")
_Answer = TypeVar("_Answer")


class WorkerEnded(Exception):
    """A task took too long or ended its process; the message says which, as the rest of a sentence about it."""


class WorkerLate(WorkerEnded):
    """A task took more than its time."""


class WorkerFailed(WorkerEnded):
    """An exception that nobody foresaw ended the process of a task; its trace is a note of this one, and logged."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What workers are forked from, and what each of them may take."""

    context: ForkServerContext
    seconds: float
    memory: int
    fresh: bool = False
    serve: Callable[[Wire], None] | None = None
    """What a worker does with the wire over which it is asked; None: it answers calls of `call_of`."""


def forking_from(*preloaded: str) -> ForkServerContext:
    """Return how processes are forked from a server that has these modules imported.

    There is one such server: it has what was named last before it started, and what forks from it later gets along.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", *preloaded])
    return context


def call_of(
    fn: Callable[_Arguments, object], /, *args: _Arguments.args, **kwargs: _Arguments.kwargs
) -> bytes:
    """Return a call as it is sent to a worker."""
    return pickle.dumps((fn, args, kwargs), pickle.HIGHEST_PROTOCOL)


@dataclass(frozen=True, slots=True)
class _Fault:
    """An exception in a task, as its last line and with its trace."""

    told: str
    trace: str


@dataclass(frozen=True, slots=True)
class _Task:
    """A call, pickled, and who waits for its answer."""

    call: bytes
    answer: Future[Any]


class Workers(Executor):
    """Some processes that share the tasks submitted to them.

    They are forked from a server that has `preloaded` imported: it holds no store and no threads, and what it has
    read once is shared by all of them. A process begins with the first task it gets.

    `count`: how many there are; `seconds`: time that one task may take; `memory`: address space of one in bytes;
    `fresh`: whether each task gets a process of its own, for tasks of strangers, who must not meet.
    """

    def __init__(
        self, count: int, *, seconds: float, preloaded: str, memory: int = MEMORY, fresh: bool = False
    ) -> None:
        """Begin without a process."""
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._closing = Lock()
        self._closed = False
        conditions = Conditions(forking_from(preloaded), seconds, memory, fresh)
        self._desks = [_Desk(self._tasks, conditions) for _ in range(count)]

    def submit(
        self, fn: Callable[_Arguments, _Answer], /, *args: _Arguments.args, **kwargs: _Arguments.kwargs
    ) -> Future[_Answer]:
        """Return the future of a call; its exception is a `WorkerEnded` when no answer came.

        An exception in the call ends its process too: a task tells what went wrong by what it returns.
        """
        task = _Task(call_of(fn, *args, **kwargs), Future())
        with self._closing:
            if self._closed:
                raise RuntimeError("the workers were dismissed: no task can be submitted any more")
            self._tasks.put(task)
        return task.answer

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the processes end when all tasks are done; with `cancel_futures` when those under way are."""
        with self._closing:
            if not self._closed:
                self._closed = True
                if cancel_futures:
                    self._cancel_waiting()
                for _ in self._desks:
                    self._tasks.put(None)
        if wait:
            for desk in self._desks:
                desk.join()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Wait for what is under way; after an exception end it."""
        if kind is not None:
            self.shutdown(wait=False, cancel_futures=True)
            for desk in self._desks:
                desk.end()
        self.shutdown()

    def __enter__(self) -> Self:
        return self

    def _cancel_waiting(self) -> None:
        while not self._tasks.empty():
            task = self._tasks.get()
            if task is not None:
                task.answer.cancel()


class _Desk(Thread):
    """Hands one task after another to a process, and replaces a process that ended."""

    def __init__(self, tasks: SimpleQueue[_Task | None], conditions: Conditions) -> None:
        super().__init__(daemon=True)
        self._tasks = tasks
        self._conditions = conditions
        self._changing = Lock()
        self._worker: Worker | None = None
        self._leaving = False
        self.start()

    def run(self) -> None:
        """Work until there is nothing more to do."""
        while (task := self._tasks.get()) is not None:
            if task.answer.set_running_or_notify_cancel():
                self._work_on(task)
        self.end()

    def end(self) -> None:
        """End the process, whatever it does, and begin no other."""
        with self._changing:
            self._leaving = True
            self._end_worker()

    def _work_on(self, task: _Task) -> None:
        try:
            task.answer.set_result(self._present_worker().answer(task.call))
        except WorkerEnded as ended:
            self._worker = None
            task.answer.set_exception(ended)
        if self._conditions.fresh:
            with self._changing:
                self._end_worker()
                self._worker = None

    def _end_worker(self) -> None:
        if self._worker is not None:
            self._worker.end()

    def _present_worker(self) -> Worker:
        with self._changing:
            if self._leaving:
                raise WorkerEnded("was stopped")
            if self._worker is None:
                self._worker = Worker(self._conditions)
            return self._worker


class Worker:
    """A process and the wire to it."""

    def __init__(self, conditions: Conditions) -> None:
        self._conditions = conditions
        self._ending = Lock()
        self._ended = False
        self._wire, theirs = Wire.pair()
        self._process = conditions.context.Process(
            target=_work, args=(theirs, conditions.memory, conditions.serve or answer_calls), daemon=True
        )
        self._process.start()
        theirs.close()

    def answer(self, call: bytes, seconds: float | None = None) -> object:
        """Return the answer to a call (of `call_of`), within the seconds of its conditions unless given others.

        Raises `WorkerEnded`; this worker is of no use then.
        """
        return at_once(self.answered(call, STANDING_STILL, seconds))

    async def answered(self, call: bytes, waiting: Waiting, seconds: float | None = None) -> object:
        """Return the answer as `answer` does, and wait for it as is given."""
        seconds = self._conditions.seconds if seconds is None else seconds
        try:
            answer = await self._heard(call, waiting, seconds)
        except (EOFError, OSError):  # it was gone before, or in the middle of its answer
            raise await waiting.work(self._end_told) from None
        if answer is None:
            await waiting.work(self.end)
            raise WorkerLate(f"took more than {seconds:g} s and was ended")
        told = pickle.loads(answer)  # noqa: S301 - our own process wrote it
        if isinstance(told, _Fault):
            await waiting.work(self.end)
            raise _failed(told)
        return told

    async def _heard(self, call: bytes, waiting: Waiting, seconds: float) -> memoryview | None:
        """Return the answer as it was sent, None where none came in time."""
        if len(call) > _FITS:
            await waiting.work(partial(self._wire.send, call))
        else:
            self._wire.send(call)
        if not await waiting.heard(self._wire.fileno(), seconds):
            return None
        begun = self._wire.begun()
        return await waiting.work(partial(self._wire.rest, begun)) if begun.missing else begun.message

    @property
    def lives(self) -> bool:
        """Whether the process has not ended, by itself or by somebody else."""
        if self._ended:  # told by its exit code, which stands in the sentinel before that is closed
            return False
        return not at_once(STANDING_STILL.heard(self._process.sentinel, 0))

    def end(self) -> None:
        """End the process with whatever it has started, and wait until it is gone."""
        with self._ending:
            self.kill()
            self._process.join()
            self._wire.close()
            self._ended = True

    def kill(self) -> None:
        """End the process with whatever it has started, without waiting."""
        if self._process.pid is not None:
            with contextlib.suppress(ProcessLookupError):  # it has not become the head of its group yet
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()

    def _end_told(self) -> WorkerEnded:
        """Return how the process has ended, which closes its wire shortly before."""
        self._process.join(1)
        self.end()
        code = self._process.exitcode or 0
        if code < 0:
            return WorkerEnded(f"ended its process ({signal.Signals(-code).name})")
        return WorkerFailed(f"ended its process (exit code {code})")


def _work(wire: Wire, memory: int, serve: Callable[[Wire], None]) -> None:
    """Serve whoever asks, within so many bytes of memory: what a worker does."""
    os.setpgid(0, 0)  # Ctrl+C is for whoever submits tasks, who then ends this group
    limit_memory(memory)
    with FaultsTold(wire):
        serve(wire)


def answer_calls(wire: Wire) -> None:
    """Answer calls until nobody asks any more."""
    while answer_next(wire, _called):
        pass


def answer_next(wire: Wire, answer: Callable[[Any], object]) -> bool:
    """Answer what is asked next; return False where nobody asks any more."""
    try:
        asked = pickle.loads(wire.receive())  # noqa: S301 - as above
    except EOFError:
        return False
    answered = pickle.dumps(answer(asked), pickle.HIGHEST_PROTOCOL)
    with contextlib.suppress(BrokenPipeError):  # whoever asked is gone
        wire.send(answered)
    return True


def _called(call: tuple[Callable[..., object], tuple[object, ...], dict[str, object]]) -> object:
    fn, arguments, named = call
    return fn(*arguments, **named)


class FaultsTold:
    """Sends the exception that ends its block to whoever asked: a worker prints nothing among what they print."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """End the block, whatever ended it."""
        if error is not None:
            lines = traceback.format_exception(kind, error, trace)
            fault = _Fault(traceback.format_exception_only(kind, error)[-1].strip(), "".join(lines))
            with contextlib.suppress(OSError):  # whoever asked is gone
                self._wire.send(pickle.dumps(fault, pickle.HIGHEST_PROTOCOL))
        return True


def _failed(fault: _Fault) -> WorkerFailed:
    log.info("a task failed: %s", fault.trace)
    failed = WorkerFailed(f"failed ({fault.told}), a fault of this program and not of what it was given")
    failed.add_note(fault.trace)
    return failed


def limit_memory(memory: int = MEMORY) -> None:
    """Bound the memory of this process, in bytes; also an initializer for other pools of processes."""
    with contextlib.suppress(ValueError, OSError):  # a lower limit that was set from outside holds
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
