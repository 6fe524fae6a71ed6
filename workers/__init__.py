"""What runs while no user waits."""
