"""What is read of the promise."""
