"""How a page is to be read, put right by its reader: kept beside the paper, it wins."""
