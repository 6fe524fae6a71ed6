"""All stand-ins, in the order in which they start."""

from __future__ import annotations

from importlib import import_module

from utils.sandbox.server import Service

MODULES = ("telegram", "google", "tiktok", "graph", "rupload", "instagram", "groq")


def _services() -> tuple[type[Service], ...]:
    found: list[type[Service]] = []
    for module in MODULES:
        try:
            loaded = import_module(f"utils.sandbox.{module}")
        except ModuleNotFoundError as error:
            if error.name != f"utils.sandbox.{module}":
                raise
            continue
        found.extend(
            value
            for value in vars(loaded).values()
            if isinstance(value, type)
            and issubclass(value, Service)
            and f"{value.__module__}.".startswith(f"{loaded.__name__}.")
            and hasattr(value, "name")
        )
    return tuple(found)


SERVICES = _services()
