"""Accounts: connected channels, their tokens and their quotas."""
