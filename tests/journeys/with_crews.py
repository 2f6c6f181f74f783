"""`parvis serve` as the demo does it: connected to its road crews. A program of its own."""

import asyncio
import os

from parvis.app import create_app
from parvis.cli.troubles import read
from parvis.logs import begin_logging
from parvis.serving import listen, serve
from parvis_demo.crews.connecting import CREWS, connected, road_crews
from parvis_demo.of_crews import crews_of_the_demo


def main() -> None:
    settings = read(None)
    settings.plugins.update(crews_of_the_demo())
    begin_logging(settings)
    listening = listen(settings.host, settings.port)
    with road_crews(settings.data) as crews:
        assert crews is not None, "the plugin webhooks is not installed"
        settings = connected(settings, settings.data, crews)
        app = create_app(settings, environ=os.environ)
        app.state[CREWS] = crews
        asyncio.run(serve(app, settings, sockets=[listening]))


if __name__ == "__main__":
    main()
