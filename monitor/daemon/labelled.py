"""A window judged again for its labels alone: its captures are not read, and need not be there any more."""

import json
import time
from dataclasses import replace

from monitor import configured
from monitor.baselines import load
from monitor.daemon import bundle
from monitor.daemon.looking import monitor_of
from monitor.daemon.task import Answer, Task, Worked
from monitor.daemon.waiting import awaiting
from monitor.daemon.windowed import following_of, labelled, published
from monitor.document import from_document, to_document
from monitor.errors import InputError
from monitor.profile import Profile
from monitor.relabelling import relabelled
from monitor.report import Report
from monitor.rulepath import assembled
from monitor.sagemaker.edits import with_domains


def judged(task: Task, prior: bytes) -> Worked:
    """The next revision of a window; or that labels, which have come, change nothing of the one before."""
    times = [time.monotonic()]
    document, kept = bundle.parted(prior)
    before = json.loads(document)
    monitor = monitor_of(task)
    baseline = load(monitor.baseline, with_statistics=False)
    baseline = replace(baseline, profile=with_domains(baseline.profile, baseline.constraints))
    truth = awaiting(task, monitor, baseline)
    if truth is None:
        raise InputError("truth: neither the configuration nor the baseline says what question the model answers")
    profile, report = from_document(Profile, before["profile"]), from_document(Report, before["report"])
    following, rules = following_of(monitor, task, kept), assembled(task.rules)
    has_look = following.own is not None and following.fits(baseline)
    is_followed = has_look and configured.follows(monitor, rules)
    order = configured.order(
        monitor,
        rules,
        config_digest=task.config_digest,
        window=task.window,
        preprocess=False,
        policy=following if is_followed else None,
    )
    times.append(time.monotonic())
    outcome = relabelled(report, profile, baseline, order, truth)
    times.append(time.monotonic())
    is_same = to_document(profile.quality) == to_document(outcome.profile.quality)
    if before["is_judged"] and is_same:
        return Worked(answer=Answer(is_unchanged=True, labelled=labelled(profile)))
    found = published(outcome, task, monitor, baseline, times)
    if has_look and not is_followed:
        following.look(outcome.profile, baseline)
    answer = replace(
        found.answer,
        input_digest=before["input_digest"],
        replayed=following.replayed,
        notes=(*outcome.notes, *following.notes),
    )
    return replace(found, answer=answer, evidence=bundle.packed(following.rows))
