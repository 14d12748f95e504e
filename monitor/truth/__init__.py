"""Department: what came true, joined to what was said, whenever it comes.

Reading order: `labels` (the word), `lines` (SageMaker's ground truth), `delivery` (a file of labels, read once), `join`
(predictions find their labels: pure), `files` (Arrow files that appear whole), `shelf` (labels delivered, in segments
that never change), `predictions` (what the model said in a window, waiting for labels), `awaiting` (what may be said of
a window with the labels that have come so far), `gathered` (all labels of some places, for one judgement).
"""
