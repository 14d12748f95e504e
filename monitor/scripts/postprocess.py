"""A postprocessor script, called once behind a written report."""

from collections.abc import Mapping
from pathlib import Path

from monitor.child.limits import ChildFailed, line
from monitor.place import Place
from monitor.report import Report
from monitor.scripts.said import Said
from monitor.scripts.script import Script, ScriptFailed


def postprocess(script: Script, folder: Path, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Call it with the report's folder as its output; what it said. Raises ScriptFailed; the report stays."""
    said = Said()
    with script.running(folder) as (child, home):
        task = {
            "do": "postprocess",
            "path": str(script.path),
            "home": home,
            "folder": str(folder.absolute()),
            "environment": dict(environment),
        }
        try:
            answer, _ = child.call(task)
        except ChildFailed as error:
            raise ScriptFailed("postprocess", f"{script.path.name}: {error.why}") from None
    said.take(answer["said"], answer["more"])
    if "error" in answer:
        raise ScriptFailed("postprocess", f"{script.path.name}: {line(answer['error'])}", said.told())
    return said.told()


def environment(
    report: Report, folder: Path, *, source: Place | None = None, endpoint: str | None = None
) -> dict[str, str]:
    """The variables of SageMaker's container, those of them that are known here."""
    span = report.window
    known = {
        "output_path": str(folder.absolute()),
        "dataset_source": str(source.absolute() if isinstance(source, Path) else source)
        if source is not None
        else None,
        "start_time": f"{span.start:%Y-%m-%dT%H:%M:%SZ}" if span is not None else None,
        "end_time": f"{span.end:%Y-%m-%dT%H:%M:%SZ}" if span is not None else None,
        "sagemaker_endpoint_name": endpoint,
        "sagemaker_monitoring_schedule_name": report.monitor,
        "analysis_type": "DATA_QUALITY",
        "publish_cloudwatch_metrics": "Disabled",
    }
    return {name: value for name, value in known.items() if value is not None}
