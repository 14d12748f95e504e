"""Filing: the files of a report folder."""

from collections.abc import Mapping
from pathlib import Path

from monitor.baselines import listed, pretty
from monitor.evaluate import Outcome
from monitor.render.html import page
from monitor.render.json import report_json
from monitor.render.markdown import markdown
from monitor.render.rejected import rejected_json
from monitor.sagemaker import model_quality, quality_violations
from monitor.sagemaker.constraints import suggest
from monitor.sagemaker.statistics import statistics
from monitor.sagemaker.violations import violations_document


def documents(outcome: Outcome) -> Mapping[str, str]:
    """The files of a report folder by name."""
    report, profile = outcome.report, outcome.profile
    found = {
        "report.json": report_json(report),
        "report.html": page(report, profile, outcome.base, outcome.rejects),
        "report.md": markdown(report),
        "statistics.json": listed(statistics(profile)),
        "constraint_violations.json": pretty(violations_document(report.findings)),
        "constraints.json": pretty(suggest(profile)),
    }
    if outcome.rejects:
        found["rejected.json"] = rejected_json(outcome.rejects)
    if profile.quality is not None:
        found |= {
            "model_quality_statistics.json": pretty(model_quality.statistics(profile.quality)),
            "model_quality_constraint_violations.json": pretty(quality_violations.violations_document(report.findings)),
            "model_quality_constraints.json": pretty(model_quality.suggest(profile.quality)),
        }
    return found


def write(outcome: Outcome, folder: Path) -> None:
    """Write the report folder; each file appears whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in documents(outcome).items():
        temporary = folder / f".{name}"
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(folder / name)
