"""What is read of people, teams, their time and their notices."""
