"""An MQTT broker for demos and tests: the machine's Mosquitto, else Debian's, unpacked below .local."""

import os
import shutil
import socket
from pathlib import Path

from scripts import debroot
from scripts.paths import BASE, state_dir
from scripts.supervisor import Program
from scripts.terminal import Stop

PORT = 1883
"""MQTT's own (IANA)."""

LIMITS = BASE / "broker/conf.d"
"""What is shipped about persistence and queues; the same for everybody."""

_OWN = """\
# Written at each start. This machine only, so nobody is asked who it is.
listener {port} 127.0.0.1
allow_anonymous true
persistence_location {data}/
user {user}
include_dir {limits}
"""


def command() -> tuple[Path, dict[str, str]]:
    """The broker's program, and the environment it needs; fetched when the machine has none.

    Raises:
        Stop: when it cannot be fetched.
    """
    if installed := shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"):
        return Path(installed), dict(os.environ)
    root = state_dir() / "mosquitto"
    debroot.unpack(root, _packages, "Mosquitto (MQTT)")
    libraries = ":".join(str(folder) for folder in root.glob("usr/lib/*-linux-gnu*"))
    return root / "usr/sbin/mosquitto", {**os.environ, "LD_LIBRARY_PATH": libraries}


def configure(folder: Path, port: int) -> Path:
    """Write the configuration of a broker that listens to this machine and keeps its messages in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "mosquitto.conf"
    user = "root" if os.geteuid() == 0 else "mosquitto"  # who it becomes when it is started as root
    path.write_text(_OWN.format(port=port, data=folder, user=user, limits=LIMITS), encoding="utf-8")
    return path


class Own:
    """The broker of ``./dev up --mqtt``: on this machine only, without accounts."""

    def __init__(self) -> None:
        """Find or fetch the program, and a port: MQTT's own, or another when that is taken."""
        program, env = command()
        port = free_port()
        self.url = f"mqtt://127.0.0.1:{port}"
        self.program = Program("broker", [str(program), "-c", str(configure(state_dir() / "broker", port))], env)


def free_port() -> int:
    """MQTT's own port, or another when that is taken."""
    for wanted in (PORT, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", wanted))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise Stop("There is no free port for the broker.")


def _packages(apt: debroot.Apt) -> list[str]:
    if "mosquitto" not in apt.names("mosquitto"):
        raise debroot.NotListedError("no mosquitto in the package lists")
    return ["mosquitto"]
