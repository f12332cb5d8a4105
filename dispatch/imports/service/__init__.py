"""Use cases of imports: one sheet in, all of its rows or none, and a report of every one."""

from dispatch.imports.service.sheets import import_sheet

__all__ = ["import_sheet"]
