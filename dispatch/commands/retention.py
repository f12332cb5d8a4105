"""`retention`: what is kept and for how long, and erasing what is due."""

import click
from sqlalchemy import select

from dispatch import app as application
from dispatch import clock, config, retention
from dispatch.commands.options import DATA
from dispatch.db import upgrade as schema
from dispatch.erasing.models import RetentionReport
from dispatch.erasing.service import running
from dispatch.people.models import Group


@click.group(name="retention")
def group() -> None:
    """What is kept, for how long, and what is due to be erased."""


@group.command(name="run")
@DATA
@click.option("--dry-run", is_flag=True, help="Count what would go, and erase nothing.")
def run_now(data_dir: str | None, dry_run: bool) -> None:
    """Erase what is due now. The worker does this every day; twice does no harm."""
    database = application.open_database(config.load(data_dir))
    schema.check(database.engine)
    if dry_run:
        click.echo("\n".join(lines(running.rehearse(database, now=clock.now()))))
        return
    report = running.run(database, now=clock.now())
    click.echo("\n".join(lines(report)))
    if not report.agrees:
        raise click.ClickException("The counts before and after do not agree.")


@group.command()
@DATA
def table(data_dir: str | None) -> None:
    """Print the table of what is kept, as each group has set it."""
    database = application.open_database(config.load(data_dir))
    with database.transaction(reads_only=True) as session:
        for one in session.scalars(select(Group).order_by(Group.name)):
            click.echo(one.name)
            for line in retention.table(one):
                click.echo(f"  {line.thing}: {line.kept} after {line.starts}; {line.ends}")


def lines(report: RetentionReport) -> list[str]:
    """A report for the terminal: what was due, what went, what was made, what is overdue."""
    erased = report.counts["erased"]
    said = []
    for term, due in report.counts["due"].items():
        rows = ", ".join(
            f"{table} {number}" for table, number in sorted(erased.get(term, {}).items())
        )
        said.append(f"{term}: {due} due" + (f"; rows: {rows}" if rows else ""))
    said += [f"counted in {table}: {made}" for table, made in report.counts["made"].items()]
    if report.is_rehearsal:
        return [*said, "Nothing was erased."]
    agree = "agree" if report.agrees else "DO NOT AGREE"
    return [*said, f"Before and after {agree}. Overdue: {report.overdue}."]
