"""The built-in toolkits and lexicons, kept as data."""
