"""What is told about the own account."""

from dispatch.people.factors.models import NoticeKind
from dispatch.people.telling import say_notice


def test_every_notice_is_a_sentence_of_its_own():
    sentences = {say_notice(kind) for kind in NoticeKind}
    assert len(sentences) == len(NoticeKind)
    assert all(sentence.endswith(".") for sentence in sentences)
