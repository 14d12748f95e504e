"""Family: where captures come from. A source finds what is to be read and yields it as blocks of whole lines.

place: local paths and URLs. listing: the files of a place. dated: times in the names of folders. choosing: which of
them a window needs. files: files and folders. parquet: Parquet files, as blocks of rows. manifest: files that name
other files. remote: object stores.
"""
