"""Use cases of people: signing in, own accounts, groups, invitations."""

from dispatch.people.service.accounts import (
    change_language,
    change_password,
    change_profile,
    close,
    end_browser,
    restore,
    sign_out,
    sign_out_everywhere,
    suspend,
    switch_group,
    when_closed,
)
from dispatch.people.service.enrolling import (
    add_passkey,
    begin_app,
    confirm_app,
    make_codes,
    remove_app,
    remove_passkey,
)
from dispatch.people.service.freezes import ask_unfreeze, freeze
from dispatch.people.service.groups import change_group, change_limits, make_group
from dispatch.people.service.invitations import (
    accept_invitation,
    invite,
    make_steward,
    open_invitation,
    renew_invitation,
    revoke_invitation,
)
from dispatch.people.service.locking import lock_by_code, lock_own, unlock
from dispatch.people.service.notices import dismiss
from dispatch.people.service.proving import (
    finish_by_code,
    finish_by_passkey,
    prove_again_by_passkey,
    prove_again_by_typing,
    sign_in_by_passkey,
    standing_of,
)
from dispatch.people.service.pushing import subscribe, unsubscribe
from dispatch.people.service.renewing import ask_renewal
from dispatch.people.service.signing_in import Whence, mark_of, sign_in
from dispatch.people.service.tampering import tell_tampering

__all__ = [
    "Whence",
    "accept_invitation",
    "add_passkey",
    "ask_renewal",
    "ask_unfreeze",
    "begin_app",
    "change_group",
    "change_language",
    "change_limits",
    "change_password",
    "change_profile",
    "close",
    "confirm_app",
    "dismiss",
    "end_browser",
    "finish_by_code",
    "finish_by_passkey",
    "freeze",
    "invite",
    "lock_by_code",
    "lock_own",
    "make_codes",
    "make_group",
    "make_steward",
    "mark_of",
    "open_invitation",
    "prove_again_by_passkey",
    "prove_again_by_typing",
    "remove_app",
    "remove_passkey",
    "renew_invitation",
    "restore",
    "revoke_invitation",
    "sign_in",
    "sign_in_by_passkey",
    "sign_out",
    "sign_out_everywhere",
    "standing_of",
    "subscribe",
    "suspend",
    "switch_group",
    "tell_tampering",
    "unlock",
    "unsubscribe",
    "when_closed",
]
