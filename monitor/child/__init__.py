"""Department: a function run in a child process with limits of time, memory and output.

Reading order: `limits` (what is allowed, and how it fails), `parent` (the call), `process` (the pipes between the two,
and the end of everything the child started), `serve` (the child's side).

It protects the daemon from mistakes, not from a hostile author: the code has the rights of the daemon's user, and
whoever may write rules may run code. Known gaps: the memory limit is per process, so code that forks gets it again;
a process that left the session (setsid) stays if the child ended by itself before it was looked for; any grandchild
stays if the daemon itself was killed -9, which only the child is told of.
"""
