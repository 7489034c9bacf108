"""What the settings make of the environment, read by a process of its own."""

import os
import subprocess
import sys

from django.conf import settings

SHOWN = "from django.conf import settings; print(settings.EMAIL_FILE_PATH)"


def test_mail_kept_in_files_lies_where_the_address_says_wherever_the_process_was_started(tmp_path):
    known = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(settings.BASE_DIR)}
    environment = known | {"EMAIL_URL": f"filemail://{tmp_path}/mail"}
    command = [sys.executable, "-c", SHOWN]

    shown = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, check=True)

    assert shown.stdout.decode().strip() == f"{tmp_path}/mail"
