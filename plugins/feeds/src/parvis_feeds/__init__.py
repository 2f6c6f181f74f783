"""Requests in the formats that other tools read: maps, spreadsheets, reports and calendars."""
