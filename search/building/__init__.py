"""Parts of a build: what is to do, and reading and writing it in tasks."""
