"""A private Dovecot on loopback: Debian's packages unpacked by `.ci/unpack`, never installed, gone when standard input
closes. IMAP and POP3 with TLS from the first byte and by STARTTLS; one Maildir, `reports`.

Prints {"imap", "imaps", "pop3", "pop3s", "ca", "user", "password", "maildir"} when it answers, or {"skip": reason}.
"""

import os
import pwd
import signal
import socket
import subprocess
import sys
import tempfile
import time

from certificates import make_authority
from received import line
from unpacked import Missing, surroundings, unpacked

PASSWORD = "pass-word"
# Where the library looks for its TLS module, whatever the settings say.
BUILT_IN = b"/usr/lib/dovecot/modules\0"


def free_ports(count):
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def movable(root, folder):
    """The libraries as they are, but looking for modules in `folder`, which must be shorter than what Debian built in.
    Returns the environment that finds them."""
    place = os.path.join(folder, "lib")
    os.makedirs(place)
    os.symlink(os.path.join(root, "usr/lib/dovecot/modules"), os.path.join(folder, "modules"))
    mine = os.path.join(folder, "modules").encode().ljust(len(BUILT_IN), b"\0")
    assert len(mine) == len(BUILT_IN), "the folder's name is too long"
    library = "libdovecot.so.0"
    with open(os.path.join(root, "usr/lib/dovecot", library), "rb") as file:
        code = file.read()
    with open(os.path.join(place, library), "wb") as file:
        file.write(code.replace(BUILT_IN, mine))
    found = surroundings("dovecot")
    return {**found, "LD_LIBRARY_PATH": place + ":" + found["LD_LIBRARY_PATH"]}


def configure(root, folder, ports, libraries):
    ca, certificate, key = make_authority(folder)
    is_root = os.geteuid() == 0
    me = pwd.getpwuid(os.geteuid()).pw_name
    owner = "daemon" if is_root else me
    login = "nobody" if is_root else me
    maildir = os.path.join(folder, "mail/reports")
    for name in ("run", "state", "mail/reports/new", "mail/reports/cur", "mail/reports/tmp"):
        os.makedirs(os.path.join(folder, name))
    if is_root:
        entry = pwd.getpwnam(owner)
        for place, names, _ in os.walk(os.path.join(folder, "mail")):
            os.chown(place, entry.pw_uid, entry.pw_gid)
    imap, imaps, pop3, pop3s = ports
    text = f"""
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap pop3
listen = 127.0.0.1
libexec_dir = {root}/usr/lib/dovecot
mail_plugin_dir = {root}/usr/lib/dovecot/modules
import_environment = TZ LD_LIBRARY_PATH={libraries}
ssl = required
ssl_cert = <{certificate}
ssl_key = <{key}
auth_mechanisms = plain login
mail_location = maildir:{maildir}
first_valid_uid = 1
default_internal_user = {owner}
default_internal_group = {pwd_group(owner)}
default_login_user = {login}
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={owner} gid={pwd_group(owner)} home={folder}/mail/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = {pop3s}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
"""
    path = os.path.join(folder, "dovecot.conf")
    with open(path, "w") as file:
        file.write(text)
    return path, ca, maildir


def pwd_group(user):
    import grp

    return grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name


def answers(port):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.settimeout(5)
            return bool(connection.recv(64))
    except OSError:
        return False


def serve(root):
    """Until standard input closes; why it does not start, or None."""
    with tempfile.TemporaryDirectory(prefix="rd", dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        ports = free_ports(4)
        environment = movable(root, folder)
        path, ca, maildir = configure(root, folder, ports, environment["LD_LIBRARY_PATH"])
        # Dovecot would run doveconf from where Debian installs it; doveconf then runs it with its settings.
        process = subprocess.Popen(
            [f"{root}/usr/bin/doveconf", "-c", path, "-m", "master", "-p", "-e", f"{root}/usr/sbin/dovecot", "-F", "-c",
             path], env=environment, stdin=subprocess.DEVNULL,
            stdout=sys.stderr, stderr=sys.stderr, start_new_session=True)
        try:
            end = time.monotonic() + 60
            while not (answers(ports[0]) and answers(ports[2])):
                if process.poll() is not None or time.monotonic() > end:
                    log = os.path.join(folder, "log")
                    return open(log).read()[-2000:] if os.path.exists(log) else f"it ended with {process.returncode}"
                time.sleep(0.05)
            names = ("imap", "imaps", "pop3", "pop3s")
            print(line({**dict(zip(names, ports)), "ca": ca, "user": "reports", "password": PASSWORD,
                        "maildir": maildir}), flush=True)
            sys.stdin.read()
            return None
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(timeout=10)


def main():
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    try:
        root = unpacked("dovecot")
    except Missing as reason:
        print(line({"skip": str(reason)}), flush=True)
        return
    # The ports are free when they are chosen, and may be another program's when Dovecot takes them: others are tried.
    for _ in range(3):
        why = serve(root)
        if why is None:
            return
    print(line({"skip": "Dovecot does not start: " + why}), flush=True)


if __name__ == "__main__":
    main()
