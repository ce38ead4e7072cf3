"""Sources that tools are read from, one module each."""
