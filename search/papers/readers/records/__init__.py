"""Files of records: JSON Lines, JSON, CSV."""
