"""The answer and the request of a capture side by side: columns by place, the answer first."""

import json


def preprocess_handler(inference_record, logger):
    """One row for a capture; test traffic, which says so in its custom attributes, is dropped."""
    attributes = inference_record.event_metadata.custom_attribute
    if attributes and json.loads(attributes[0]).get("testIndicator"):
        logger.debug("test traffic")
        return []
    answer = inference_record.endpoint_output.data.strip()
    values = f"{answer},{inference_record.endpoint_input.data.strip()}".split(",")
    return {str(place).zfill(20): None if value == "-1" else value for place, value in enumerate(values)}
