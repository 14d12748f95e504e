"""Family: where captures come from. A source finds what is to be read and yields it as blocks of whole lines.

files: local files and folders. parquet: Parquet files, as blocks of rows. manifest: files that name other files.
"""
