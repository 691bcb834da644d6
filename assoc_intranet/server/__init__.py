"""The server: Flask pages in a few threads, live streams on the event loop, due work in a thread of its own."""
