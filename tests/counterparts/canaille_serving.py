"""Serves Canaille with its people in memory; run by its own environment: python canaille_serving.py SETTINGS.json"""

import json
import sys
from pathlib import Path

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from werkzeug.serving import make_server

given = json.loads(Path(sys.argv[1]).read_text())
port = given["port"]
app = create_app(
    {
        "SECRET_KEY": "a secret of tests",
        "SERVER_NAME": f"127.0.0.1:{port}",
        "PREFERRED_URL_SCHEME": "http",
        "CANAILLE": {"DATABASE": "memory", "ENABLE_REGISTRATION": False},
        "CANAILLE_OIDC": {"ACTIVE_JWKS": [given["key"]]},
    }
)
with app.app_context(), Backend.instance.session():
    for login, person in given["people"].items():
        groups = person.pop("groups", [])
        user = models.User(user_name=login, **person)
        Backend.instance.save(user)
        for name in groups:
            group = Backend.instance.get(models.Group, display_name=name) or models.Group(display_name=name)
            group.members = [*(group.members or []), user]
            Backend.instance.save(group)
    audience = given["client"].pop("audience", True)
    client = models.Client(**given["client"])
    Backend.instance.save(client)
    if audience:
        client.audience = [client]
        Backend.instance.save(client)
make_server("127.0.0.1", port, app, threaded=True).serve_forever()
