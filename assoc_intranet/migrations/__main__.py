"""The child process: reads the database address on standard input and runs every migration that is missing."""

import sys

from alembic import command
from alembic.config import Config

from . import HERE

config = Config()
config.set_main_option("script_location", str(HERE))
config.attributes["url"] = sys.stdin.readline().strip()
command.upgrade(config, "head")
