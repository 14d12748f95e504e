"""Department: what driftd knows about its windows, kept through crashes: the only truth about progress.

In reading order: words (what goes in and comes out), states (of a window, and SageMaker's words for them), tables and
after (the tables of what comes after a verdict), columns (how times and blobs stand in them), database (one SQLite file
or PostgreSQL, by the same code), sqlite and postgres (what is peculiar to each), failures (what a broken store says),
disks (where a file must not lie), backups, upgrading (the tables' versions; the steps are in migrations/), leadership
(one daemon at a time), ledger (plan, claim, finish, fail), planning, claiming, finishing, lateness, reopening (its
transactions), labels (those that come late), upserts (rows that may be there already), evidence, memories and marks
(what the policy keeps, and what people say of it), tallies, incidents, occasions, outgoing, gathered and deeds (how
many incidents there are, alarms and incidents, what is told from outside, events on their way to receivers, those that
wait for others, actions to be done), trail (deeds that are kept to be told), lately (the windows before one), rows,
queries, glances and closer (what the pages and metrics ask), retention (what is old goes).
"""
