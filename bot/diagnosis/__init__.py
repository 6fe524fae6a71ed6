"""The doctor: looks at everything that can be wrong, says what to do, and does what it can."""
