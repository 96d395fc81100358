"""What was found, written for a person or for a program: one module a format."""
