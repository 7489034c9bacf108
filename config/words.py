"""Sentences that people here meet although they are not marked for translation where they stand; only the extraction
of messages reads this. Django's own are said anew in `locale/`, in English too; the others are kept in the database."""

from django.utils.translation import gettext_noop, ngettext_lazy

OF_DJANGO = (
    gettext_noop("This field is required."),
    gettext_noop("Enter a valid email address."),
    gettext_noop("Enter a whole number."),
    gettext_noop("Ensure this value is less than or equal to %(limit_value)s."),
    gettext_noop("Ensure this value is greater than or equal to %(limit_value)s."),
    gettext_noop("Select a valid choice. %(value)s is not one of the available choices."),
    gettext_noop("Select a valid choice. That choice is not one of the available choices."),
    gettext_noop("Null characters are not allowed."),
    gettext_noop("Email"),
    gettext_noop("Old password"),
    gettext_noop("New password confirmation"),
    gettext_noop("Enter the same password as before, for verification."),
    gettext_noop("Your old password was entered incorrectly. Please enter it again."),
    gettext_noop("The two password fields didn’t match."),
    gettext_noop("The password is too similar to the %(verbose_name)s."),
    gettext_noop("This password is too common."),
    gettext_noop("This password is entirely numeric."),
    gettext_noop("Your password can’t be too similar to your other personal information."),
    gettext_noop("Your password can’t be a commonly used password."),
    gettext_noop("Your password can’t be entirely numeric."),
)
COUNTED_BY_DJANGO = (
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        "min_length",
    ),
)
# what the adapters say of a server that cannot be read or written; the sync stores it
OF_THE_OUTSIDE = (
    gettext_noop("A secure connection to the server could not be made."),
    gettext_noop("No calendars were found at this address."),
    gettext_noop("Only https and http addresses can be used."),
    gettext_noop("Something lies in the event's place already."),
    gettext_noop("The address must not contain a user name or password."),
    gettext_noop("The connection was cut before the server's answer was complete."),
    gettext_noop("The event was changed meanwhile."),
    gettext_noop("The server cannot be reached."),
    gettext_noop("The server did not answer in time."),
    gettext_noop("The server does not accept this user name and password."),
    gettext_noop("The server does not let this login read here."),
    gettext_noop("The server does not let this login write here."),
    gettext_noop("The server does not take this event."),
    gettext_noop("The server failed over our question."),
    gettext_noop("The server fails over every object."),
    gettext_noop("The server has an event with this identity elsewhere."),
    gettext_noop("The server has nothing at this place."),
    gettext_noop("The server is too busy or down for maintenance."),
    gettext_noop("The server no longer knows how far we have read."),
    gettext_noop("The server refers to another server, which may not be asked."),
    gettext_noop("The server sends us elsewhere."),
    gettext_noop("The server sends us round in circles."),
    gettext_noop("The server's answer is compressed although it was asked not to be."),
    gettext_noop("The server's answer is not understandable."),
    gettext_noop("The server's answer is too large."),
    gettext_noop("The server's certificate could not be verified."),
    gettext_noop("The server's answer ends before the appointment is complete."),
    gettext_noop("The server does not search this calendar."),
    gettext_noop("The server's listing does not even name the calendar itself."),
    gettext_noop("The server's name could not be found."),
    gettext_noop("This address lies in a private network or on a port that may not be connected to."),
    gettext_noop("This is not a usable address."),
    gettext_noop("What answered is not a calendar server."),
)
