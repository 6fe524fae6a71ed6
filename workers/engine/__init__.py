"""The engine: when and where the handler of a task runs."""
