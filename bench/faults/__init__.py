"""The fault harness: what breaks a server is done to the real one, and each promise gets its figure and its verdict."""
