"""People in words."""

from collections.abc import Iterable

from django import template

from accounts.models import Member

register = template.Library()


@register.filter
def names(members: Iterable[Member]) -> str:
    """ "Ines Carstens, Emil Brandt" """
    return ", ".join(member.user.name for member in members)
