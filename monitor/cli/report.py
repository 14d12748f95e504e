"""`driftd report`: one monitor over a week, a month, an audit."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from monitor.config.grammar import Config
    from monitor.period import Period

WEEK = timedelta(days=7)
FORMS = ("html", "md", "json")
ENDINGS = {".html": "html", ".htm": "html", ".json": "json"}


@click.command()
@click.option("--config", "file", required=True, type=click.Path(path_type=Path), help="The configuration.")
@click.option("--monitor", "name", help="The monitor in it; the only one by default.")
@click.option("--from", "start", metavar="TIME", help="Windows that end after this [default: a week before --to].")
@click.option("--to", "end", metavar="TIME", help="... and not after this [default: the end of the newest window].")
@click.option("--out", type=click.Path(path_type=Path), help="File to write it into; on the standard output without.")
@click.option("--form", type=click.Choice(FORMS), help="What it is written as [default: as --out ends, else md].")
def report(
    file: Path, name: str | None, start: str | None, end: str | None, out: Path | None, form: str | None
) -> None:
    """Report on a monitor's windows between two times: what was due and judged, incidents, what was violated since
    when and how far, what it was judged by, what people did, which messages never arrived.

    It reads the store only, also while a daemon runs. The page is one file without network or script.
    """
    from monitor.cli.config import loaded, monitor_of
    from monitor.cli.evaluate import moment_of

    monitor = monitor_of(file, name)
    found = _found(loaded(file)[0], monitor.name, moment_of("--from", start), moment_of("--to", end))
    text = _text(found, form or (ENDINGS.get(out.suffix.lower(), "md") if out is not None else "md"))
    if out is None:
        click.echo(text, nl=False)
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, encoding="utf-8")
    click.echo(f"{out}: written")


def _found(config: "Config", name: str, start: datetime | None, end: datetime | None) -> "Period":
    """What the store has. Raises InputError where no window ever was, or the times are in the wrong order."""
    from monitor.cli.progress import Bar
    from monitor.daemon import periods
    from monitor.daemon.leading import store_url
    from monitor.errors import InputError
    from monitor.store.database import Database

    database = Database.open(store_url(config), config.state, read_only=True)
    try:
        with database.read() as connection, Bar("reading windows") as bar:
            until = end or periods.newest(connection, name)
            if until is None:
                raise InputError(
                    f"monitor {name!r}: no window is stored; `driftd run` stores those it judges, `driftd backfill` "
                    "those of the past"
                )
            since = start or until - WEEK
            if since >= until:
                told = f"--from {since:%Y-%m-%dT%H:%M:%SZ}: is not before --to {until:%Y-%m-%dT%H:%M:%SZ}"
                raise InputError(f"{told}; an earlier time would be right")
            return periods.period(connection, name, since, until, bar.steps)
    finally:
        database.close()


def _text(period: "Period", form: str) -> str:
    from monitor.render.period_html import page
    from monitor.render.period_json import period_json
    from monitor.render.period_markdown import period_markdown

    return {"html": page, "json": period_json, "md": period_markdown}[form](period)
