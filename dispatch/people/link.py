"""The page that shows an invitation link, once: to copy, to print, to scan."""

import segno
from flask import render_template
from markupsafe import Markup

from dispatch import i18n
from dispatch.db.transactions import vault_of
from dispatch.people import queries
from dispatch.people.models import Group, User
from dispatch.web import context
from dispatch.web.origin import public_url


def show_link(group: Group, user: User, code: str, *, back: str) -> str:
    """The page for the inviter; its card speaks the invited person's language.

    Answer the POST that made the link with it, do not redirect: the link is kept nowhere. `back`
    is the address of the way on.
    """
    link = public_url(f"/invite/{code}")
    square = segno.make(link, error="m", micro=False)
    name = queries.shown_name(user, vault_of(context.session()))
    with i18n.speaking(user.language):
        card = render_template(
            "people/card.html",
            group=group,
            name=name,
            link=link,
            # Drawn by segno from our own address.
            square=Markup(square.svg_inline(scale=5, border=3, light="#fff")),  # noqa: S704
        )
    return render_template(
        "people/link.html",
        name=name,
        link=link,
        card=Markup(card),  # noqa: S704 -- our own template, escaped when it was rendered
        back=back,
    )
