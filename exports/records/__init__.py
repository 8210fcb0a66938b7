"""What an export holds, as plain values: collected once, then drawn by a builder. Nothing here reads the database."""
