"""Department: payloads, as text, to rows with columns; and the rows of a request beside those of its answer.

In reading order: csv_rows (comma-separated text; csv_cells, where nothing is quoted); json_rows (JSON), which is
json_text (texts to nested arrays, json_pieces of one type each; json_alike where they are of one make, with
json_scalars), json_shape (nested arrays to rows; json_tables) and json_value (what the shapes mean, one value at a
time; json_columns), with json_exact (numbers that keep their digits); base64_text; sides (both sides of a record put
together), agreeing (plain lists read as the other side asks), exchanges (records of which some have one side only).
Ground: texts (columns of text seen as bytes), cuts (rows of text cut at known places), indices (sets of places),
json_depth (how deep a text is nested).
"""
