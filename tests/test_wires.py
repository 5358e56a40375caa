"""Messages between two processes over a wire, and two ways of waiting for one."""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
import uvloop

from loader.waiting import STANDING_STILL, at_once
from loader.wires import Wire
from service.store.in_loop import IN_LOOP

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine


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


@pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_a_wire_is_as_it_was_when_a_loop_has_listened(
    new_loop: Callable[[], asyncio.AbstractEventLoop],
) -> None:
    """Long messages are sent whole and waited for from then on, too, where the loop of the service had it give up."""
    here, there = Wire.pair()
    with ThreadPoolExecutor(2) as threads:
        for size in (1, 5_000_000, 5_000_000):
            threads.submit(there.send, b"x").result()
            assert threads.submit(run_in, new_loop, IN_LOOP.heard(here.fileno(), 600)).result()
            assert bytes(here.receive()) == b"x"
            received = threads.submit(there.receive)
            here.send(b"y" * size)
            assert len(received.result()) == size
            assert os.get_blocking(here.fileno())
    here.close()
    there.close()


def run_in(
    new_loop: Callable[[], asyncio.AbstractEventLoop], coroutine: Coroutine[object, object, object]
) -> object:
    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(coroutine)


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
