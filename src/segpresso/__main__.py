"""``python -m segpresso``: the same as the command ``segpresso``."""

from segpresso.cli import main

if __name__ == "__main__":
    main()
