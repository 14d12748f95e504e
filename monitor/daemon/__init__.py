"""Department: `driftd run`, from a configuration to windows judged for months.

Reading order: `clock` (what time it is), `watched` (a configuration, loaded whole), `task` (what a worker is told, and
what it answers), `looking`, `windowed` and `folders` (a first look at captures, a window judged, its report written),
`receiving`, `waiting` and `labelled` (labels that come late: read, waited for, a window judged again for them), `work`
(the worker's side), `preload` (what it is forked from), `workers` (the daemon's side of them, a process for each task),
`following` (the policy, asked about one window), `bundle` (what it keeps, on its way), `alarms` (the events of what it
says), `standing` (how it stands), `planning` (windows into the ledger), `bookkeeping` and `dispatch` (from the ledger
to workers and back), `views` and `board` (what is known of every monitor), `tidying` (what is old goes), `receivers`
(of routes), `delivering` (what is due is sent), `summaries` (groups, digests, repetitions) and `outgoing` (events on
their way), `numbered` (numbers of windows in a row), `banded` (what is usual of them), `alarmed` and `conditions`
(alarms of one's own), `deeds` and `doing` (actions: decided, done), `belated`, `aftermath` and `telling` (what labels
say of older windows; incidents follow windows, and their events), `saying`, `shown` and `people` (what people say of
them, see and do), `periods` (all that was found and done between two times), `asked` (actions that they ask for),
`histories` (many windows as pages see them), `rows`, `courses`, `shelves`, `audited` and `details` (one window, a
feature over windows, baselines, who did what), `listening` (what has become of windows and labels, told), `leading`
(what one instance does at a time), `site` (what the web asks), `service` (all of it together), `once` (without a
daemon), `replay` (the demonstration), `systemd` (what the service manager is told).
"""
