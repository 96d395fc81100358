"""Tables: which characters are the same, which are mistaken for another, which say nothing."""
