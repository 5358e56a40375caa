"""Waiting in an event loop, which does something else meanwhile; what takes its time is done by a thread."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Final, TypeVar

from anyio import to_thread

if TYPE_CHECKING:
    from collections.abc import Callable

_Answer = TypeVar("_Answer")


class InLoop:
    """Waits without a thread for what another process says."""

    async def work(self, work: Callable[[], _Answer]) -> _Answer:
        """Have a thread do it."""
        return await to_thread.run_sync(work)

    async def heard(self, descriptor: int, seconds: float) -> bool:
        """Have the loop listen."""
        loop = asyncio.get_running_loop()
        heard: asyncio.Future[bool] = loop.create_future()
        ending = loop.call_later(seconds, _tell, heard, False)
        loop.add_reader(descriptor, _tell, heard, True)
        try:
            return await heard
        finally:
            ending.cancel()
            loop.remove_reader(descriptor)
            os.set_blocking(descriptor, True)  # libuv, of uvloop, made it give up where nothing has come yet


IN_LOOP: Final = InLoop()


def _tell(heard: asyncio.Future[bool], something: bool) -> None:
    if not heard.done():
        heard.set_result(something)
