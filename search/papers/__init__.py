"""Files to articles: walk a folder, decode, split pages, read records.

`walk` finds the files, `read_paper` reads one; `Problem` is what either could not read.
"""
