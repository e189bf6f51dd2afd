"""Events as pages: what they are, how they are listed, shown and linked."""
