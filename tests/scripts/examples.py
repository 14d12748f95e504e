"""Scripts as teams have them for SageMaker Model Monitor, and captures to put them to."""

import json
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import shop

ARRAY = """
import json


def preprocess_handler(inference_record):
    values = json.loads(inference_record.endpoint_output.data)
    return {f"prediction{i}": value for i, value in enumerate(values)}
"""

MINUS_ONE = """
def preprocess_handler(inference_record):
    fields = inference_record.endpoint_input.data.split(",")
    return {i: None if field == "-1" else field for i, field in enumerate(fields)}
"""

SAMPLING = """
import random

SHARE = 0.1


def preprocess_handler(inference_record):
    if random.random() >= SHARE:
        return []
    return {str(i).zfill(20): v for i, v in enumerate(inference_record.endpoint_input.data.split(","))}
"""

TENSORFLOW = """
import json
import logging

logging.basicConfig(level=logging.INFO)


def preprocess_handler(inference_record, logger):
    request = json.loads(inference_record.endpoint_input.data)["instances"]
    answer = json.loads(inference_record.endpoint_output.data)["predictions"]
    logger.info(f"{len(request)} instances")
    rows = []
    for instance, prediction in zip(request, answer):
        values = prediction + instance
        rows.append({str(i).zfill(20): value for i, value in enumerate(values)})
    return rows
"""

TEST_TRAFFIC = """
import json


def is_test(metadata):
    attributes = metadata.custom_attribute
    if attributes is None:
        return False
    return json.loads(attributes[0]).get("testIndicator") == "true"


def preprocess_handler(inference_record):
    if is_test(inference_record.event_metadata):
        return []
    if inference_record.endpoint_input.encoding == "CSV":
        both = inference_record.endpoint_output.data.rstrip("\\n") + "," + inference_record.endpoint_input.data
        return {str(i).zfill(20): value for i, value in enumerate(both.split(","))}
    raise ValueError(f"encoding {inference_record.endpoint_input.encoding} is not handled")
"""

FIRST_INTERFACE = """
import json


def preprocess_handler(inference_record):
    event_data = inference_record.event_data
    request, answer = {}, {}
    if event_data.endpointInput.encoding == "JSON":
        request = json.loads(event_data.endpointInput.data)
    if event_data.endpointOutput.encoding == "JSON":
        answer = json.loads(event_data.endpointOutput.data)
    return {"event": inference_record.eventMetadata.eventId, **request, **answer}
"""

CONCATENATED = """
def preprocess_handler(inference_record):
    answer = inference_record.endpoint_output.data.rstrip("\\n")
    fields = (answer + "," + inference_record.endpoint_input.data).split(",")
    return {str(i).zfill(20): field for i, field in enumerate(fields)}
"""


def written(folder: Path, text: str, name: str = "pre.py") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(textwrap.dedent(text))
    return path


def returning(folder: Path, answer: str) -> Path:
    """A preprocessor that returns this expression of `record`, its data split into `fields`."""
    text = f"""
    def preprocess_handler(record):
        fields = record.endpoint_input.data.split(",")
        return {answer}
    """
    return written(folder, text)


def captures(path: Path, requests: Sequence[Any], answers: Sequence[Any], attributes: Sequence[Any] = ()) -> Path:
    lines = [shop.capture(*pair, i) for i, pair in enumerate(zip(requests, answers, strict=True))]
    records = [json.loads(line) for line in lines]
    for record, attribute in zip(records, attributes, strict=False):
        record["eventMetadata"]["customAttributes"] = [json.dumps(attribute)]
    return shop.write(path, map(json.dumps, records))
