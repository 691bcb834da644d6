"""The association that does not exist: its people and what they do, written as one would tell it."""
