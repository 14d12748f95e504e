"""Wrap the rules of ../prometheus/rules for the Prometheus operator: python deploy/kubernetes/make_rules.py"""

from pathlib import Path

HERE = Path(__file__).resolve().parent
RULES = HERE.parent / "prometheus" / "rules"
HEAD = """\
# Made by make_rules.py from deploy/prometheus/rules; not written by hand.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: driftd
  labels:
    app.kubernetes.io/name: driftd
spec:
  groups:
"""


def wrapped() -> str:
    """The manifest: the groups of every file as they are written, comments and all."""
    parts = []
    for path in sorted(RULES.glob("*.yml")):
        lines = path.read_text().split("groups:\n", 1)[1].splitlines()
        parts += [f"  {line}".rstrip() for line in lines]
    return HEAD + "\n".join(parts) + "\n"


if __name__ == "__main__":
    (HERE / "monitoring" / "prometheusrule.yaml").write_text(wrapped())
