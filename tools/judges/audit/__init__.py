"""The judges that knock on the door: they attack the running server, on this machine only, when somebody asks."""
