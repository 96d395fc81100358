"""The index on the disk as a whole: its folder, lock and lists, and how a change is committed."""
