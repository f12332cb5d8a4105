"""`python3 -m matching COMMAND`: the first step is into the project's own environment."""

import sys

from dispatch import bootstrap


def main() -> int:
    """Run the command that was typed; its exit status."""
    bootstrap.ensure("test" if sys.argv[1:2] == ["bench"] else "matching")
    # Only now are the libraries there.
    from matching import cli

    return cli.main(sys.argv[1:] or ["--help"])


if __name__ == "__main__":
    sys.exit(main())
