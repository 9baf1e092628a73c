"""Personal data, duplicates, boilerplate and machines' messages out of chats, with a report of what was done."""
