"""What driftd says of models that grow worse, on real data: window by window, beside scikit-learn's area.

    python benchmarks/quality.py [FOLDER]        (data as in quality_data.py; needs scikit-learn)

Each window of `car_loan` and `elec2` is judged with its labels against the baseline. Printed are its area under the ROC
curve by driftd, how far scikit-learn's is from that, accuracy with its interval, and which metrics are worse than the
baseline's (VIOLATED) or could not be told. With a FOLDER the reports are written there, NAME/START/report.html.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.quality_data import CASES, Case, area
from monitor import filing, make_baseline
from monitor.library import judged
from monitor.quality.metrics import metrics_of

RULE = "model_quality"


def told(case: Case, folder: Path | None) -> None:
    """Every window of a case in a line."""
    problem = case.problem
    columns = {"prediction": problem.prediction, "probability": problem.probability, "truth": problem.truth}
    columns |= {"id": "id", "time": "time"}
    base = make_baseline(case.base, columns=columns, problem=problem.kind)
    before = metrics_of(base.profile.quality)
    print(f"{case.name}: baseline auc {before['auc'].value:.4f}, accuracy {before['accuracy'].value:.4f}")
    furthest = 0.0
    for number, window in enumerate(case.windows):
        rows, labels = case.part(window)
        joined = rows.merge(labels, on="id")
        outcome = judged(joined, base, None, columns, None, "driftd")
        now = metrics_of(outcome.profile.quality)
        found = {
            status: [f.feature or f.reason for f in outcome.report.findings if f.rule == RULE and f.status == status]
            for status in ("violated", "unknown")
        }
        apart = abs(now["auc"].value - area(joined, problem))
        furthest = max(furthest, apart)
        accuracy = now["accuracy"]
        worse, unsure = (", ".join(map(str, found[status])) or "-" for status in ("violated", "unknown"))
        print(
            f"  {number:3} {window.start:%Y-%m-%d} {len(joined):5} rows  auc {now['auc'].value:.4f} (off {apart:.0e})  "
            f"accuracy {accuracy.value:.3f} [{accuracy.low:.3f}, {accuracy.high:.3f}] worse: {worse}; unknown: {unsure}"
        )
        if folder is not None:
            filing.write(outcome, folder / case.name / f"{window.start:%Y-%m-%d}")
    print(f"  furthest from scikit-learn's area: {furthest:.1e}")


def main() -> None:
    data = Path(os.environ.get("DRIFTD_DATA", "tests/data")) / "drift"
    for case in CASES:
        told(case(data), Path(sys.argv[1]) if len(sys.argv) > 1 else None)


if __name__ == "__main__":
    main()
