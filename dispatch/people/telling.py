"""What a person is told on the next page, about the own account as a rule, in sentences."""

from dispatch.i18n import gettext as _
from dispatch.people.factors.models import NoticeKind


def say_notice(kind: NoticeKind) -> str:
    """The sentence for what happened."""
    return {
        NoticeKind.PASSKEY_ADDED: _("A passkey was added to your account."),
        NoticeKind.PASSKEY_REMOVED: _("A passkey of your account was removed."),
        NoticeKind.APP_ADDED: _("An app for codes was added to your account."),
        NoticeKind.APP_REMOVED: _("The app for codes was removed from your account."),
        NoticeKind.CODES_MADE: _("A new sheet of codes was made. The old one is worth nothing."),
        NoticeKind.CODE_USED: _("One of your codes was used to sign in."),
        NoticeKind.PASSWORD_CHANGED: _("Your password was changed."),
        NoticeKind.RENEWAL_ASKED: _("Somebody asked for a new link to your account."),
        NoticeKind.RENEWED: _("Your account was opened anew with a link from two people."),
        NoticeKind.LOCKED: _("Your account was locked."),
        NoticeKind.UNLOCKED: _("Your account was unlocked."),
        NoticeKind.LOG_BROKEN: _("The log of who saw what was changed from outside."),
    }[kind]
