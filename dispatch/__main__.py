"""`python3 -m dispatch COMMAND`: the first step is into the project's own environment."""

import sys

from dispatch import bootstrap


def main() -> int:
    """Run the command that was typed; its exit status."""
    command, *rest = sys.argv[1:] or ["--help"]
    bootstrap.ensure("test" if command in ("test", "prove") else "run")
    # Only now are the libraries there.
    if command == "test":
        from tests import running

        return running.run(rest)
    if command == "prove":
        from tests.prove import running as proving

        return proving.run(rest)
    from dispatch import cli

    return cli.main([command, *rest])


if __name__ == "__main__":
    sys.exit(main())
