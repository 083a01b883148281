"""Files that other tools open; ``docs/export.md`` says which tool opens which, and how."""
