"""The web side: webhook, health and the control socket."""
