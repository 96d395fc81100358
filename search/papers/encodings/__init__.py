"""Which encoding bytes are in, and what they say in it."""
