"""The command `driftd`."""

import sys
from importlib import import_module
from typing import Any

import click

from monitor import __version__
from monitor.errors import BaselineError, InputError, MonitorError, SourceError

COMMANDS = {
    "accept": "monitor.cli.accept:accept",
    "backfill": "monitor.cli.backfill:backfill",
    "backtest": "monitor.cli.backtest:backtest",
    "baseline": "monitor.cli.baseline:baseline",
    "check": "monitor.cli.check:check",
    "config": "monitor.cli.config:config",
    "demo": "monitor.cli.demo:demo",
    "evaluate": "monitor.cli.evaluate:evaluate",
    "events": "monitor.cli.events:events",
    "health": "monitor.cli.health:health",
    "incident": "monitor.cli.incident:incident",
    "init": "monitor.cli.init:init",
    "inspect": "monitor.cli.inspect:inspect",
    "notify": "monitor.cli.notify:notify",
    "report": "monitor.cli.report:report",
    "rules": "monitor.cli.rules:rules",
    "run": "monitor.cli.run:run",
    "store": "monitor.cli.store:store",
    "suggest": "monitor.cli.suggest:suggest",
}
INTERNAL_ERROR = 70


class Commands(click.Group):
    """A group that imports a command's file when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        found: click.Command = getattr(import_module(module), name)
        return found


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="driftd")
def driftd() -> None:
    """Watch machine-learning models in production: captures against a baseline, to a verdict.

    Exit codes of check and evaluate: 0 fine, 1 violated, 2 bad usage, configuration or input, 3 nothing could be read
    or judged, 4 a rule or script failed.
    """


def main(arguments: list[str] | None = None) -> Any:
    """Run a command and leave with its exit code; a mistake is one line on the standard error, never a traceback."""
    try:
        code = driftd.main(args=arguments, prog_name="driftd", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit("driftd: interrupted")
    except BrokenPipeError:
        sys.stderr.close()  # the reader of a pipe went away; nothing is left to be said
        sys.exit(1)
    except (InputError, BaselineError) as error:
        _told(str(error))
        sys.exit(2)
    except SourceError as error:
        _told(str(error))
        sys.exit(4)
    except MonitorError as error:
        _told(str(error))
        sys.exit(2)
    except OSError as error:
        _told(f"{error.filename or 'input or output'}: {error.strerror or error}")
        sys.exit(2)
    except Exception as error:  # noqa: BLE001  the last resort: a bug must still be one line
        frame = error.__traceback__
        while frame is not None and frame.tb_next is not None:
            frame = frame.tb_next
        where = f" ({frame.tb_frame.f_code.co_filename}:{frame.tb_lineno})" if frame is not None else ""
        _told(f"internal error, please report it: {type(error).__name__}: {error}{where}")
        sys.exit(INTERNAL_ERROR)
    sys.exit(code if isinstance(code, int) else 0)


def _told(text: str) -> None:
    for line in text.splitlines() or [""]:
        click.echo(f"driftd: {line}", err=True)
