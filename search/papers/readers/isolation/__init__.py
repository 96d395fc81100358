"""Reading in a process of its own, which a file may kill without harm to others."""
