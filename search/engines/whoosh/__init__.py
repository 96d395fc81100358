"""The default engine: a Whoosh index on disk."""
