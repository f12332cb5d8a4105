"""The database: base class and types, engines, the one place that commits, migrations."""
