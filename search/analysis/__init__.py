"""The analysis of text: folding and segmentation."""
