"""Family: the shipped rules, a file each, of the same form as a user's.

Loaded by path, as a user's are; a file copied to `rules/` and renamed works unchanged.
"""
