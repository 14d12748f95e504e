"""Says how many violations the report holds."""

import json
import os


def postprocess_handler():
    """Read the file where SageMaker's container has it; driftd finds it in the report's folder."""
    with open("/opt/ml/processing/output/constraint_violations.json") as file:
        found = json.load(file)["violations"]
    print(f"{os.environ['sagemaker_monitoring_schedule_name']}: {len(found)} violations")
