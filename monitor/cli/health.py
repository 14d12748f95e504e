"""`driftd health`: is a daemon alive and ready? For health checks of containers, which have no curl."""

from http.client import HTTPException
from pathlib import Path

import click

from monitor.cli.connecting import connection

SECONDS = 5.0


@click.command()
@click.option("--config", "file", type=click.Path(path_type=Path), help="The daemon's configuration.")
@click.option("--address", help="HOST:PORT instead; 127.0.0.1:9465 by default.")
@click.option("--ready", is_flag=True, help="Ask whether it is ready, and not only alive.")
def health(file: Path | None, address: str | None, ready: bool) -> int:
    """Ask a daemon on this machine whether it is alive; exit 0 if it is, 1 if not.

    Its web configuration file decides whether TLS is spoken; the certificate is not checked, since nothing is told.
    """
    listen, prefix, is_tls = address or "127.0.0.1:9465", "", False
    if file is not None:
        from monitor.cli.config import loaded

        web = loaded(file)[0].web
        listen, prefix = address or web.listen, web.prefix.rstrip("/")
        is_tls = web.config is not None and _has_tls(web.config.read_text(encoding="utf-8"))
    path = f"{prefix}/-/{'ready' if ready else 'healthy'}"
    try:
        code, text = _asked(listen, path, is_tls=is_tls)
    except (OSError, HTTPException, ValueError) as error:
        click.echo(f"driftd: {listen}: no answer: {error}", err=True)
        return 1
    click.echo(text.strip())
    return 0 if code in (200, 401) else 1


def _has_tls(text: str) -> bool:
    """Whether a web configuration file names a certificate; one in a comment does not count."""
    return any(line.lstrip(" {\"'").startswith("tls_server_config") for line in text.splitlines())


def _asked(listen: str, path: str, *, is_tls: bool) -> tuple[int, str]:
    asking = connection(listen, SECONDS, is_tls=is_tls)
    try:
        asking.request("GET", path)
        answer = asking.getresponse()
        return answer.status, answer.read(4096).decode(errors="replace")
    finally:
        asking.close()
