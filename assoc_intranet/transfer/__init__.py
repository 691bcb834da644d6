"""What comes in and goes out as files: spreadsheets read here, exports and backups beside them."""
