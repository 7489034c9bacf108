"""The site's settings, with an app more that writes the mails of the mail trials."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS as SITES_OWN

INSTALLED_APPS = [*SITES_OWN, "tests.flows.mail_workers.TrialMails"]
