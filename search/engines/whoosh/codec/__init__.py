"""The array codec: segments of a Whoosh index as flat arrays in memory-mapped files.

docs/index-format.md describes the format.
"""
