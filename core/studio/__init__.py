"""The studio: a library of media, and mashups made from it."""
