from geogov.settings import *  # noqa: F403

LIVE_APP = "tests.tooling.live_app.Application"
