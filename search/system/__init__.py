"""The machine underneath: files, processes, checksums, and files that users write by hand."""
