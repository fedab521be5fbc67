"""What the pages of people and their time accept."""
