"""Real HTTP servers on loopback that stand in for every remote and enforce its rules."""
