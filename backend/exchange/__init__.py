"""What leaves for other programs and comes from them: iCalendar, spreadsheets, QR codes."""
