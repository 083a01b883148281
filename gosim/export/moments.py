"""When things are shown to happen in trace files, which know no order but that of time.

In virtual time computing costs nothing: whole stretches of a run happen in one instant.  Viewers
would draw them on top of each other and sort them as they like, so each event gets a time of its
own: those of one instant are a fixed step apart, the longest of 1 µs, 100 ns, 10 ns and 2 ns with
which none of them would come later than the next instant.  Between two of them is always a moment
at which nothing changes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from gosim.leaks.recording import Event, Recording
    from gosim.memory.samples import Sample

STEPS: Final = (1000, 100, 10, 2)


class Moments(NamedTuple):
    """The times of a recording.

    Attributes
    ----------
    times : list of int
        One for each event, in virtual ns; each later than the one before.
    step : int
        Nanoseconds between events of one instant.
    late : bool
        Some instant has more events than there is time for before the next one: what follows is
        shown later than it happened.
    samples : list of tuple
        The samples of memory: the index of the event before which they belong, time, sample.
    """

    times: list[int]
    step: int
    late: bool
    samples: list[tuple[int, int, Sample]]

    @property
    def note(self) -> str:
        """What readers of the file have to know."""
        apart = f"{self.step} ns" if self.step < 1000 else "1 µs"
        text = (
            f"Time is virtual: computing takes none. Events of one instant are shown {apart} "
            "apart, in their order."
        )
        if self.late:
            text += " There are too many for the time between: some are shown later than they were."
        return text


CUT: Final = "The run had more events than a recording keeps: this is its beginning."


def moments(recording: Recording) -> Moments:
    """Return when to show the events of a recording, and the samples of its memory."""
    events = recording.events
    step = _step(events)
    times: list[int] = []
    last, instant, late = -step, -1, False
    for event in events:
        if event.at != instant:
            instant = event.at
            last = max(event.at, last + step)
            late = late or last > event.at
        else:
            last += step
        times.append(last)
    return Moments(times, step, late, _samples(recording, times))


def _step(events: Sequence[Event]) -> int:
    """Return the longest step with which every event is shown before the next instant."""
    longest = STEPS[0]
    begin = 0
    for i, event in enumerate(events):
        gap = event.at - events[begin].at
        if gap:
            longest = min(longest, gap // (i - begin))
            begin = i
    return next((step for step in STEPS if step <= longest), STEPS[-1])


def _samples(recording: Recording, times: Sequence[int]) -> list[tuple[int, int, Sample]]:
    """Return the samples at their places.

    A sample shows the end of its instant, or the moment before the collection that it does not
    count yet.  Of several for one place the last one stays.
    """
    events = recording.events
    cycles = [i for i, event in enumerate(events) if event.kind == "gc"]
    places: dict[tuple[int, int], Sample] = {}
    for sample in recording.samples:
        place = bisect_right(events, sample.at, key=lambda event: event.at)
        if recording.cut and place == len(events) and events and sample.at > events[-1].at:
            break  # what went on meanwhile is not known
        if sample.num_gc < len(cycles):
            place = min(place, cycles[sample.num_gc])
        if 0 < sample.num_gc <= len(cycles):
            place = max(place, cycles[sample.num_gc - 1] + 1)
        at = max(sample.at, times[place - 1] if place else 0)
        places.pop((place, at), None)
        places[place, at] = sample
    return [(place, at, sample) for (place, at), sample in sorted(places.items(), key=_of_place)]


def _of_place(item: tuple[tuple[int, int], Sample]) -> tuple[int, int]:
    return item[0]
