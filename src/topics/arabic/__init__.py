"""The text layer: Arabic text to terms, with every term's place in the original. Knows strings only."""
