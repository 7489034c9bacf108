"""Operators find every model in the administration, with search, and nothing secret (U5)."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from tests.factories import UserFactory

OURS = ("accounts", "availability", "bookings", "integrations")
MODELS = [model for label in OURS for model in apps.get_app_config(label).get_models()]


@pytest.fixture
def operator(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_model_has_a_list_that_can_be_searched(operator, model):
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")

    assert admin.site.get_model_admin(model).search_fields
    assert operator.get(page, {"q": "anything"}).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_form_opens_where_something_may_be_added(operator, model):
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")

    assert operator.get(page).status_code in (200, 403)


@pytest.mark.django_db
def test_members_of_an_account_are_no_operators(client):
    client.force_login(UserFactory())

    assert client.get(reverse("admin:index")).status_code == 302
