"""What happened to an account is told until it was seen, and to nobody else."""

from datetime import datetime

from sqlalchemy.orm import Session

from dispatch.people import queries
from dispatch.people.factors.models import NoticeKind
from dispatch.people.service import notices
from tests.build import a_user, actor_for


def test_a_notice_is_told_until_it_was_seen(any_session: Session, now: datetime):
    rosa, tom = a_user(any_session), a_user(any_session)
    for kind in (NoticeKind.CODES_MADE, NoticeKind.CODE_USED):
        notices.tell(any_session, rosa, kind, now=now)
    notices.tell(any_session, tom, NoticeKind.LOCKED, now=now)
    told = [one.kind for one in queries.unseen_notices(any_session, rosa)]
    assert told == [NoticeKind.CODE_USED, NoticeKind.CODES_MADE]
    notices.dismiss(any_session, actor_for(rosa), rosa, now=now)
    assert queries.unseen_notices(any_session, rosa) == []
    assert [one.kind for one in queries.unseen_notices(any_session, tom)] == [NoticeKind.LOCKED]
