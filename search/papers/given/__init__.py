"""What is told of papers from outside of them: `[[source]]`, `--source`, metadata.csv."""
