"""Share pages of storage services, and the direct addresses behind them."""
