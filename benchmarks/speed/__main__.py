"""The benchmarks of speed from the command line."""

import argparse
import contextlib
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from benchmarks.speed import page, plan
from benchmarks.speed.bench import Bench, Found
from benchmarks.speed.installed import PEERS
from benchmarks.speed.stock import Stock


def main(arguments: list[str] | None = None) -> int:
    """Measure everything, or the experiments named, and write the page; what is not measured anew is taken from the
    results that were kept."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=main.__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(plan.EXPERIMENTS)}; all if none")
    parser.add_argument("--cache", type=Path, help="folder for data and tools, kept (default: a temporary one)")
    parser.add_argument("--results", type=Path, help="where figures are kept (default: build/speed.json)")
    parser.add_argument("--docs", type=Path, default=Path("docs"))
    parser.add_argument("--times", type=int, default=7, help="runs of each thing that takes less than 10 s")
    parser.add_argument("--quick", action="store_true", help="20,000 rows, once each, no other tools")
    parser.add_argument("--long", action="store_true", help="ten million records as well")
    parser.add_argument("--no-peers", action="store_true", help="no other tools")
    parser.add_argument("--page", action="store_true", help="only the page, from the results that were kept")
    given = parser.parse_args(arguments)
    kept = given.results or Path("build") / ("speed-quick.json" if given.quick else "speed.json")
    with _folder(given.cache) as cache:
        names = [] if given.page else given.names or list(plan.EXPERIMENTS)
        _measure(_bench(given, cache), names, kept, quick=given.quick)
    found = _kept(kept)
    if missing := [name for name in plan.EXPERIMENTS if name not in found]:
        print(f"no page yet: {', '.join(missing)} not in {kept}")
        return 2
    missed = page.write(found, given.docs)
    print(f"{given.docs / 'performance.md'} written; {len(missed)} limits missed")
    return 0


def _bench(given: argparse.Namespace, cache: Path) -> Bench:
    bench = Bench(stock=Stock(cache / "data"), tools=cache / "tools", times=given.times)
    if given.quick:
        few = replace(bench, times=1, records=20_000, by_row=20_000, small=20_000, compared=51, monitors=1)
        return replace(few, stock=Stock(cache / "data", training=2_000), sizes=(20_000,), widths=(), files=(10,))
    if given.long:
        bench = replace(bench, sizes=(*bench.sizes, 10_000_000))
    return bench if given.no_peers else replace(bench, peers=tuple(PEERS))


def _measure(bench: Bench, names: list[str], kept: Path, *, quick: bool) -> None:
    """Each experiment is written down as it ends."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    found = _kept(kept)
    for name in names:
        began = perf_counter()
        print(f"{name}:", flush=True)
        found[name] = plan.EXPERIMENTS[name](bench)
        print(f"{name} took {perf_counter() - began:.0f} s", flush=True)
        kept.write_text(json.dumps({**found, "about": plan.about(quick=quick)}, indent=1))


def _kept(path: Path) -> Found:
    found: Found = json.loads(path.read_text()) if path.exists() else {}
    return found


@contextlib.contextmanager
def _folder(cache: Path | None) -> Iterator[Path]:
    if cache is not None:
        yield cache.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="driftd-speed-") as name:
        yield Path(name)


if __name__ == "__main__":
    sys.exit(main())
