"""Family: reports, baselines and rules in the forms that people and programs read, a file each.

In reading order: json (report.json, for programs), table (for a terminal), html (report.html, a page for a browser; its
template and style lie beside it), markdown (report.md, for a comment), rejected (rejected.json, samples of what could
not be read), notebook (for a cell of one); below them, sentences (findings in words), evidence (what is followed over
windows), quality (how right the model is), measures (how far a feature moved, in all of them), cards (which findings
and features stand on the page), and untrusted (text from captures, made safe to show). The page's pictures: sides (a
feature now and in the baseline), bars (its cells in words and rows), picture (the drawing of them), columns (numbers)
and rows (categories), histogram (equal bins), interval (a finding against its limit), band (where a share may wander,
and how near that is to an alarm), axis (round numbers), drawing (paths and labels); over time, heatmap (features by
windows) on a timeaxis (round moments), lanes (what went on beside them), volumes (rows of each window). A period of
many windows: period (in words), period_html, period_markdown, period_json. Besides: baseline (one, or the difference of
two), inspection (of a file of captures), rules (manual pages and the catalogue), course (a feature over windows), moved
(what its median did), timeline (what a back-test found), suggestion (what to write, and why), people (incidents,
occasions, dead letters).
"""
