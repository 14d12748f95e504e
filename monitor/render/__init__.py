"""Family: reports, baselines and rules in the forms that people and programs read, a file each.

In reading order: json (report.json, for programs), table (for a terminal), notebook (a piece of HTML or Markdown);
below all of them, sentences (findings in words) and untrusted (text from captures, made safe to show). Besides:
baseline (one, or the difference of two), rules (manual pages and the catalogue).
"""
