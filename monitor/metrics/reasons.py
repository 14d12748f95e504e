"""The closed lists of label values: a reason is never the text of an error."""

from collections.abc import Sequence
from typing import get_args

from monitor.child.limits import Reason as ChildReason

OTHER = "other"
"""What a reason that no list knows counts as."""

CHILD: tuple[str, ...] = get_args(ChildReason)
RUN_FAILURES = ("timeout", "memory", "died", "source", "baseline", "rule", "input", "disk", "internal", OTHER)
RULE_FAILURES = (*CHILD, "bad_result", "not_installed", OTHER)
WINDOWS_SKIPPED = ("expired", "dead", OTHER)
REJECTED = (
    "bad_tensor", "column_count", "encoding_other", "ground_truth", "line_too_long", "no_payload", "not_a_capture",
    "not_a_flat_object", "not_an_object", "not_base64", "not_csv", "not_here", "not_json", "not_rows", "not_text",
    "not_utf8", "other_kind", "preprocess_answer", "preprocess_failed", "rows_differ", "too_deep", "too_many_columns",
    "too_many_values", "unknown_format", "unpacked_size", "unpaired", "unreadable", OTHER,
)  # fmt: skip
PHASES = ("load", "evaluate", "publish")
LEVELS = ("debug", "info", "warning", "error", "critical")
OPERATIONS = ("open", "read", "write", "backup", "upgrade", OTHER)
NOTIFICATION_FAILURES = ("clientError", "authError", "rateLimited", "serverError", "timeout", OTHER)
ACTION_OUTCOMES = ("done", "failed", "refused")


def known(value: str, values: Sequence[str]) -> str:
    """The value, if the list has it.

    >>> known("timeout", RUN_FAILURES), known("No such file: /x", RUN_FAILURES)
    ('timeout', 'other')
    """
    return value if value in values else OTHER
