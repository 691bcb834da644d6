"""The child process: reads the database address on standard input and runs every migration of a folder it lacks."""

import sys

from alembic import command
from alembic.config import Config

config = Config()
config.set_main_option("script_location", sys.argv[1])
config.attributes["url"] = sys.stdin.readline().strip()
command.upgrade(config, "head")
