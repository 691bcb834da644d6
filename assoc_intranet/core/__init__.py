"""What everything stands on: database, clock, changes, errors, HTML, rights. It knows nothing of ours."""
