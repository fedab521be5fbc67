"""What is written of the promise."""
