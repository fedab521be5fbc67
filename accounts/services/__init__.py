"""What is done to people, teams, their time and their notices."""
