"""The three files as texts: the same configuration gives the same bytes, wherever it lies."""

from collections.abc import Sequence
from typing import Any

import yaml

from monitor.alerting import routes, rules, trials
from monitor.alerting.subject import Subject
from monitor.config.lines import add_words

RULES, TRIALS, ALERTMANAGER = "driftd.rules.yml", "driftd.rules.test.yml", "alertmanager.yml"

ABOUT_RULES = """\
# Alert rules for the monitors of a configuration, made by `driftd config rules`; make them anew when it has changed.
# They stand in the place of those in deploy/prometheus/rules, and hold all that is in these. Prometheus 2.42 or later;
# the scrape job must be named driftd. critical: somebody is called; warning: a ticket; info: worth a look.
"""
ABOUT_TRIALS = f"""\
# Tests of {RULES}, made with it: `promtool test rules {TRIALS}`.
# Series are made up; times are wide apart, so that the longest `for` passes from one look to the next.
"""
ABOUT_ROUTES = f"""\
# Alertmanager for the alerts of {RULES}, made by `driftd config rules`: whose they are, then how grave.
# Nobody is reached until the receivers at the end are filled in; nothing made later writes over this file.
"""
ABOUT_RECEIVERS = """\
# Say of each how it is reached, for example:
#   pagerduty_configs: [{routing_key_file: /etc/alertmanager/secrets/pagerduty}]
#   slack_configs: [{api_url_file: /etc/alertmanager/secrets/slack, channel: '#models'}]
#   email_configs: [{to: models@example.com, from: driftd@example.com, smarthost: mail.example.com:587}]
#   webhook_configs: [{url: https://tickets.example.com/hooks/alertmanager}]
"""


class _Dumper(yaml.SafeDumper):
    """Texts of several lines as they are read; no text that YAML 1.1 or 1.2 would take for something else."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  every value is written out
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        return super().increase_indent(flow, indentless=False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)
add_words(_Dumper)


def pages(subjects: Sequence[Subject], *, runbooks: str, by: str | None = None) -> dict[str, str]:
    """Text by file name."""
    found = rules.document(subjects, runbooks)
    tests = trials.document(subjects, found, file=RULES, runbooks=runbooks)
    tree = routes.document(subjects, by)
    receivers = {"receivers": tree.pop("receivers")}
    return {
        RULES: ABOUT_RULES + _dumped(found),
        TRIALS: ABOUT_TRIALS + _dumped(tests),
        ALERTMANAGER: f"{ABOUT_ROUTES}{_dumped(tree)}\n{ABOUT_RECEIVERS}{_dumped(receivers)}",
    }


def _dumped(document: Any) -> str:
    text: str = yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000)
    return text
