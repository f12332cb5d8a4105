"""What can be done here has a name for the log and a sentence for people."""

import re

from dispatch.i18n import speaking
from dispatch.policy.actions import SENTENCES, Action


def test_every_action_has_a_sentence():
    assert set(SENTENCES) == set(Action)
    assert len({str(sentence) for sentence in SENTENCES.values()}) == len(Action)


def test_a_name_says_what_it_is_about_and_fits_the_log():
    for action in Action:
        assert re.fullmatch(r"[a-z]+:[a-z-]+", action.value)
        assert len(action.value) <= 40


def test_a_sentence_is_said_in_the_language_of_the_moment():
    sentence = SENTENCES[Action.SUBMIT_REQUEST]
    with speaking("en"):
        assert str(sentence) == "entered a request"
