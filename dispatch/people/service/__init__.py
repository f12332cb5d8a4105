"""Use cases of people: signing in, own accounts, groups, invitations."""

from dispatch.people.service.accounts import (
    change_language,
    change_password,
    change_profile,
    restore,
    sign_out,
    sign_out_everywhere,
    suspend,
    switch_group,
)
from dispatch.people.service.groups import change_group, change_limits, make_group
from dispatch.people.service.invitations import (
    accept_invitation,
    invite,
    make_steward,
    open_invitation,
    renew_invitation,
    revoke_invitation,
)
from dispatch.people.service.signing_in import Whence, mark_of, sign_in

__all__ = [
    "Whence",
    "accept_invitation",
    "change_group",
    "change_language",
    "change_limits",
    "change_password",
    "change_profile",
    "invite",
    "make_group",
    "make_steward",
    "mark_of",
    "open_invitation",
    "renew_invitation",
    "restore",
    "revoke_invitation",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
    "suspend",
    "switch_group",
]
