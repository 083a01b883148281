"""A program under load: arrivals, cost of a call, limits, the books, and the doors to them."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import gosim as gs
from gosim import chan, go
from gosim.cli import main
from gosim.runtime.errors import LoadError, UsageError
from gosim.runtime.program import Function
from gosim.scenario import find, scenarios
from gosim.traffic.arrivals import SECOND, Arrivals, parse_rate
from gosim.traffic.handler import served
from gosim.traffic.limits import parse_limit
from gosim.traffic.result import Load, Loads
from gosim.traffic.service import serve
from gosim.views import load as view
from gosim.views import load_chart


async def _work(results: Any) -> None:
    await results.send(1)


async def leaks() -> None:
    go(_work, chan(int))


async def repaired() -> None:
    go(_work, chan(int, 1))


def under(handler: Callable[..., Any], rate: str, seconds: float, **options: Any) -> Load:
    """The load on a function of this file."""
    kind = options.pop("kind", "steady")
    seed = options.get("seed", 0)
    limit = options.pop("limit", None)
    return serve(
        served(Function(handler)),
        Arrivals(rate, kind, seed=seed),
        int(seconds * SECOND),
        limit=None if limit is None else parse_limit(limit),
        **options,
    )


# -- arrivals --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("100", "100 what?"),
        ("7", "in which time?"),
        ("0/s", "no load"),
        ("-1/s", "no rate"),
        ("", "no rate"),
        ("100/d", "no rate"),
        ("2000000/s", "at most"),
    ],
)
def test_a_wrong_rate_gets_a_sentence(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        parse_rate(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("rate", "seconds", "calls"),
    [("100/s", 10, 1000), ("90/min", 60, 90), ("3/s", 1, 3), ("1/h", 10, 1), ("2.5/s", 2, 5)],
)
def test_steady_calls_come_as_often_as_the_rate_says(rate: str, seconds: int, calls: int) -> None:
    arrivals = Arrivals(rate)
    instants = list(arrivals.instants(seconds * SECOND))
    assert len(instants) == calls == arrivals.expected(seconds * SECOND)
    assert instants == sorted(instants)
    assert instants[0] == 0
    gaps = {b - a for a, b in pairwise(instants)}
    assert not gaps or max(gaps) - min(gaps) <= 1


def test_poisson_calls_are_independent_and_repeatable() -> None:
    first = list(Arrivals("100/s", "poisson", seed=3).instants(200 * SECOND))
    assert first == list(Arrivals("100/s", "poisson", seed=3).instants(200 * SECOND))
    assert first != list(Arrivals("100/s", "poisson", seed=4).instants(200 * SECOND))
    gaps = [b - a for a, b in pairwise(first)]
    mean = SECOND / 100
    # Of exponential gaps the deviation is the mean.
    assert statistics.mean(gaps) == pytest.approx(mean, rel=0.05)
    assert statistics.stdev(gaps) == pytest.approx(mean, rel=0.05)


def test_bursts_have_the_same_rate() -> None:
    instants = list(Arrivals("100/s", "bursts:50").instants(10 * SECOND))
    assert len(instants) == 1000
    assert len(set(instants)) == 20


@pytest.mark.parametrize("kind", ["often", "bursts:", "bursts:0", "steady:3", "bursts:x"])
def test_calls_arrive_in_no_other_way(kind: str) -> None:
    with pytest.raises(UsageError):
        Arrivals("1/s", kind)


@pytest.mark.parametrize(
    ("text", "size"), [("512MiB", 1 << 29), ("1.5G", 3 << 29), ("64m", 1 << 26), ("100", 100)]
)
def test_a_limit_is_a_size(text: str, size: int) -> None:
    assert parse_limit(text).bytes == size


@pytest.mark.parametrize("text", ["", "x", "-1", "0", "5 apples"])
def test_a_wrong_limit_gets_a_sentence(text: str) -> None:
    with pytest.raises(UsageError):
        parse_limit(text)


# -- what a call costs -----------------------------------------------------------------------------


def test_every_call_leaks_one_goroutine() -> None:
    load = under(leaks, "100/s", 10)
    assert (load.calls, load.simulated, load.ended) == (1000, 1000, "time")
    assert load.goroutines == 1000
    assert load.cost.goroutines == 1
    assert load.cost.stack == pytest.approx(2048, rel=0.05)
    assert load.grows
    (left,) = load.left
    assert (left.count, left.wait_reason, left.proof) == (1000, "chan send", True)
    assert left.function == "main._work"


def test_repaired_calls_do_not_accumulate() -> None:
    load = under(repaired, "1000/s", 12, fold=False, max_goroutines=100, gogc="10")
    assert load.calls == load.simulated == 12_000
    assert load.samples[-1].num_gc > 4
    assert load.goroutines == 0
    assert load.left == []
    assert not load.grows
    first = [s.rss for s in load.samples if s.at <= load.virtual_ns // 2]
    assert load.peak == pytest.approx(max(first), rel=0.1)  # level: nothing is added later
    assert max(s.goroutines for s in load.samples) <= 3


def test_calls_in_flight_are_no_leak() -> None:
    async def slow() -> None:
        await gs.time.sleep(20 * gs.time.Second)

    load = under(slow, "10/s", 60)
    assert load.samples[-1].goroutines >= 200
    assert load.goroutines == load.asleep == 0
    assert 19 * SECOND < load.settled_ns <= 60 * SECOND


def test_calls_that_outlive_the_patience_are_told() -> None:
    async def slower() -> None:
        await gs.time.sleep(gs.time.Hour)

    load = under(slower, "1/s", 10)
    assert load.asleep == load.goroutines == 10
    assert any("asleep" in note for note in view.notes_of([load]))


def test_a_handler_may_ask_for_its_number() -> None:
    async def every_tenth(number: int) -> None:
        if number % 10 == 0:
            go(_work, chan(int))

    assert under(every_tenth, "100/s", 10).goroutines == 100


def test_a_process_of_ones_own_decides_when_calls_arrive() -> None:
    def source(env: Any, call: Callable[[], None]) -> Iterator[Any]:
        for _ in range(5):
            yield env.timeout(SECOND)
            call()
            call()

    load = gs.load(leaks, arrivals=source, for_="1m")
    assert load.calls == load.goroutines == 10  # type: ignore[union-attr]
    with pytest.raises(UsageError, match="simpy process"):
        gs.load(leaks, arrivals=lambda env, call: call(), for_="1m")  # type: ignore[arg-type, return-value]


def test_a_panic_ends_the_process() -> None:
    async def third(number: int) -> None:
        if number == 2:
            gs.panic("no more")

    load = under(third, "1/s", 10)
    assert (load.ended, load.exit_code, load.calls) == ("panic", 2, 3)
    assert load.stderr.startswith("panic: no more\n")
    assert load.virtual_ns == 2 * SECOND


# -- the limit -------------------------------------------------------------------------------------


def test_the_time_until_the_limit_is_measured_when_it_is_reached() -> None:
    load = under(leaks, "1000/s", 60, limit="16MiB")
    assert (load.ended, load.exit_code, load.how) == ("limit", 137, "measured")
    assert load.until_limit == load.virtual_ns
    assert load.rss == pytest.approx(16 << 20, rel=0.01)
    assert load.goroutines == load.calls  # those in flight had time to end


def test_the_time_until_the_limit_is_extrapolated_when_it_is_not_reached() -> None:
    measured = under(leaks, "1000/s", 60, limit="32MiB").until_limit
    load = under(leaks, "1000/s", 8, limit="32MiB")
    assert (load.ended, load.how) == ("time", "extrapolated")
    assert load.until_limit == pytest.approx(measured, rel=0.05)


def test_a_repair_never_gets_there() -> None:
    load = under(repaired, "100/s", 60, limit="16MiB")
    assert (load.how, load.until_limit) == ("never", None)


def test_a_limit_below_what_the_process_needs_gets_a_sentence() -> None:
    with pytest.raises(UsageError, match="too small"):
        under(leaks, "1/s", 1, limit="1MiB")
    with pytest.raises(UsageError, match="does not start"):
        gs.load(leaks, rate="1/s", for_="1s", limit="512MiB", limit_by="address")


def test_the_runtime_ends_a_process_without_address_space() -> None:
    loads = gs.load("out-of-memory", rate="100/s", for_="10s", limit="1400MiB", limit_by="address")
    leak, fixed = loads  # type: ignore[misc]
    assert (leak.ended, leak.exit_code) == ("limit", 2)
    assert leak.stderr.startswith("runtime: out of memory: cannot allocate 4194304-byte block (")
    assert "\nfatal error: out of memory\n" in leak.stderr
    assert fixed.ended == "time"


def test_a_soft_limit_makes_the_collector_work_and_frees_nothing() -> None:
    def collections(memlimit: str | None) -> tuple[int, int]:
        load = under(leaks, "1000/s", 40, memlimit=memlimit, limit="80MiB")
        return load.samples[-1].num_gc, load.calls

    usual, without = collections(None)
    hard, with_limit = collections("40MiB")
    assert hard > 10 * usual
    assert with_limit == pytest.approx(without, rel=0.05)


# -- the books -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("handler", "kind"), [(leaks, "poisson"), (repaired, "steady")], ids=["leak", "repair"]
)
def test_the_books_say_what_running_every_call_says(handler: Callable[..., Any], kind: str) -> None:
    folded = under(handler, "1000/s", 22, kind=kind)
    ran = under(handler, "1000/s", 22, kind=kind, fold=False)
    assert folded.simulated < folded.calls == ran.calls == ran.simulated
    assert folded.folded
    assert not ran.folded
    assert folded.goroutines == ran.goroutines
    for name in ("heap_alloc", "stack_inuse"):
        assert folded.after[name] == pytest.approx(ran.after[name], rel=0.01, abs=64 << 10), name
    assert folded.samples[-1].num_gc == pytest.approx(ran.samples[-1].num_gc, abs=1)
    # What top shows of garbage depends on the moment of the last collection.
    assert folded.peak == pytest.approx(ran.peak, rel=0.01, abs=512 << 10)


def test_a_buffer_that_fills_is_seen_before_it_is_full() -> None:
    """Nothing tells its calls apart but the level of the buffer: they are not all the same."""

    async def fill(number: int) -> None:
        if number == 0:
            fill.room = chan(int, 15_000)  # type: ignore[attr-defined]
        await fill.room.send(number)  # type: ignore[attr-defined]

    load = under(fill, "1000/s", 20)
    assert load.simulated > 15_000
    assert load.goroutines == 5_000


def test_calls_that_pile_up_on_timers_are_not_put_on_the_books() -> None:
    async def patient() -> None:
        await gs.time.sleep(15 * gs.time.Second)

    load = under(patient, "1000/s", 20, memlimit=None)
    # For the first 15 s they look like a leak, and then they end.
    assert load.goroutines == 0


@pytest.mark.slow
def test_an_hour_at_a_thousand_calls_a_second() -> None:
    load = under(leaks, "1000/s", 3600)
    assert load.calls == load.goroutines == 3_600_000
    assert load.cost.goroutines == 1
    assert load.simulated == 5_000
    short = under(leaks, "1000/s", 15, fold=False)
    assert load.cost.bytes == pytest.approx(short.cost.bytes, rel=0.01)


# -- repeatable ------------------------------------------------------------------------------------


def test_the_same_load_gives_the_same_record() -> None:
    def record() -> str:
        load = under(leaks, "50/s", 10, kind="poisson", seed=5)
        return json.dumps(load.to_dict())

    assert record() == record()


# -- scenarios, files, the command line ------------------------------------------------------------


def test_every_scenario_takes_a_load_or_says_why_not() -> None:
    for scenario in scenarios():
        if scenario.no_load:
            assert scenario.no_load.endswith(".")
            assert "\n" not in scenario.no_load
            continue
        for variant in scenario.variants:
            name = variant.extra.get("load", scenario.load)
            if "python" in variant.sources and variant.expect != "compile-error":
                text = variant.file("python").read_text(encoding="utf-8")
                assert f"def {name}(" in text, f"{scenario.name} {variant.name}"


def cli(capsys: Any, *arguments: str) -> tuple[int, str, str]:
    """The exit code, stdout and stderr of a command."""
    code = main(["run", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_the_command_line_shows_leak_and_repair(capsys: Any, tmp_path: Path) -> None:
    chart, page = tmp_path / "load.svg", tmp_path / "load.html"
    code, out, err = cli(
        capsys, "C6", "--load", "100/s", "--for", "10s", "--limit", "16MiB",
        "--memory", str(chart), "--html", str(page),
    )  # fmt: skip
    assert code == 0
    assert out.startswith("first-answer-wins leak: a call leaves 2 goroutines and 5.5 KiB behind")
    assert "(extrapolated)" in out
    assert "never: the curve is level" in out
    assert f"wrote {chart}" in err
    assert "limit 16 MiB" in chart.read_text(encoding="utf-8")
    html = page.read_text(encoding="utf-8")
    assert "The first answer wins" in html
    assert "<svg" in html


@pytest.mark.parametrize("source", ["python", "go"])
def test_goroutines_of_the_library_have_their_names(capsys: Any, source: str) -> None:
    code, out, _ = cli(
        capsys, "unclosed-body", "--source", source, "--load", "10/s", "--for", "1s"
    )  # fmt: skip
    assert code == 0
    for loop in ("readLoop", "writeLoop"):
        assert f"× net/http.(*persistConn).{loop}" in out


def test_json_is_one_object(capsys: Any) -> None:
    code, out, _ = cli(capsys, "C6", "--load", "50/s", "--for", "2s", "--json")
    found = json.loads(out)
    assert code == 0
    assert found["schema"] == "gosim.load/1"
    assert [run["variant"] for run in found["runs"]] == ["leak", "buffer-n"]
    assert found["runs"][0]["cost"]["goroutines"] == 2
    assert found["runs"][0]["samples"][-1]["goroutines"] > 100


def test_a_function_of_a_file_can_be_named(capsys: Any, tmp_path: Path) -> None:
    file = tmp_path / "service.py"
    file.write_text(
        "from gosim import chan\n\nasync def serve():\n    await chan(int).recv()\n",
        encoding="utf-8",
    )
    code, out, _ = cli(capsys, f"{file}:serve", "--load", "10/s", "--for", "1s")
    assert code == 0
    assert "a call leaves 1 goroutine" in out
    code, _, err = cli(capsys, f"{file}:server", "--load", "10/s")
    assert code == 2
    assert "did you mean serve?" in err
    with pytest.raises(LoadError, match="name what each call runs"):
        gs.load(str(file), rate="1/s")


def test_a_function_of_a_go_file_can_be_named(capsys: Any) -> None:
    file = find("growing-service").first.file("go")
    code, out, _ = cli(capsys, f"{file}:handle", "--load", "10/s", "--for", "2s")
    assert code == 0
    assert "a call leaves 1 goroutine and 51" in out  # 512 KiB and a goroutine
    code, _, err = cli(capsys, f"{file}:fetch", "--load", "10/s")
    assert code == 2
    assert "takes arguments" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--load", "100"], "100 what?"),
        (["--load", "-1/s"], "no rate"),
        (["--for", "10s"], "--load"),
        (["--limit", "1GiB"], "--load"),
        (["--load", "1/s", "--limit-by", "address"], "--limit 512MiB"),
        (["--load", "1/s", "--step"], "single run"),
        (["--load", "1/s", "-p", "n=1..5"], "one size"),
        (["--load", "1000000/s", "--for", "1000h"], "at most"),
    ],
)
def test_wrong_options_get_one_sentence(capsys: Any, arguments: list[str], words: str) -> None:
    code, out, err = cli(capsys, "C6", *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1


def test_a_tour_says_why_it_takes_no_load(capsys: Any) -> None:
    code, _, err = cli(capsys, "channel-tour", "--load", "1/s")
    assert code == 2
    assert "takes no load: it is a tour" in err


# -- pictures --------------------------------------------------------------------------------------


def test_no_label_of_the_chart_overlaps() -> None:
    for seconds, limit in ((10, None), (4, "8MiB"), (20, "8MiB")):
        loads = [
            under(leaks, "200/s", seconds, limit=limit, variant="leak"),
            under(repaired, "200/s", seconds, limit=limit, variant="fixed"),
        ]
        for width in (480.0, 760.0):
            sheet = load_chart.sheet(loads, view.headline(loads), width)
            assert sheet.overlaps() == []


def test_a_load_shows_itself_in_a_notebook() -> None:
    loads = Loads([under(leaks, "10/s", 5)])
    shown = loads._repr_mimebundle_()
    assert shown["text/html"].startswith("<img alt=")
    assert "a call leaves 1 goroutine" in shown["text/plain"]
    assert loads[0]._repr_mimebundle_() == shown
