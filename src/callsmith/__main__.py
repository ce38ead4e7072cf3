"""``python -m callsmith``."""

from callsmith.cli import main

if __name__ == "__main__":
    main()
