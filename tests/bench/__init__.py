"""The benchmarks: ratios measured in one run, each with its goal."""

from __future__ import annotations
