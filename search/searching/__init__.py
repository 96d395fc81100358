"""From a question to what is shown: hits, snippets, keywords, suggestions."""
