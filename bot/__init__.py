"""The front end: chat, web and command line."""
