"""What the demo's processes find in their environment. What the user has set there wins."""

import os
from pathlib import Path

from config.demo.ports import HOST

# looked at often, so that somebody who tries things out need not wait
SYNC_INTERVAL_SECONDS = 10


def local_folder(root: Path) -> Path:
    return Path(os.environ.get("LOCAL_DIR") or root / ".local").resolve()


def shared_environment(folder: Path, *, database_url: str, site_port: int, caldav_port: int) -> dict[str, str]:
    """What web, workers and commands given beside the demo have in common."""
    chosen = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "HOLDFAST_DEVELOPMENT": "true",
        "DATABASE_URL": database_url,
        "PUBLIC_BASE_URL": f"http://{HOST}:{site_port}",
        "SYNC_INTERVAL_SECONDS": str(SYNC_INTERVAL_SECONDS),
    }
    shared = {name: os.environ.get(name) or value for name, value in chosen.items()}
    allowed = (os.environ.get("CALDAV_ALLOWED_PRIVATE_HOSTS"), f"{HOST}:{caldav_port}")
    return shared | {"LOCAL_DIR": str(folder), "CALDAV_ALLOWED_PRIVATE_HOSTS": ",".join(filter(None, allowed))}
