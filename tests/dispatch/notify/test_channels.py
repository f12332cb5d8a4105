"""Ways out of the house."""

from dispatch.notify.channels import NotSent, RefusedForGood, TryLater, Unclear
from dispatch.notify.mail import Mail
from dispatch.notify.models import Delivery
from dispatch.notify.sms import Sms


def test_the_name_of_each_channel_is_its_own_and_fits_its_column():
    names = {Mail.name, Sms.name}
    assert len(names) == 2
    assert 0 < max(map(len, names)) <= Delivery.__table__.c.channel.type.length


def test_each_failure_is_told_apart_and_says_its_trouble():
    kinds = (RefusedForGood, TryLater, Unclear)
    assert [one("away").trouble for one in kinds] == ["away"] * 3
    assert all(issubclass(one, NotSent) for one in kinds)
    assert not any(issubclass(one, two) for one in kinds for two in kinds if one is not two)
