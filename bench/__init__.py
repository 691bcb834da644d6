"""The performance harness: the real server as a separate process, measured by the processor time it takes."""
