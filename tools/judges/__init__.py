"""Judges from outside: each first proves on an application with holes that it sees, then judges what we serve."""
