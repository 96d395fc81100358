"""The array codec: segments of a Whoosh index as flat arrays in files, checked as they are read.

docs/index-format.md describes the format.
"""
