"""`python -m dispatch.i18n update [LANGUAGE …]` and `python -m dispatch.i18n compile`."""

import sys

from dispatch.i18n.catalogues import compile_catalogues, update_catalogues


def main(arguments: list[str]) -> int:
    """Run what was typed; its exit status."""
    match arguments:
        case ["compile"]:
            compile_catalogues()
        case ["update", *languages]:
            update_catalogues(languages)
        case _:
            sys.exit("usage: python -m dispatch.i18n update [LANGUAGE ...] | compile")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
