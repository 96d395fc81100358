"""Full-text search for Chinese newspaper archives."""
