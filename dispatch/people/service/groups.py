"""Groups and their settings."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.errors import Stale
from dispatch.i18n import gettext as _
from dispatch.people import rules
from dispatch.people.forms import GroupSettings
from dispatch.people.models import Group
from dispatch.policy import Action, Actor


def make_group(session: Session, actor: Actor, settings: GroupSettings, *, now: datetime) -> Group:
    """A new group of nobody yet."""
    policy.require(actor, Action.MAKE_GROUP, None, now)
    group = Group(**asdict(settings), made_at=now)
    session.add(group)
    session.flush()
    audit.record(session, actor, Action.MAKE_GROUP, group, now=now, group_uid=group.uid)
    return group


def change_group(
    session: Session,
    actor: Actor,
    group: Group,
    settings: GroupSettings,
    *,
    version: str,
    now: datetime,
) -> None:
    """Change the settings of `group`; `version` is what `rules.version_of` said to the form.

    Raises
        Stale: somebody else changed them since.
    """
    policy.require(actor, Action.CHANGE_GROUP, group, now)
    if version != rules.version_of(group):
        raise Stale(
            _("Somebody else changed these settings meanwhile. Nothing of yours was saved.")
        )
    for name, value in asdict(settings).items():
        setattr(group, name, value)
    session.flush()
    audit.record(session, actor, Action.CHANGE_GROUP, group, now=now, group_uid=group.uid)
