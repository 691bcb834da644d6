"""The one door: `python app.py` serves, and every other server imports `app` from here."""

from assoc_intranet import create_app

app = create_app()

if __name__ == "__main__":
    from assoc_intranet.cli import main

    main(["serve"])
