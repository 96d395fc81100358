"""The array codec: segments of a Whoosh index as files of flat arrays, checked block by block.

docs/index-format.md describes the format.
"""
