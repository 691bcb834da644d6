"""Who does what is due, when clocks jump: one process, and never nobody for long."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from assoc_intranet.jobs.loop import APART, LEASE, Worker

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def two_processes(app):
    return Worker(app), Worker(app)


def test_one_process_works_until_it_dies(two_processes):
    one, other = two_processes
    with time_machine.travel(NOON, tick=False) as clock:
        assert one.holds_lease()
        assert not other.holds_lease()
        clock.shift(LEASE + timedelta(seconds=1))
        assert other.holds_lease()
        assert not one.holds_lease()


@pytest.mark.parametrize("hours", [-1, 1, -24 * 365])
def test_a_clock_that_jumps_leaves_the_work_to_who_has_it(two_processes, hours):
    one, other = two_processes
    with time_machine.travel(NOON, tick=False) as clock:
        assert one.holds_lease()
        clock.shift(timedelta(hours=hours))
        assert one.holds_lease()
        assert not other.holds_lease()
        clock.shift(LEASE - timedelta(seconds=1))
        assert one.holds_lease(), "it renewed its lease by the new clock"


def test_who_dies_before_the_clock_is_put_back_is_not_waited_for(two_processes):
    one, other = two_processes
    with time_machine.travel(NOON, tick=False) as clock:
        assert one.holds_lease()
        clock.shift(timedelta(hours=-1))
        assert other.holds_lease()


def test_clocks_that_are_a_little_apart_do_not_take_the_work_from_each_other(two_processes):
    one, other = two_processes
    with time_machine.travel(NOON, tick=False) as clock:
        assert one.holds_lease()
        clock.shift(-APART)
        assert not other.holds_lease()
