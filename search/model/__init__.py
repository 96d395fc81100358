"""What all parts speak of: articles, hits, facets, errors, and how their classes are made."""
