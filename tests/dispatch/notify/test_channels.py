"""Ways out of the house."""

from dispatch.notify.channels import Gone, NotSent, RefusedForGood, TryLater, Unclear
from dispatch.notify.mail import Mail
from dispatch.notify.models import Delivery
from dispatch.notify.push.channel import Push
from dispatch.notify.sms import Sms


def test_the_name_of_each_channel_is_its_own_and_fits_its_column():
    names = {Mail.name, Push.name, Sms.name}
    assert len(names) == 3
    assert 0 < max(map(len, names)) <= Delivery.__table__.c.channel.type.length


def test_each_failure_is_told_apart_and_says_its_trouble():
    kinds = (RefusedForGood, TryLater, Unclear)
    assert [one("away").trouble for one in kinds] == ["away"] * 3
    assert all(issubclass(one, NotSent) for one in kinds)
    assert not any(issubclass(one, two) for one in kinds for two in kinds if one is not two)


def test_an_address_that_is_no_more_is_refused_for_good():
    assert issubclass(Gone, RefusedForGood)
