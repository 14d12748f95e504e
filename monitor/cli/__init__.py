"""Family: the commands of `driftd`, a file for each group of them. `main` names them all; the others say only what
is asked of the library and how its answer is shown. Heavy imports stand inside the commands, so that help is quick.
"""
