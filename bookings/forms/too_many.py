"""What somebody is told who meets a limit: one sentence, whichever limit it was and whoever they are."""

from django.utils.translation import gettext as _

from accounts.models import Account


def too_many_sentence(account: Account | None = None) -> str:
    """With the account's telephone and e-mail address, if it has any, as the way on."""
    so_far = _("Too much was asked for in a short time, so this was not done. Try again later.")
    ways = (account.phone, account.email) if account else ("", "")
    match ways:
        case "", "":
            return so_far
        case phone, "":
            way_on = _("Or call %(phone)s.") % {"phone": phone}
        case "", email:
            way_on = _("Or write to %(email)s.") % {"email": email}
        case phone, email:
            way_on = _("Or call %(phone)s, or write to %(email)s.") % {"phone": phone, "email": email}
    return f"{so_far} {way_on}"
