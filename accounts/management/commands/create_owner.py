"""Create the first owner of an account: user, account and membership in one go."""

import getpass
import os
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User, UserManager
from accounts.services.found import found_account


class Command(BaseCommand):
    help = "Creates a user and an account that belongs to them. The password is asked for, or read from OWNER_PASSWORD."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True, help="the owner's name")
        parser.add_argument("--account", required=True, help="the account's name")
        parser.add_argument("--slug", required=True, help="the account's part of public addresses")
        parser.add_argument("--time-zone", default="Europe/Berlin", help="IANA name")
        parser.add_argument("--operator", action="store_true", help="may also use the administration")

    def handle(self, *args: Any, **options: Any) -> None:
        password = os.environ.get("OWNER_PASSWORD") or getpass.getpass("Password: ")
        try:
            with transaction.atomic(durable=True):
                owner = _user(options, password)
                found_account(
                    name=options["account"], slug=options["slug"], owner=owner, time_zone=options["time_zone"]
                )
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self.stdout.write(self.style.SUCCESS(f"{owner.email} owns {options['account']}."))


def _user(options: dict[str, Any], password: str) -> User:
    existing = User.objects.filter(email=UserManager.normalize_email(options["email"])).first()
    if existing:
        return existing
    user = User(
        email=UserManager.normalize_email(options["email"]),
        name=options["name"],
        time_zone=options["time_zone"],
        is_staff=options["operator"],
        is_superuser=options["operator"],
    )
    validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    user.save()
    return user
