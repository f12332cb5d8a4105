"""What comes before anything sealed is shown: may they, noted, and the note made permanent."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.db.transactions import commit
from dispatch.policy import Action, Actor


def note_look(
    session: Session,
    actor: Actor,
    action: Action,
    thing: object,
    *,
    asked_about: object,
    uids: Mapping[str, UUID | None],
    now: datetime,
) -> None:
    """Return only when `actor` may see `thing` and the log says so for good: no note, no look.

    `asked_about` is what the law decides on, `uids` what the note names besides `thing`. Commits,
    because what is shown cannot be taken back by a rollback. A refusal is noted as well, in a
    transaction that holds nothing else.

    Raises
        Forbidden, NotFound: as `policy.require`.
    """
    if not policy.permits(actor, action, asked_about, now):
        session.rollback()
        audit.record(session, actor, action, thing, now=now, outcome=audit.REFUSED, **uids)
        commit(session)
        policy.require(actor, action, asked_about, now)
    audit.record(session, actor, action, thing, now=now, **uids)
    commit(session)
