"""From papers to an index: what is to do, doing it in tasks, and checking what came of it."""
