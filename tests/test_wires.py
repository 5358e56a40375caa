"""Messages between two processes over a wire, and two ways of waiting for one."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from loader.waiting import STANDING_STILL, at_once
from loader.wires import Wire
from service.store.in_loop import IN_LOOP

if TYPE_CHECKING:
    from collections.abc import Coroutine


@pytest.mark.parametrize("size", [0, 1, 100, 70_000, 5_000_000])
def test_a_message_arrives_whole(size: int) -> None:
    """However long it is, and the next one after it: what is longer than the system keeps is sent piece by piece."""
    here, there = Wire.pair()
    messages = [bytes([number]) * size for number in range(3)]
    with ThreadPoolExecutor(1) as threads:
        for message in messages:
            sent = threads.submit(here.send, message)
            assert bytes(there.receive()) == message
            sent.result()
    here.close()
    with pytest.raises(EOFError):
        there.receive()
    there.close()


def test_who_listens_knows_what_is_still_to_come() -> None:
    """Of a message of which half is there it takes that half, and the rest when it comes."""
    here, there = Wire.pair()
    here.socket.sendall(b"\0\0\0\0\0\0\0\x04an")
    begun = there.begun()
    assert begun.missing == 2
    here.socket.sendall(b"sw")
    assert bytes(there.rest(begun)) == b"answ"
    here.socket.sendall(b"\0\0\0")
    assert there.begun().missing == 5
    here.close()
    there.close()


def in_a_loop(coroutine: Coroutine[object, object, object]) -> object:
    """What a coroutine returns in an event loop of a thread of its own: browsers of other tests have one in ours."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def test_both_ways_of_waiting_hear_the_same() -> None:
    """Something that is there, and nothing within the time."""
    here, there = Wire.pair()
    assert not at_once(STANDING_STILL.heard(there.fileno(), 0))
    assert not in_a_loop(IN_LOOP.heard(there.fileno(), 0))
    here.send(b"something")
    assert at_once(STANDING_STILL.heard(there.fileno(), 600))
    assert in_a_loop(IN_LOOP.heard(there.fileno(), 600))
    assert in_a_loop(IN_LOOP.work(there.receive)) == b"something"
    here.close()
    there.close()
    with pytest.raises(RuntimeError, match="event loop"):
        at_once(asyncio.sleep(0))
