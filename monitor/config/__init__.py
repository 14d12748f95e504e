"""Department: the configuration, from YAML files to frozen words, with every mistake told at once.

Reading order: `mistakes` (what is wrong, where, and what would be right), `lines` (YAML that knows its lines),
`environment` (names of the environment, filled in), `values` (durations, sizes, shares, cron lines), `parts` (what a
part of the grammar is), `captures`, `truth`, `schedule`, `alarm`, `bands`, `alarms`, `service`, `routes`, `actions`,
`engine`, `problem` and `grammar` (the keys), `tree` (includes, scalars spelled out, defaults laid under), `validation`
(a tree against the grammar), `asking` (alarms that ask for each other), `options` and `checks` (presets, changes to
them, options of rules), `load` (all of it together), `show` (the configuration in effect, as YAML), `upcoming` (the
next windows of each monitor), `overview` (its alarms, and what is odd about them). Besides: `columns` (roles and
problems from Python).
"""
