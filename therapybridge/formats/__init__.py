"""The forms of dates and times, by locale; Django reads them for pages, forms and the admin site alike."""
