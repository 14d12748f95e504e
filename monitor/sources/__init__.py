"""Family: where captures come from. A source finds what is to be read and yields it as blocks of whole lines.

listing: the files of a place. dated: times in the names of folders. choosing: which of them a window needs. remote:
object stores. ahead: objects fetched before their turn. opening: the bytes of one file. memory: what is let go of and
taken again with each block. files: files and folders, as blocks of lines. pieces: stretches of a large file of lines.
parquet: Parquet files, as blocks of rows. manifest: files that name other files. texts: small files at a place.
"""
