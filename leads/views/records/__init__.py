"""The pages of contacts and companies, merges and saved views."""
