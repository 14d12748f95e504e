"""Department: `driftd run`, from a configuration to windows judged for months.

Reading order: `clock` (what time it is), `watched` (a configuration, loaded whole), `task` (what a worker is told, and
what it answers), `work` (the worker's side), `workers` (the daemon's side of them, a process for each task),
`planning` (windows into the ledger), `dispatch` (from the ledger to workers and back), `views` (what is shown of it all),
`service` (the daemon, put together), `systemd` (what the service manager is told).
"""
