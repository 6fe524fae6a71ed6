"""``karvon bench``: runs the benchmarks of a source checkout."""

from __future__ import annotations

import argparse
import importlib.util
import runpy
import sys

from core.errors import KarvonError


def run(args: argparse.Namespace) -> int:
    if importlib.util.find_spec("tests.bench") is None:
        raise KarvonError("the benchmarks are in the source checkout; run `make bench` there")
    sys.argv = ["bench", *([args.only] if args.only else [])]
    try:
        runpy.run_module("tests.bench", run_name="__main__")
    except SystemExit as leave:
        return int(leave.code or 0)
    return 0
